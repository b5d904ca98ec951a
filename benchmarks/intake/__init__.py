"""How fast messages go from the broker to the store, counted in the store."""
