"""The session with the broker: receive, journal, acknowledge."""
