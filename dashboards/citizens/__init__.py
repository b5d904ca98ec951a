"""Open figures, for everybody."""
