"""The ground: errors, sentences in every language, files, and tables for a terminal."""
