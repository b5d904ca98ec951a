"""The archive: permanent numbers, editions, and bytes as they were published, whatever happens while they are."""

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from config.domain.indicators import Subject, SubjectKind
from config.domain.periods import month
from config.errors import ReportError
from services.reports.archive import ReportArchive
from services.reports.causes import restatements
from services.reports.figure_shelf import FigureShelf
from services.reports.printing import PrintedReport
from services.reports.report import Report, ReportKind, Words
from services.reports.wording import NBSP
from services.state.state import State
from tests.doubles.memory_store import MemoryStore
from tests.services.indicators.estate_of_factors import estate
from tests.services.jobs.world import FixedClock
from tests.services.reports.example_report import REPORT
from tests.services.reports.published import LAST, NOW, POINTS, Published
from tests.services.reports.small_report import MORNING, TextForm, archive, report, using

LATER = MORNING + timedelta(days=16)
MEGABYTE = 2**20


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "state.sqlite") as made:
        yield made


@pytest.fixture
def kept(state: State, tmp_path: Path) -> ReportArchive:
    return archive(state, tmp_path / "archive")


def at(kept: ReportArchive, instant: datetime) -> ReportArchive:
    return replace(kept, clock=FixedClock(instant))


def test_a_report_is_published_with_a_number_and_kept_in_every_form(kept: ReportArchive) -> None:
    """The number is in the bytes, the value comes back whole, and both languages are there."""
    made = kept.publish(REPORT)

    assert (made.name, made.edition, made.published, made.changes) == ("ER-2026-0001", 1, MORNING, ())
    assert kept.publication(made.number) == made == kept.latest(REPORT.kind, REPORT.subject, REPORT.period)
    assert kept.form(made.number, 1, "sv", "txt").decode().split("\n")[:2] == [
        "ER-2026-0001",
        f"Björkskolan använde ungefär 62{NBSP}970{NBSP}kWh i oktober 2026, 12{NBSP}% mindre än i oktober 2025.",
    ]
    assert "Björkskolan used about" in kept.form(made.number, 1, "en", "txt").decode()


def test_the_same_report_published_again_is_the_publication_that_is_there(kept: ReportArchive) -> None:
    """Known later and made by a newer version, it still says the same; so does one that differs in the last bit of a sum."""
    made = kept.publish(using(0.1 + 0.2))
    same = replace(using(0.3), known=LATER, program="0.7.0")

    assert at(kept, LATER).publish(same) == made
    assert [each.edition for each in kept.editions(made.number)] == [1]


def test_other_figures_are_the_next_edition_and_the_first_stays_as_it_was(kept: ReportArchive) -> None:
    """Both can be read; the newest is the one that is found."""
    first = kept.publish(using(61_000.0))
    bytes_before = kept.form(first.number, 1, "sv", "txt")

    second = at(kept, LATER).publish(using(62_970.0, known=LATER))

    assert (second.number, second.name) == (first.number, "ER-2026-0001-2")
    assert [(change.address, change.old and change.old.known, change.new and change.new.known) for change in second.changes] == [
        ("use/el/use", 61_000.0, 62_970.0)
    ]
    assert kept.form(first.number, 1, "sv", "txt") == bytes_before
    assert kept.publication(first.number, 1) == first
    assert kept.publication(first.number) == second
    assert [each.edition for each in kept.search()] == [2]


def test_figures_that_go_back_are_an_edition_of_their_own(kept: ReportArchive) -> None:
    """The first edition says the same, and yet is not what holds: who reads the second must learn of it."""
    editions = [kept.publish(using(value)).edition for value in (1.0, 2.0, 1.0)]

    assert editions == [1, 2, 3]


