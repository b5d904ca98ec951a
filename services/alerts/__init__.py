"""Tells people, machines and outside watchers what happened: once, grouped, and with its end."""
