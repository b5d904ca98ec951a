"""Months to longer periods, against the definition written out month by month."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from math import sqrt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.domain.periods import Period, local_date, month
from services.figures.calculation import Over
from services.figures.frames import FIGURES, TIME, completed
from services.figures.gates import NOT_INSTALLED
from services.figures.longer import Expected, longer
from services.figures.periods import first_of_month, longer_periods

ZONE = "Europe/Stockholm"
OVER = {"energy": Over.SUM, "peak_power": Over.MAX, "base_load": Over.NONE}
FIRST = date(2025, 1, 1)
LAST = date(2026, 12, 31)
UNTIL = datetime(2026, 12, 20, 9, tzinfo=UTC)  # the last month is not over
SINCE = {"skola": datetime(2025, 3, 10, 8, tzinfo=UTC)}  # the hall's meters are older than we know
EXPECTED = Expected(
    0.9,
    UNTIL,
    pl.DataFrame(
        [("building", subject, "", since, None) for subject, since in SINCE.items()],
        schema={
            **dict.fromkeys(("subject_kind", "subject", "carrier"), pl.String),
            **dict.fromkeys(("installed_from", "installed_to"), TIME),
        },
        orient="row",
    ),
)
NAMES = ("Januari", "Februari", "Mars", "April", "Maj", "Juni", "Juli", "Augusti", "September", "Oktober", "November", "December")

monthly = st.fixed_dictionaries(
    {
        "value": st.one_of(st.none(), st.integers(0, 9).map(float)),
        "uncertainty": st.integers(0, 3).map(float),
        "coverage": st.sampled_from([0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0]),
        "method": st.sampled_from(["measured", "estimated"]),
        "lacks": st.sampled_from(["coverage", "input"]),
        "factors": st.sampled_from(["{}", '{"el":"2024"}', '{"el":"2025"}', '{"varme":"a"}']),
    }
)
subjects = st.dictionaries(
    st.tuples(st.sampled_from(sorted(OVER)), st.sampled_from(["skola", "hall"])),
    st.dictionaries(st.integers(0, 23), monthly, min_size=1),
    min_size=1,
)


def figures(of: dict[tuple[str, str], dict[int, dict[str, Any]]]) -> pl.DataFrame:
    rows = []
    for (indicator, subject), months in of.items():
        for number, given_ in months.items():
            period = month(first_of_month(FIRST, number), ZONE)
            rows.append(
                {
                    "indicator": indicator,
                    "subject_kind": "building",
                    "subject": subject,
                    "period": "month",
                    "start": period.start,
                    "end": period.end,
                    "zone": ZONE,
                    "calculation": f"{indicator}-{number}",
                    "reason": f"skäl {number}",
                    "reason_en": f"reason {number}",
                    **given_,
                }
            )
    schema = {name: kind for name, kind in FIGURES.items() if name in rows[0]}
    return completed(pl.DataFrame(rows, schema=schema))


def months_in(period: Mapping[str, Any]) -> list[Period]:
    firsts = [first_of_month(period["first_day"], n) for n in range(12)]
    return [month(first, ZONE) for first in firsts if first <= period["last_day"]]


def installed(of: Period, subject: str) -> float:
    """Hours of a month that the subject's meter was installed, until now."""
    hours = (min(of.end, UNTIL) - max(of.start, SINCE.get(subject, of.start))).total_seconds() / 3600
    return max(0.0, hours)


