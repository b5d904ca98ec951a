"""Day-ahead prices, played by a real server."""
