"""Settled hours to published figures: sums with coverage and uncertainty, gates, longer periods, groups, ratios. Pure."""
