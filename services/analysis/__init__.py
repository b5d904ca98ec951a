"""Analysis: weather, models, factors and rules to values and frames. Pure: no clock, file, network or store."""
