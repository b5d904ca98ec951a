"""Tests of the deviations."""
