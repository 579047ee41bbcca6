"""Figures and decks on paper: PDF through Typst, LaTeX with Beamer and TikZ."""
