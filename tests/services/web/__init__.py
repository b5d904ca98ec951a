"""Tests of the built-in board."""