def by_hand(months: Sequence[dict[str, Any]], how: Over, period: Mapping[str, Any]) -> dict[str, Any]:
    """One subject's months within the period, in order, at least one. What a gate closed counts with what is known of it."""
    months = [row | {"value": row["partial"]} if row["lacks"] == "coverage" and row["coverage"] else row for row in months]
    hours, subject = (period["end"] - period["start"]).total_seconds() / 3600, months[0]["subject"]
    length = [(row["end"] - row["start"]).total_seconds() / 3600 for row in months]
    values = [row["value"] for row in months]
    given_ = [row for row in months if row["value"] is not None]
    lacking = [row for row in months if row["value"] is None and row["lacks"] == "input"]
    most = max((row for row in reversed(given_)), key=lambda row: row["value"], default=None)
    covered = sum(row["coverage"] * n for row, n in zip(months, length, strict=True))
    if how is Over.SUM:
        total = sum(row["partial"] for row in months)
        heard = {row["start"] for row in months if row["value"] is not None or row["lacks"] == "input"}
        unsure = {row["start"]: row["uncertainty"] for row in months}
        silent = sum(
            max(0.0, total / covered * installed(item, subject) - unsure.get(item.start, 0.0))
            for item in months_in(period)
            if covered and item.start not in heard
        )
        uncertainty = sqrt(sum(row["uncertainty"] ** 2 for row in months)) + silent
        of: dict[str, set[str]] = {}
        for row in months:
            for name, version in json.loads(row["factors"]).items():
                of.setdefault(name, set()).add(version)
        factors = {name: " + ".join(sorted(versions)) for name, versions in of.items()}
    else:
        total = most["value"] if most else 0.0
        uncertainty = (most or months[-1])["uncertainty"]
        factors = json.loads(most["factors"]) if most else {}
    known = {row["start"]: row for row in months}
    low = [item for item in months_in(period) if item.start not in known or known[item.start]["coverage"] < 0.9]
    any_given = not lacking and any(value is not None for value in values)
    whole = any_given and not low
    coverage = covered / max(sum(length), hours)
    told = (lacking or [row for row in months if row["value"] is None] or [{"reason": ""}])[0]["reason"]
    measured = all(row["method"] == "measured" for row in months) and coverage >= 0.9995
    return {
        "value": total if whole else None,
        "partial": total,
        "uncertainty": uncertainty,
        "coverage": coverage,
        "weight": sum(row["weight"] for row in months),
        "method": "missing" if not whole else "measured" if measured else "estimated",
        "reason": "" if whole else said(low, known, subject) if any_given else told,
        "lacks": "" if whole else "input" if lacking else "coverage",
        "calculation": months[-1]["calculation"],
        "factors": factors,
    }


def said(low: Sequence[Period], known: Mapping[Any, dict[str, Any]], subject: str) -> str:
    on = local_date(low[0].start, ZONE)
    first, others = f"{NAMES[on.month - 1]} {on.year}", len(low) - 1
    text = f"{first} och {others} månad{'er' if others > 1 else ''} till är kända" if others else f"{first} är känd"
    row = known.get(low[0].start, {"value": 0.0})
    own = NOT_INSTALLED[0] if not installed(low[0], subject) else row["reason"] if row["value"] is None else ""
    return f"{text} till mindre än 90 %" + (f". {first}: {own}" if own else ": läs in det som fattas.")


@settings(max_examples=40, deadline=None)
@given(of=subjects)
def test_longer_periods_are_what_their_months_make(of: dict[tuple[str, str], dict[int, dict[str, Any]]]) -> None:
    """Sums, greatest ones, holes, factors of several versions, all periods of two years."""
    months = figures(of)
    periods = longer_periods([first_of_month(FIRST, n) for n in range(24)], ZONE, LAST)
    found = {
        (row["indicator"], row["subject"], row["period"], row["start"], row["end"]): row
        for row in longer(months, periods, OVER, EXPECTED).iter_rows(named=True)
    }

    expected = {}
    rows = months.filter(pl.col("indicator") != "base_load").sort("start").rows(named=True)
    for period in periods.iter_rows(named=True):
        for indicator, subject in {(row["indicator"], row["subject"]) for row in rows}:
            within = [
                row
                for row in rows
                if (row["indicator"], row["subject"]) == (indicator, subject) and period["start"] <= row["start"] < period["end"]
            ]
            if within:
                key = (indicator, subject, period["period"], period["start"], period["end"])
                expected[key] = by_hand(within, OVER[indicator], period)
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        got = {name: found[key][name] for name in row} | {"factors": json.loads(found[key]["factors"])}
        assert got == {name: pytest.approx(value, abs=1e-8) if isinstance(value, float) else value for name, value in row.items()}


@settings(max_examples=40, deadline=None)
@given(of=subjects, alone=st.integers(0, 200))
def test_a_period_by_itself_has_the_bits_it_has_among_others(
    of: dict[tuple[str, str], dict[int, dict[str, Any]]], alone: int
) -> None:
    """One late day makes a few periods again, and they must equal what everything at once gives."""
    months = figures(of)
    periods = longer_periods([first_of_month(FIRST, n) for n in range(24)], ZONE, LAST)
    one = periods.slice(alone % periods.height, 1)
    start, end = one.row(0)[1:3]
    within = months.filter((pl.col("start") >= start) & (pl.col("start") < end))

    order = ["indicator", "carrier", "subject"]
    by_itself = longer(within, one, OVER, EXPECTED).sort(order)
    assert by_itself.equals(
        longer(months, periods, OVER, EXPECTED).join(one, on=["period", "start", "end"], how="semi").sort(order)
    )
