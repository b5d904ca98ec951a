"""Registers to hours."""
