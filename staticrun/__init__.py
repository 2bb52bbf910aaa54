"""Experiment tracking without a server."""
