"""The open data API: what the portfolio marks public, as tables that anybody may use (docs/open-data.md)."""
