"""SMHI's observations of one quantity at one station: the checked archive joined to the newest months.

The archive leaves out the running month and the three whole ones before it, which are still being checked; the newest months are
about four. Where both have an instant the checked value counts; of two alike the archive's, which is the later work. A station
that closed has an archive and no newest months; a new one the other way round; both are used as they are and said.

Source: SMHI öppna data, meteorologiska observationer, CC BY 4.0 (domain facts 7).
"""

from datetime import timedelta

import polars as pl

from collectors.weather.answer import Answer
from collectors.weather.fetching import Absent, PoliteFetcher
from collectors.weather.parameters import PARAMETERS
from collectors.weather.smhi_csv import read_csv
from collectors.weather.smhi_json import read_json
from collectors.weather.stations import Listed, nearest_active, read_stations
from collectors.weather.strang import Strang
from config.domain.weather import (
    MODELLED,
    VALUES,
    Quality,
    Station,
    StationValues,
    WeatherFinding,
    WeatherFindingCode,
    WeatherQuantity,
)
from config.errors import WeatherError, WeatherUnavailable

HOST = "https://opendata-download-metobs.smhi.se"
ARCHIVE_EVERY = timedelta(days=7)  # it grows by a month each month, and is corrected now and then
STATIONS_EVERY = timedelta(days=7)


