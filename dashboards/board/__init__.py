"""Dashboards for those who decide."""
