"""Kolada, played by a real server."""
