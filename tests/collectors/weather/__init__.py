"""SMHI's answers, good and bad, played by a real server."""
