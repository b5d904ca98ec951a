"""The archive of reports on the board: what was published, as published and as known now, and to whom it went."""
