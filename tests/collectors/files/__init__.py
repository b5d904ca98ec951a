"""Files as a way in."""
