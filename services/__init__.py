"""What is made of the readings: stores, settlement, indicators, jobs, pages."""
