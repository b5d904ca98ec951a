"""Decoders are proven by real messages."""
