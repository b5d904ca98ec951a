"""SHELF: one module a device family, each with a DECODER."""
