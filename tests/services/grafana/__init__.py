"""Tests of what we make for Grafana."""
