"""Tests of the archive of reports on the board."""
