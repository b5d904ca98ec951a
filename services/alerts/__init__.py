"""Alerts: what holds, who is told of it, once, and what became of the message."""
