"""Commands and wiring."""
