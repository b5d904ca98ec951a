"""The types that everyone speaks."""
