"""SHELF: one module an indicator, each with a CALCULATION. Pure. The seam is services/figures/calculation.py."""
