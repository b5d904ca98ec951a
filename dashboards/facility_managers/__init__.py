"""Dashboards for those who run the buildings."""
