"""Tests of what people change on the board."""
