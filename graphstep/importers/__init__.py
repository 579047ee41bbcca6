"""Importers: graphs from Python functions."""
