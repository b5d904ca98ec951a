"""What metering points cost: dated price lists and settled hours to the lines of a bill. Pure."""
