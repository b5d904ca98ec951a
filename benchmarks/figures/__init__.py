"""From registers to every figure."""
