"""How far a reading reaches in time; what settles again after a change must look as far."""

from datetime import timedelta

NEIGHBOURS = timedelta(minutes=65)  # readings no further apart tell one hour from the next; an hourly one may be 5 minutes late
REACH = timedelta(hours=6)  # a reading may change the judgement of others this far away, and of the readings next to it
