"""Months to longer periods, against the definition written out month by month."""

import json
from collections.abc import Sequence
from datetime import date
from math import sqrt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.domain.periods import month
from services.figures.calculation import Over
from services.figures.frames import FIGURES, completed
from services.figures.longer import longer
from services.figures.periods import first_of_month, longer_periods

ZONE = "Europe/Stockholm"
OVER = {"energy": Over.SUM, "peak_power": Over.MAX, "base_load": Over.NONE}
FIRST = date(2025, 1, 1)
LAST = date(2026, 12, 31)

monthly = st.fixed_dictionaries(
    {
        "value": st.one_of(st.none(), st.integers(0, 9).map(float)),
        "uncertainty": st.integers(0, 3).map(float),
        "coverage": st.sampled_from([0.0, 0.5, 1.0]),
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


def by_hand(months: Sequence[dict[str, Any]], how: Over, hours: float) -> dict[str, Any]:
    """One subject's months within the period, in order, at least one. What a gate closed counts with what is known of it."""
    months = [row | {"value": row["partial"]} if row["lacks"] == "coverage" and row["coverage"] else row for row in months]
    length = [(row["end"] - row["start"]).total_seconds() / 3600 for row in months]
    values = [row["value"] for row in months]
    given_ = [row for row in months if row["value"] is not None]
    lacking = [row for row in months if row["value"] is None and row["lacks"] == "input"]
    most = max((row for row in reversed(given_)), key=lambda row: row["value"], default=None)
    if how is Over.SUM:
        total = sum(row["partial"] for row in months)
        uncertainty = sqrt(sum(row["uncertainty"] ** 2 for row in months))
        of: dict[str, set[str]] = {}
        for row in months:
            for name, version in json.loads(row["factors"]).items():
                of.setdefault(name, set()).add(version)
        factors = {name: " + ".join(sorted(versions)) for name, versions in of.items()}
    else:
        total = most["value"] if most else 0.0
        uncertainty = (most or months[-1])["uncertainty"]
        factors = json.loads(most["factors"]) if most else {}
    whole = not lacking and any(value is not None for value in values)
    coverage = sum(row["coverage"] * n for row, n in zip(months, length, strict=True)) / max(sum(length), hours)
    told = (lacking or [row for row in months if row["value"] is None] or [{"reason": ""}])[0]
    measured = all(row["method"] == "measured" for row in months) and coverage >= 0.9995
    return {
        "value": total if whole else None,
        "partial": total,
        "uncertainty": uncertainty,
        "coverage": coverage,
        "weight": sum(row["weight"] for row in months),
        "method": "missing" if not whole else "measured" if measured else "estimated",
        "reason": "" if whole else told["reason"],
        "lacks": "" if whole else "input" if lacking else "coverage",
        "calculation": months[-1]["calculation"],
        "factors": factors,
    }


@settings(max_examples=40)
@given(of=subjects)
def test_longer_periods_are_what_their_months_make(of: dict[tuple[str, str], dict[int, dict[str, Any]]]) -> None:
    """Sums, greatest ones, holes, factors of several versions, all periods of two years."""
    months = figures(of)
    periods = longer_periods([first_of_month(FIRST, n) for n in range(24)], ZONE, LAST)
    found = {
        (row["indicator"], row["subject"], row["period"], row["start"], row["end"]): row
        for row in longer(months, periods, OVER).iter_rows(named=True)
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
                hours = (period["end"] - period["start"]).total_seconds() / 3600
                key = (indicator, subject, period["period"], period["start"], period["end"])
                expected[key] = by_hand(within, OVER[indicator], hours)
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        got = {name: found[key][name] for name in row} | {"factors": json.loads(found[key]["factors"])}
        assert got == {name: pytest.approx(value, abs=1e-8) if isinstance(value, float) else value for name, value in row.items()}


@settings(max_examples=40)
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
    by_itself = longer(within, one, OVER).sort(order)
    assert by_itself.equals(longer(months, periods, OVER).join(one, on=["period", "start", "end"], how="semi").sort(order))
