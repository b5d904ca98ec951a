"""Mail out of the house: one message to one address over SMTP. Alerts and reports stand on it."""
