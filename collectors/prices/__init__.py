"""Day-ahead prices of electricity, from a service or from its saved answers."""
