"""`energimonitor doctor`: questions answered by experiment, with what to do."""
