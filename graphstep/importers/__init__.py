"""Graphs from elsewhere: Python functions."""
