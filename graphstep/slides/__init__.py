"""Decks of slides: what is on them, and how a figure shares a slide with its words."""
