"""Whose goal it is and how well its source is known, in words."""

from config.domain.factors import Mark
from config.domain.goals import Level

LEVELS = {
    Level.EU: ("EU", "EU"),
    Level.NATION: ("riket", "national"),
    Level.REGION: ("regionen", "regional"),
    Level.MUNICIPALITY: ("kommunen", "municipal"),
    Level.COMPANY: ("bolag", "company"),
}
MARKS = {
    Mark.VERIFIED: ("sedd i första hand", "seen first-hand"),
    Mark.SECOND_HAND: ("sedd i andra hand", "seen second-hand"),
    Mark.DERIVED: ("egen räkning", "derived by us"),
    Mark.UNVERIFIED: ("obekräftad", "unverified"),
}
