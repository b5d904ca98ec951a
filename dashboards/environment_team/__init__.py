"""Dashboards for those who follow up energy and climate."""