def test_each_report_has_its_own_number_by_the_year_of_publication(kept: ReportArchive) -> None:
    """Kind, subject, period, clock and variant make a report; numbers begin anew each year, by the municipality's clock."""
    reports = [
        using(1.0),
        using(1.0, subject="annan"),
        using(1.0, month="2026-09"),
        using(1.0, kind=ReportKind.SHEET),
        using(1.0, variant=Words("Delårsbokslut", "Interim accounts")),
    ]
    new_year = at(kept, datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

    numbers = [kept.publish(each).number for each in reports] + [new_year.publish(using(1.0, month="2026-12")).number]

    assert numbers == [f"ER-2026-000{n}" for n in range(1, 6)] + ["ER-2027-0001"]
    variant = kept.latest(ReportKind.MONTHLY, reports[0].subject, reports[0].period, Words("Delårsbokslut", "Interim accounts"))
    assert variant is not None
    assert variant.number == "ER-2026-0005"


class Fontless(TextForm):
    """A form whose font is gone."""

    def render(self, report: PrintedReport) -> bytes:
        raise ReportError(f"{report.title}: a font is missing")


def test_a_report_that_could_not_be_drawn_has_its_number_when_it_can(kept: ReportArchive) -> None:
    """The number waits for its report; the next one does not take it."""
    with pytest.raises(ReportError, match="font"):
        replace(kept, forms=(*kept.forms, Fontless())).publish(using(1.0))
    others = kept.publish(using(1.0, subject="annan"))

    assert kept.search("Björkskolan", subject=Subject(SubjectKind.BUILDING, "skola")) == []
    assert (others.number, kept.publish(using(1.0)).number) == ("ER-2026-0002", "ER-2026-0001")


def test_forms_may_be_drawn_elsewhere(kept: ReportArchive) -> None:
    """A pool draws many reports at once, and hands over bytes; a form that is lacking is a mistake of ours."""
    draft = kept.draft(using(1.0))

    with pytest.raises(ValueError, match="not drawn"):
        kept.keep(draft.publication, {("sv", "txt"): b"sv"})
    done = kept.keep(draft.publication, {("sv", "txt"): b"sv", ("en", "txt"): b"en"})

    assert draft.is_new
    assert done
    assert kept.form(draft.publication.number, 1, "en", "txt") == b"en"
    assert not kept.draft(using(1.0)).is_new


def test_an_edition_drawn_while_another_came_first_is_not_kept(kept: ReportArchive) -> None:
    """It would say that it is the second and be the third; `publish` draws it again."""
    kept.publish(using(1.0))
    slow = kept.draft(using(2.0)).publication

    kept.publish(using(3.0))

    assert not kept.keep(slow, kept.rendered(slow))
    assert kept.publish(using(2.0)).edition == 3


_MANY = """
import sys
from pathlib import Path
from services.state.state import State
from tests.services.reports.small_report import archive, using
who, folder = sys.argv[1], Path(sys.argv[2])
with State.open(folder / "state.sqlite") as state:
    kept = archive(state, folder / "archive")
    print("ready", flush=True)
    sys.stdin.readline()
    for n in range(8):
        print(kept.publish(using(1.0)).name, kept.publish(using(float(n), subject=f"{who}{n}")).number)
"""


def test_two_processes_that_publish_at_once_never_share_a_number(tmp_path: Path) -> None:
    """And the one report that both publish is published once."""
    command = [sys.executable, "-c", _MANY]
    both = [
        subprocess.Popen([*command, who, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for who in ("a", "b")
    ]
    for each in both:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"

    told = [line.split() for line in "".join(each.communicate("\n")[0] for each in both).splitlines()]

    shared, own = {line[0] for line in told}, [line[1] for line in told]
    assert len(shared) == 1
    assert sorted({*own, *shared}) == [f"ER-2026-{n:04}" for n in range(1, 18)]
    assert len(set(own)) == len(own) == 16


def test_lost_between_any_two_steps_a_report_is_published_whole_or_not_at_all(tmp_path: Path) -> None:
    """Its number waits for it, nothing lies about after the next publication, and what was there stays."""
    command = [sys.executable, "-m", "tests.services.reports.killed_publishing", str(tmp_path)]

    losses = [orjson.loads(line) for line in subprocess.run(command, capture_output=True, check=True).stdout.splitlines()]

    before, whole = [["ER-2026-0001", 1, 1.0]], [["ER-2026-0001", 1, 1.0], ["ER-2026-0002", 1, 3.0]]
    shown = [loss["after"] for loss in losses]
    done = shown.index(whole)
    assert done > 25
    assert shown == [before] * done + [whole] * (len(shown) - done)
    for loss in losses:
        assert loss["then"] == [["ER-2026-0001", 1, 1.0], ["ER-2026-0001", 2, 2.0], ["ER-2026-0002", 1, 3.0]]
        assert loss["lies"] == [".lock", "ER-2026-0001/1", "ER-2026-0001/2", "ER-2026-0002/1"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A folder that less than a megabyte goes into, and what makes room: a disk of its own where one may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)], capture_output=True, check=False)
    if mounted.returncode == 0:
        yield folder, lambda: subprocess.run(["mount", "-o", "remount,size=8m", str(folder)], check=True) and None
        subprocess.run(["umount", str(folder)], check=True)
    else:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE // 2, hard))
        yield folder, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_with_what_to_do_and_leaves_nothing(
    state: State, small_disk: tuple[Path, Callable[[], None]]
) -> None:
    """With room made the same report has the number that it was given."""
    folder, make_room = small_disk
    kept = replace(archive(state, folder), forms=[TextForm(ballast=MEGABYTE)])

    with pytest.raises(ReportError, match="make room on the disk and publish again, nothing was published") as told:
        kept.publish(using(1.0))
    left = [path.name for path in folder.iterdir()]
    make_room()

    assert "gör plats på disken" in told.value.sv
    assert left == [".lock"]
    assert kept.search() == []
    assert kept.publish(using(1.0)).name == "ER-2026-0001"


def test_what_an_older_state_forgot_is_not_overwritten(kept: ReportArchive, tmp_path: Path) -> None:
    """Files and state are two backups: of a state that was brought back the number is free, and its files lie there."""
    first = kept.publish(using(1.0))
    with State.open(tmp_path / "older.sqlite") as older, pytest.raises(ReportError, match="bring back a newer state"):
        archive(older, tmp_path / "archive").publish(using(2.0))

    assert kept.publication(first.number) == first


def test_a_folder_that_is_not_ours_is_told(state: State, tmp_path: Path) -> None:
    """A file lies where the archive is to be."""
    (tmp_path / "archive").write_text("not a folder")

    with pytest.raises(ReportError, match="mend the folder or its rights"):
        archive(state, tmp_path / "archive").publish(using(1.0))


@pytest.mark.parametrize("suffix", ["txt", "json"])
def test_a_file_that_was_changed_or_lost_is_never_handed_out(kept: ReportArchive, tmp_path: Path, suffix: str) -> None:
    """The error says which and what to do; the report's own value is held to its sum as well."""
    number = kept.publish(using(1.0)).number
    language = "sv" if suffix == "txt" else ""
    (path,) = (tmp_path / "archive").rglob(f"*1-sv.{suffix}" if language else f"*.{suffix}")
    path.write_bytes(path.read_bytes().replace(b"1", b"7"))

    with pytest.raises(ReportError, match=r"is not as it was published .* bring it back from a backup"):
        kept.form(number, 1, language, suffix)
    path.unlink()
    with pytest.raises(ReportError, match=r"cannot be read .* bring it back from a backup"):
        kept.form(number, 1, language, suffix)


def test_what_is_not_in_the_archive_is_told(kept: ReportArchive) -> None:
    """A number that is none, an edition that is not yet, a form that nobody drew; a path is no number."""
    number = kept.publish(using(1.0)).number

    for ask in (
        lambda: kept.publication("ER-1999-0001"),
        lambda: kept.publication(number, 2),
        lambda: kept.form(number, 1, "sv", "pdf"),
        lambda: kept.form("../archive/ER-2026-0001", 1, "sv", "txt"),
    ):
        with pytest.raises(ReportError, match=r"no .* in the archive"):
            ask()


def test_the_state_refuses_to_lose_or_alter_what_is_published(kept: ReportArchive, state: State) -> None:
    """Nothing is ever deleted, not by a mistake in a statement either."""
    kept.publish(using(1.0))

    for statement in ("DELETE FROM published_reports", "UPDATE published_files SET sha256 = ''", "DELETE FROM report_numbers"):
        with pytest.raises(Exception, match="kept as they are"), state.database.transaction() as connection:
            connection.execute(statement)
    assert len(kept.search()) == 1


def test_reports_are_found_by_words_kind_subject_and_year(kept: ReportArchive) -> None:
    """In either language and any case; å is not a, however it was typed. The newest period first, then as Swedes sort."""
    for name in ("Öraskolan", "Zornmuseet", "Åselby förskola", "Ängsgården", "Aspen"):
        kept.publish(using(1.0, subject=name.casefold(), name=name))
    kept.publish(using(1.0, subject="aspen", name="Aspen", month="2025-12"))
    kept.publish(using(1.0, subject="aspen", name="Aspen", kind=ReportKind.SHEET))

    def names(*args: object, **about: object) -> list[str]:
        return [each.subject_name.sv for each in kept.search(*args, **about)]  # type: ignore[arg-type]  # as it is asked

    assert names(kind=ReportKind.MONTHLY) == ["Aspen", "Zornmuseet", "Åselby förskola", "Ängsgården", "Öraskolan", "Aspen"]
    assert names("ÅSELBY oktober") == names("A\N{COMBINING RING ABOVE}selby October") == ["Åselby förskola"]
    assert names("aselby") == names("%") == []
    assert names("byggnadsblad") == names("Building SHEET") == ["Aspen"]
    assert names(year=2025) == names("december 2025") == ["Aspen"]
    assert names("er-2026-0002") == ["Zornmuseet"]
    assert names(subject=Subject(SubjectKind.BUILDING, "ängsgården")) == ["Ängsgården"]
    assert names(limit=2, offset=1) == ["Aspen", "Zornmuseet"]
    assert names(visible=lambda listed: listed.subject.id == "öraskolan", limit=1) == ["Öraskolan"]


def test_late_readings_make_an_edition_that_says_what_came_late(tmp_path: Path) -> None:
    """Of the real job: the figure that moved, and the one made of it, with why; the rest is not in the list."""
    world = Published(estate(*POINTS), MemoryStore(), State.open(tmp_path / "world.sqlite"), FixedClock(NOW))
    for name in ("skola-el", "skola-fv"):
        world.hours(name, lambda at: 10.0 + at.hour % 7, first=LAST.replace(day=1), last=LAST)
    world.work()
    subject, period = Subject(SubjectKind.BUILDING, "skola"), month(LAST, "Europe/Stockholm")

    def made() -> Report:
        shelf = FigureShelf(world.store, world.state.figure_history, frozenset({subject}))
        electricity, heat = (shelf.figure("energy", subject, period, carrier) for carrier in ("electricity", "district_heating"))
        made_of = replace(electricity, value=2 * (electricity.known or 0), name="", made_of=(electricity.name,))
        rows = {"el": (electricity, made_of), "heat": (heat, None)}
        return replace(report(rows), subject=subject, period=period, known=world.clock.now())

    kept = archive(world.state, tmp_path / "archive", world.clock, restatements(world.state.figure_changes, world.portfolio))
    first = kept.publish(made())
    kept_bytes = kept.form(first.number, 1, "sv", "txt")
    world.clock.at += timedelta(days=3)
    world.hours("skola-el", lambda at: 50.0 + at.hour, first=LAST, last=LAST)
    world.work()

    second = kept.publish(made())

    assert second.edition == 2
    assert [change.address for change in second.changes] == ["use/el/use", "use/el/note"]
    assert {change.cause for change in second.changes} == {Words("Ett dygn kom in sent", "One day came in late")}
    assert kept.form(first.number, 1, "sv", "txt") == kept_bytes
    assert kept.publish(made()) == second
    world.state.close()
