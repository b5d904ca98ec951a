"""The state: SQLite."""
