"""The open data API."""
