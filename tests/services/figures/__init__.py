"""Settled hours to figures."""
