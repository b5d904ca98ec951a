"""Grafana's JSON out of our dashboards, and its provisioning."""
