"""Documents to hold against a report: what it prints, and a report whose every word is hostile."""

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from config.domain.periods import Period
from services.reports.printing import PrintedReport, PrintedTable, printed
from services.reports.report import Publication, Words
from tests.services.reports.example_report import REISSUED

HOSTILE = "</title><script>alert(1)</script> \"x\" 'y' & {{ 7*7 }}"


def texts_of(tables: Iterable[PrintedTable]) -> list[str]:
    """Every text of the tables."""
    found = []
    for table in tables:
        found += [table.caption, table.corner, table.note, *(head.text for head in table.heads)]
        found += [reason for _, reason in table.reasons]
        for row in table.rows:
            found += [row.text, *(cell.text for cell in row.cells)]
    return [each for each in found if each]


def one_line(text: str) -> str:
    """White space of every kind and length is one space: how a text is broken into lines says nothing."""
    return re.sub(r"\s+", " ", text).strip()


def lost(texts: Iterable[str], document: str) -> list[str]:
    """Those of the texts that the document does not have."""
    whole = one_line(document)
    return [text for text in texts if one_line(text) not in whole]


def hostile(publication: Publication) -> PrintedReport:
    """The report with its words replaced by ones that try to be markup."""
    return printed(_hostile(publication), "sv")


def _hostile(value: Any) -> Any:
    if isinstance(value, Words):
        return Words(value.sv and HOSTILE, value.en and HOSTILE)
    if isinstance(value, tuple):
        return tuple(_hostile(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type | Enum | Period):
        return replace(value, **{each.name: _hostile(getattr(value, each.name)) for each in fields(value) if each.init})
    return value


HOSTILE_REPORT = hostile(REISSUED)
