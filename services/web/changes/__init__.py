"""What people who have signed in do on the board: deviations, meter exchanges, actions; and the log of all changes."""
