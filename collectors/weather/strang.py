"""SMHI's radiation model STRÅNG at one position: hourly global irradiance where no station measures it.

Format: opendata.smhi.se/apidocs/strang: an array of {"date_time": RFC 3339, "value": number}. Parameter 117 is global irradiance;
118 is direct normal, which public code has taken for it (domain facts 7 and trap 8). Values are of the full hour's instant, UTC,
by a model whose hourly error is some 30 % (strang.smhi.se), and are marked as modelled. An hour's mean is that of its two ends,
filed where a station's would be: at the hour's end.
"""

from datetime import UTC, date, datetime, timedelta

import msgspec
import polars as pl

from collectors.weather.answer import Answer, judged, text_of
from collectors.weather.fetching import PoliteFetcher
from config.domain.clock import Clock
from config.domain.weather import TIME, Quality, Station, StationValues, WeatherQuantity
from config.errors import WeatherError

STRANG_HOST = "https://opendata-download-metanalys.smhi.se"
GLOBAL_IRRADIANCE = 117
FIRST_YEAR = 1999
RUNNING_EVERY = timedelta(hours=12)
PAST_EVERY = timedelta(days=60)
_SETTLED = timedelta(days=60)  # a year is past when it ended so long ago: the newest months are calculated anew
_HOUR = timedelta(hours=1)


class _Point(msgspec.Struct):
    date_time: datetime
    value: float | None = None


class Strang:
    """The model behind `base`, from the year of `since` on; asked for a calendar year at a time, since long spans are slow."""

    def __init__(self, fetcher: PoliteFetcher, clock: Clock, since: date, base: str = STRANG_HOST) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._since = since
        self._base = base.rstrip("/")

    def values(self, station: Station) -> StationValues:
        """The hours of the position.

        Raises:
            WeatherError: an answer cannot be used, or the station has no position.
        """
        if station.latitude is None or station.longitude is None:
            raise WeatherError(f"{station.id}: the model needs a position; give latitude and longitude in weather.yaml")
        now = self._clock.now()
        answers = [self._year(station, year, now) for year in range(max(self._since.year, FIRST_YEAR), now.year + 1)]
        instants = pl.concat([answer.values for answer in answers]).unique("time", keep="last", maintain_order=True).sort("time")
        findings = tuple(finding for answer in answers for finding in answer.findings)
        return StationValues(WeatherQuantity.GLOBAL_IRRADIANCE, station.id, hour_means(instants), None, findings)

    def _year(self, station: Station, year: int, now: datetime) -> Answer:
        url = (
            f"{self._base}/api/category/strang1g/version/1/geotype/point/lon/{station.longitude:.4f}/lat/{station.latitude:.4f}"
            f"/parameter/{GLOBAL_IRRADIANCE}/data.json?from={year}-01-01&to={year + 1}-01-01&interval=hourly"
        )
        is_past = now - datetime(year + 1, 1, 1, tzinfo=UTC) > _SETTLED
        every = PAST_EVERY if is_past else RUNNING_EVERY
        return self._fetcher.fetch(url, every, lambda content: read_strang(content, station, url))


def read_strang(content: bytes, station: Station, source: str) -> Answer:
    """The instants of an answer.

    Raises:
        WeatherError: it is not the array that is documented, or not in W/m².
    """
    text = text_of(content, source, station.id, "JSON")
    try:
        points = msgspec.json.decode(text, type=list[_Point])
    except msgspec.MsgspecError as error:
        raise WeatherError(f"{source}: {station.id}: no list of values ({error}); has the format changed?") from error
    rows = [
        (_utc(point.date_time), point.value, Quality.MODEL.value if point.value is not None else None, point.value is not None)
        for point in points
    ]
    schema = pl.Schema([("time", TIME), ("value", pl.Float64), ("quality", pl.String), ("given", pl.Boolean)])
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return judged(table, WeatherQuantity.GLOBAL_IRRADIANCE, station.id, station.name, source)


def hour_means(instants: pl.DataFrame) -> pl.DataFrame:
    """The mean of each hour of which both ends are there, at its end. Columns `VALUES`, by time, in and out."""
    before = instants.select(pl.col("time") + _HOUR, pl.col("value").alias("at_start"))
    return (
        instants.join(before, on="time")
        .select("time", ((pl.col("value") + pl.col("at_start")) / 2).alias("value"), "quality")
        .sort("time")
    )


def _utc(instant: datetime) -> datetime | None:
    """None of a wall clock without a zone and of a time outside the calendar, which are then unreadable."""
    try:
        return None if instant.tzinfo is None else instant.astimezone(UTC)
    except OverflowError:
        return None
