"""Figures as reports take them off the shelf are the published ones, with all that is known of them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from config.domain.figure_names import named_period
from config.domain.indicators import PORTFOLIO, Missing, Subject, SubjectKind
from config.domain.series import SeriesQuery
from services.reports.figure_shelf import FigureShelf
from tests.doubles.memory_store import MemoryStore
from tests.services.indicators.example_basis import ZONE
from tests.services.reports.published import NOW, Published, published

SCHOOL = Subject(SubjectKind.BUILDING, "skola")
OTHER = Subject(SubjectKind.BUILDING, "annan")
WHOLE = Subject(SubjectKind.PORTFOLIO, PORTFOLIO)
SUBJECTS = frozenset({SCHOOL, OTHER, WHOLE})
JANUARY = named_period("2025-01", ZONE)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    found = published(tmp_path_factory.mktemp("state"))
    yield found
    found.state.close()


def shelf(made: Published, as_known: datetime | None = None) -> FigureShelf:
    return FigureShelf(made.store, made.state.figure_history, SUBJECTS, as_known)


class Counting(MemoryStore):
    """Counts what it is asked."""

    asked = 0

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        self.asked += 1
        return super().read(query)


@pytest.mark.parametrize(
    ("indicator", "carrier", "subject", "period"),
    [
        ("energy", "electricity", SCHOOL, "2025-01"),
        ("energy_total", "", WHOLE, "2025-01"),
        ("energy_total", "", SCHOOL, "2024"),
        ("energy_total", "", SCHOOL, "2025-02-ytd"),
        ("corrected_energy", "", SCHOOL, "2025-01-r12"),
        ("specific_energy", "", OTHER, "2024"),
    ],
)
def test_a_figure_is_the_published_one(made: Published, indicator: str, carrier: str, subject: Subject, period: str) -> None:
    """Value, coverage, method, factors and ±, as lineage reads the same figure."""
    found = shelf(made).figure(indicator, subject, named_period(period, ZONE), carrier)
    (known,) = (
        each
        for each in made.reader.listed(subject, named_period(period, ZONE))
        if (each.indicator, each.carrier) == (indicator, carrier)
    )

    assert (found.value, found.coverage, found.method) == (known.value, known.coverage, known.method)
    assert dict(found.factors) == dict(known.factors)
    assert found.margin == (0.0 if isinstance(known.value, Missing) else known.uncertainty)
    assert found.name.startswith(indicator)


def test_a_peak_has_its_instant_apart_from_its_factors(made: Published) -> None:
    """It is kept among the factors in the store, and is none."""
    found = shelf(made).figure("peak_power", SCHOOL, JANUARY, "electricity")

    assert found.known is not None
    assert found.at is not None
    assert JANUARY.start <= found.at < JANUARY.end
    assert "at" not in found.factors


def test_what_is_not_published_is_missing_and_says_so(made: Published) -> None:
    """A reader learns which figure, of when."""
    found = shelf(made).figure("energy_total", SCHOOL, named_period("2030-01", ZONE))

    assert isinstance(found.value, Missing)
    assert found.value.reason_sv == "Energianvändning, totalt: ingen siffra är publicerad för 2030-01."
    assert found.coverage == 0.0


def test_a_subject_that_is_not_on_the_shelf_is_a_mistake_of_who_asks(made: Published) -> None:
    """Else a report would say that a building has no figures, where nobody had looked."""
    with pytest.raises(ValueError, match="owner:x is not among the subjects"):
        shelf(made).figure("energy_total", Subject(SubjectKind.OWNER, "x"), JANUARY)


def test_carriers_are_those_that_have_the_figure(made: Published) -> None:
    """A table by carrier has no rows of carriers that the building has not."""
    assert shelf(made).carriers("energy", SCHOOL, JANUARY) == ["district_heating", "electricity"]
    assert shelf(made).carriers("energy", OTHER, JANUARY) == ["electricity"]


def test_a_period_is_read_once_for_all_subjects(made: Published) -> None:
    """A month's reports of an estate must not ask the store once a figure."""
    store = Counting()
    store.__dict__.update(made.store.__dict__)
    read = FigureShelf(store, made.state.figure_history, SUBJECTS)
    store.asked = 0

    for subject in sorted(SUBJECTS, key=lambda each: each.id):
        for indicator in ("energy_total", "cost", "emissions_location"):
            read.figure(indicator, subject, JANUARY)

    assert store.asked == 1


def test_a_row_of_periods_is_read_at_once_and_is_what_each_is_alone(made: Published) -> None:
    """A chart of twenty-six months is one question a kind, with the same figures."""
    store = Counting()
    store.__dict__.update(made.store.__dict__)
    names = ("2024-11", "2024-12", "2025-01", "2030-01", "2024-12-r12", "2025-01-r12", "2025-01-ytd")
    periods = [named_period(name, ZONE) for name in names]
    read = FigureShelf(store, made.state.figure_history, SUBJECTS)
    read.prepare(periods)
    asked = store.asked
    together = [read.figure("energy_total", subject, period) for subject in (SCHOOL, WHOLE) for period in periods]
    read.prepare(periods)

    assert (asked, store.asked) == (3, 3)
    assert together == [shelf(made).figure("energy_total", subject, period) for subject in (SCHOOL, WHOLE) for period in periods]
    assert sum(figure.known is not None for figure in together) >= 8


def test_a_shelf_that_is_told_what_it_will_be_asked_refuses_the_rest(made: Published) -> None:
    """It has not read it: a figure that is there would be told as not published."""
    told = FigureShelf(made.store, made.state.figure_history, SUBJECTS, indicators=frozenset({"energy_total"}))

    assert told.figure("energy_total", SCHOOL, JANUARY) == shelf(made).figure("energy_total", SCHOOL, JANUARY)
    with pytest.raises(ValueError, match="specific_energy is not among the indicators"):
        told.figure("specific_energy", SCHOOL, JANUARY)


def test_figures_stand_as_they_were_known_then(made: Published) -> None:
    """A late day changes January: who asks as of before gets the figure of before. Last: it changes the world."""
    before = shelf(made).figure("energy", OTHER, JANUARY, "electricity")
    made.clock.at = NOW + timedelta(days=3)
    made.hours("annan-el", lambda _: 5.0, date(2025, 1, 10), date(2025, 1, 10))
    made.work()

    now = shelf(made).figure("energy", OTHER, JANUARY, "electricity")
    then = shelf(made, NOW + timedelta(days=1)).figure("energy", OTHER, JANUARY, "electricity")

    assert now.known is not None
    assert before.known is not None
    assert now.known == pytest.approx(before.known + 24 * (5.0 - 3.25))
    assert then.known == before.known
