"""What is read back of published figures: as they are, as they were known then, and how they came about."""
