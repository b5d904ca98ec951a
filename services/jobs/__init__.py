"""Each job knows what is pending and does one task of it."""
