"""Shelf of deviations: one module a kind, each with a `DETECTOR`; modules that begin with an underscore are its parts. Pure."""
