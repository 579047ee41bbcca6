"""Figures and decks that step in a browser."""
