"""What is not a time series: dirty hours, dead letters, runs, devices seen (SQLite)."""
