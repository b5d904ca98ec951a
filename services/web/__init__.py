"""The built-in board and the pages around it."""
