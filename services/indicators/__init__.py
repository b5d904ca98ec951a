"""SHELF: one module an indicator, each with a CALCULATION. Pure."""
