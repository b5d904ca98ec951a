"""Composition root: wiring, timetable, commands, doctor. Nobody imports it."""
