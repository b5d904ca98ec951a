"""A folder with everything that one figure was made of, so that anybody can make it again by hand, in a spreadsheet.

`figures.csv` and `steps.csv` lead from the figure down to the hours, `hours.csv` and `readings.csv` on to the meters; factors,
tariffs and areas lie in `configuration/` as they are now. docs/lineage.md tells the columns.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from config.domain.estate import MeteringPoint
from config.domain.figure_names import FigureName, period_name
from config.domain.indicators import INDICATORS, IndicatorValue, Missing
from config.domain.series import INTERVALS, PRICES, READINGS, SeriesQuery
from config.domain.weather import WeatherYears
from config.errors import ConfigurationError
from services.reports.lineage import Lineage, LineageReader, Step

AROUND = timedelta(days=1)  # readings before and after the period, which its first and last hours hang on
CONFIGURATION = ("portfolio", "factors", "tariffs", "weather", "calendar", "indoor")
Weather = Callable[[datetime, datetime], WeatherYears]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Sources:
    """Where an export takes from, besides the figures.

    Attributes:
        weather: days and normal days from one instant to another.
        configuration: the municipality's folder.
    """

    weather: Weather
    configuration: Path


def export_figure(
    reader: LineageReader,
    sources: Sources,
    name: FigureName,
    folder: Path,
    as_known: datetime | None = None,
    progress: Progress | None = None,
) -> Mapping[str, int]:
    """Write the folder; gives file → rows.

    Raises:
        FigureUnknown: no such figure is published.
        ConfigurationError: the folder has something in it already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConfigurationError(f"{folder}: is not empty; name a new folder, so that no two exports mix")
    told = progress or _quiet
    lineage = reader.explain(name, as_known)
    told("figures")
    steps = reader.upstream(name, as_known)
    values = reader.values([step.name for step in steps], as_known)
    start, end = min(value.period.start for value in values), max(value.period.end for value in values)
    points = reader.metering_points([step.name for step in steps])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figure.json").write_bytes(orjson.dumps(lineage_data(lineage), option=orjson.OPT_INDENT_2))
    rows = {"figures.csv": _figures(values, steps), "steps.csv": _steps(steps)}
    told("hours")
    rows["hours.csv"] = _hours(reader, points, start, end)
    told("readings")
    rows["readings.csv"] = _readings(reader, points, start, end)
    told("weather")
    found = sources.weather(start, end)
    rows["weather.csv"], rows["normal_days.csv"] = found.days, found.normal_days
    rows["prices.csv"] = reader.store.read(SeriesQuery(PRICES, start, end))
    rows["findings.csv"] = _findings(reader, points, start, end)
    for file, frame in rows.items():
        frame.write_csv(folder / file)
    kept = folder / "configuration"
    kept.mkdir()
    for stem in CONFIGURATION:
        for path in sorted(sources.configuration.glob(f"{stem}.y*ml")):
            shutil.copyfile(path, kept / path.name)
    return {file: frame.height for file, frame in rows.items()}


def lineage_data(lineage: Lineage) -> dict[str, object]:
    """The lineage as plain values, for JSON."""
    return {
        "figure": str(lineage.name),
        "indicator": asdict(lineage.indicator),
        "as_known": lineage.as_known,
        "known_from": lineage.known_from,
        "program": lineage.program,
        "period": {"start": lineage.value.period.start, "end": lineage.value.period.end, "zone": lineage.value.period.zone},
        **_value(lineage.value),
        "method": lineage.value.method,
        "factors": dict(lineage.value.factors),
        "rule": lineage.rule,
        "scale": lineage.scale,
        "inputs": [
            {
                "role": item.role,
                "name": item.name,
                "unit": item.unit,
                **_known(item.value),
                "known": item.known,
                "coverage": _coverage(item.figure),
            }
            for item in lineage.inputs
        ],
        "hours": [asdict(item) for item in lineage.hours],
        "findings": [asdict(item) for item in lineage.findings],
        "changes": [asdict(item) for item in lineage.changes],
        "versions": [
            {"known_from": item.known_from, "known_until": item.known_until, **item.fields} for item in lineage.versions
        ],
    }


def _value(value: IndicatorValue) -> dict[str, object]:
    return {**_known(value.value), "uncertainty": value.uncertainty, "coverage": value.coverage}


def _known(value: float | Missing) -> dict[str, object]:
    if isinstance(value, Missing):
        return {"value": None, "reason_sv": value.reason_sv, "reason_en": value.reason_en}
    return {"value": value}


def _coverage(value: IndicatorValue | None) -> float | None:
    return None if value is None else value.coverage


def _figures(values: Sequence[IndicatorValue], steps: Sequence[Step]) -> pl.DataFrame:
    rules = {str(step.name): step for step in steps}
    rows = []
    for value in values:
        name = FigureName(value.indicator, value.carrier, value.subject, value.period)
        missing = value.value if isinstance(value.value, Missing) else None
        rows.append(
            {
                "figure": str(name),
                "indicator": value.indicator,
                "carrier": value.carrier,
                "subject_kind": value.subject.kind.value,
                "subject": value.subject.id,
                "period": period_name(value.period),
                "start": value.period.start,
                "end": value.period.end,
                "value": None if missing else value.value,
                "unit": INDICATORS[value.indicator].unit,
                "uncertainty": value.uncertainty,
                "coverage": value.coverage,
                "method": value.method,
                "rule": rules[str(name)].rule,
                "factors": orjson.dumps(dict(value.factors), option=orjson.OPT_SORT_KEYS).decode(),
                "reason": missing.reason_sv if missing else "",
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _steps(steps: Sequence[Step]) -> pl.DataFrame:
    rows = [
        (
            str(step.name),
            step.rule,
            step.scale,
            item.role,
            item.name,
            None if isinstance(item.value, Missing) else item.value,
            item.unit,
            item.known,
        )
        for step in steps
        for item in step.inputs
    ]
    schema = {
        "figure": pl.String,
        "rule": pl.String,
        "scale": pl.Float64,
        "role": pl.String,
        "input": pl.String,
        "value": pl.Float64,
        "unit": pl.String,
        "known": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _hours(reader: LineageReader, points: Sequence[MeteringPoint], start: datetime, end: datetime) -> pl.DataFrame:
    where = {"point": tuple(item.id for item in points)}
    hours = reader.store.read(SeriesQuery(INTERVALS, start, end, where))
    return hours.with_columns(
        *(
            pl.when(pl.col(name) > 0).then(pl.col(name)).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC").alias(name)
            for name in ("span_start", "span_end")
        )
    )


def _readings(reader: LineageReader, points: Sequence[MeteringPoint], start: datetime, end: datetime) -> pl.DataFrame:
    ids = {item.id for item in points}
    meters = tuple(sorted({item.meter for item in reader.portfolio.installations if item.point in ids}))
    return reader.store.read(SeriesQuery(READINGS, start - AROUND, end + AROUND, {"meter": meters}))


def _findings(reader: LineageReader, points: Sequence[MeteringPoint], start: datetime, end: datetime) -> pl.DataFrame:
    rows = [
        (item.point, item.code.value, item.start, item.end, item.sentence_sv, orjson.dumps(item.evidence, default=str).decode())
        for point in points
        for item in reader.state.findings.of(point.id, start, end)
    ]
    time = pl.Datetime("us", "UTC")
    schema: dict[str, Any] = {
        **dict.fromkeys(("point", "code"), pl.String),
        **dict.fromkeys(("start", "end"), time),
        **dict.fromkeys(("sentence", "evidence"), pl.String),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _quiet(_: str) -> None:
    """No one is watching."""
