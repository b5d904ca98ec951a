"""What was read ahead answers as the store does."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from config.domain.readings import Reading
from services.jobs.readings import ReadAhead, StoredReadings
from tests.doubles.memory_store import MemoryStore

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
REGISTER = "active_energy_import"
HOURS = st.integers(-80, 80)


def store_of(hours: dict[str, set[int]]) -> MemoryStore:
    store = MemoryStore()
    store.write_readings(
        [
            Reading(meter, REGISTER, MONDAY + n * timedelta(hours=1), float(n), MONDAY)
            for meter, taken in hours.items()
            for n in taken
        ]
    )
    return store


@settings(deadline=None)
@given(
    hours=st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sets(HOURS, max_size=12)),
    ahead=st.tuples(HOURS, HOURS),
    asked=st.tuples(HOURS, HOURS),
    meters=st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2, unique=True),
)
def test_whatever_was_read_ahead_the_answers_are_the_stores(
    hours: dict[str, set[int]], ahead: tuple[int, int], asked: tuple[int, int], meters: list[str]
) -> None:
    """Inside it, outside it and across its edges; days that are cut by the question too."""
    store = store_of(hours)
    where = {"meter": ("a", "b"), "register": (REGISTER,)}
    start, end = (MONDAY + n * timedelta(hours=1) for n in sorted(ahead))
    every = MONDAY - timedelta(days=5), MONDAY + timedelta(days=5)
    reading_ahead = ReadAhead(store, where, start, end, *every)
    question = (
        {"meter": tuple(sorted(meters)), "register": (REGISTER,)},
        *(MONDAY + n * timedelta(hours=1) for n in sorted(asked)),
    )

    stored = StoredReadings(store)
    assert reading_ahead.rows(*question).equals(stored.rows(*question))
    assert reading_ahead.is_any(*question) == stored.is_any(*question)
    assert sorted(reading_ahead.days(*question)) == sorted(stored.days(*question))


def test_one_read_serves_many_questions() -> None:
    """It is there for that."""

    class Counting(MemoryStore):
        reads = 0

        def read(self, query):  # type: ignore[no-untyped-def]  # as its base class
            type(self).reads += 1
            return super().read(query)

    store = Counting()
    store.write_readings([Reading("a", REGISTER, MONDAY, 1.0, MONDAY)])
    where = {"meter": ("a",), "register": (REGISTER,)}
    ahead = ReadAhead(store, where, MONDAY, MONDAY + timedelta(days=9), MONDAY, MONDAY + timedelta(days=9))
    for n in range(8):
        ahead.rows(where, MONDAY + timedelta(days=n), MONDAY + timedelta(days=n + 1))

    assert Counting.reads == 1
