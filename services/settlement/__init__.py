"""Registers to hourly intervals. Pure."""
