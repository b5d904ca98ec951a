"""Registers and hourly use out of CSV and Parquet files."""