class SmhiObservations:
    """One SMHI, or a mirror of it, behind `base`."""

    def __init__(self, fetcher: PoliteFetcher, base: str = HOST, model: Strang | None = None) -> None:
        """
        Args:
            model: gives the values of the station `MODELLED`.
        """
        self._fetcher = fetcher
        self._base = base.rstrip("/")
        self._model = model

    def values(self, quantity: WeatherQuantity, station: Station) -> StationValues:
        """All that SMHI has of the station, archive and newest months.

        Where only one of the two can be used the other's trouble is a finding.

        Raises:
            WeatherUnavailable: neither was answered, and time heals at least one.
            WeatherError: neither can be used.
        """
        if station.id == MODELLED and self._model is not None:
            return self._model.values(station)
        troubles: list[WeatherError] = []
        archive = self._archive(quantity, station, troubles)
        latest = self._latest(quantity, station, troubles)
        if archive is None and latest is None:
            raise self._worst(quantity, station, troubles)
        findings = [finding for answer in (archive, latest) if answer is not None for finding in answer.findings]
        findings += [self._said(quantity, station, trouble, has_archive=archive is not None) for trouble in troubles]
        if latest is not None and latest.values.is_empty():
            findings.append(_nothing_new(quantity, station))
        has_checked = archive is not None and not archive.values.is_empty()
        checked = (archive.values["time"][0], archive.values["time"][-1]) if archive is not None and has_checked else None
        return StationValues(quantity, station.id, joined(archive, latest), checked, tuple(findings))

    def _archive(self, quantity: WeatherQuantity, station: Station, troubles: list[WeatherError]) -> Answer | None:
        url = self._data(quantity, station, "corrected-archive", "csv")
        try:
            return self._fetcher.fetch(url, ARCHIVE_EVERY, lambda content: read_csv(content, url, quantity, station.id))
        except WeatherError as error:
            troubles.append(error)
            return None

    def _latest(self, quantity: WeatherQuantity, station: Station, troubles: list[WeatherError]) -> Answer | None:
        url = self._data(quantity, station, "latest-months", "json")
        every = PARAMETERS[quantity].latest_every
        try:
            return self._fetcher.fetch(url, every, lambda content: read_json(content, quantity, station.id, url))
        except WeatherError as error:
            troubles.append(error)
            return None

    def _data(self, quantity: WeatherQuantity, station: Station, period: str, kind: str) -> str:
        number = PARAMETERS[quantity].number
        return f"{self._base}/api/version/1.0/parameter/{number}/station/{station.id}/period/{period}/data.{kind}"

    def _listed(self, quantity: WeatherQuantity) -> tuple[Listed, ...]:
        """The parameter's stations; none where the list cannot be had, since it only makes words better."""
        url = f"{self._base}/api/version/1.0/parameter/{PARAMETERS[quantity].number}.json"
        try:
            return self._fetcher.fetch(url, STATIONS_EVERY, lambda content: read_stations(content, url))
        except WeatherError:
            return ()

    def _worst(self, quantity: WeatherQuantity, station: Station, troubles: list[WeatherError]) -> WeatherError:
        """The error to raise where nothing could be used: what time heals first, then what SMHI said."""
        for trouble in troubles:
            if isinstance(trouble, WeatherUnavailable):
                return trouble
        for trouble in troubles:
            if not isinstance(trouble, Absent):
                return trouble
        way_out, _ = self._way_out(quantity, station)
        return WeatherError(f"{troubles[0]}; {_named(station)} has no {quantity.value} at SMHI. {way_out}")

    def _said(self, quantity: WeatherQuantity, station: Station, trouble: WeatherError, *, has_archive: bool) -> WeatherFinding:
        """Half of the station's values are there; what became of the other half."""
        if not isinstance(trouble, Absent):
            return WeatherFinding(
                WeatherFindingCode.REFUSED,
                quantity,
                station.id,
                f"{_named(station)}: ett av SMHI:s två svar gick inte att använda: {trouble}",
                f"{_named(station)}: one of SMHI's two answers could not be used: {trouble}",
            )
        if not has_archive:
            return WeatherFinding(
                WeatherFindingCode.NO_ARCHIVE,
                quantity,
                station.id,
                f"{_named(station)}: SMHI har inget granskat arkiv för stationen; bara de senaste månaderna är kända",
                f"{_named(station)}: SMHI has no checked archive of the station; only the newest months are known",
            )
        way_out, way_out_sv = self._way_out(quantity, station)
        return WeatherFinding(
            WeatherFindingCode.STATION_CLOSED,
            quantity,
            station.id,
            f"{_named(station)}: SMHI har inga nya värden, bara arkivet; nya dygn fylls från nästa station. {way_out_sv}",
            f"{_named(station)}: SMHI has no new values, only the archive; new days are filled from the next station. {way_out}",
        )

    def _way_out(self, quantity: WeatherQuantity, station: Station) -> tuple[str, str]:
        """English and Swedish: what SMHI's list says of the station, and which one to take instead."""
        listed = self._listed(quantity)
        own = next((item for item in listed if item.id == station.id), None)
        closed = closed_sv = ""
        if own is not None and not own.active and own.until is not None:
            closed, closed_sv = f"It closed on {own.until:%Y-%m-%d}. ", f"Den stängdes {own.until:%Y-%m-%d}. "
        latitude = own.latitude if own is not None else station.latitude
        longitude = own.longitude if own is not None else station.longitude
        others = tuple(item for item in listed if item.id != station.id)  # alive in the list, and yet without an answer
        near = None if latitude is None or longitude is None else nearest_active(others, latitude, longitude)
        if near is None:
            return f"{closed}Name another station in weather.yaml", f"{closed_sv}Ange en annan station i weather.yaml"
        other, distance = near
        return (
            f"{closed}The nearest that is alive is {other.id} {other.name}, {distance:.0f} km away: name it in weather.yaml",
            f"{closed_sv}Närmaste som lever är {other.id} {other.name}, {distance:.0f} km bort: ange den i weather.yaml",
        )


def joined(archive: Answer | None, latest: Answer | None) -> pl.DataFrame:
    """Columns `VALUES`, one row an instant: the checked value, of two alike the archive's."""
    parts = [
        answer.values.with_columns(pl.lit(rank).alias("rank"))
        for rank, answer in ((1, archive), (0, latest))
        if answer is not None
    ]
    return (
        pl.concat(parts)
        .sort("time", pl.col("quality") == Quality.CHECKED.value, "rank")
        .unique("time", keep="last", maintain_order=True)
        .select(list(VALUES))
    )


def _named(station: Station) -> str:
    return f"{station.id} {station.name}".strip()


def _nothing_new(quantity: WeatherQuantity, station: Station) -> WeatherFinding:
    return WeatherFinding(
        WeatherFindingCode.NOTHING_NEW,
        quantity,
        station.id,
        f"{_named(station)}: SMHI har inga värden för de senaste månaderna; dygnen fylls från nästa station",
        f"{_named(station)}: SMHI has no values for the newest months; the days are filled from the next station",
    )
