"""Figures made again from their definitions, sharing no code with the product."""
