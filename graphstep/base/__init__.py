"""The ground: errors, sentences in every language, files and tables of a terminal."""
