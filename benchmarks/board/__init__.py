"""How fast the board is."""
