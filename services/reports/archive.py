"""The archive of published reports: permanent numbers, editions, and the bytes of every form as they went out.

An edition is a folder, `NUMBER/EDITION`, and a row of the state; without its row it is not there. Files are written beside it,
forced to the disk and renamed into their place before the row is, so that a loss of the process or of the power between any two
steps leaves either the whole edition or none: what lies about without a row is cleared away as the next one is kept, and the
number waits for its report. Nothing is ever deleted, and each file is held to its SHA-256 as it is read.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.domain.clock import Clock
from config.domain.figure_names import named_period, period_name
from config.domain.indicators import Subject, SubjectKind
from config.domain.periods import Period, local_date
from config.errors import ReportError
from services.reports.difference import Causes, difference, no_cause
from services.reports.forms.form import Rendered, ReportRenderer, rendered
from services.reports.printing import period_text
from services.reports.report import NO_WORDS, REPORT_NAMES, Publication, Report, ReportKind, Words
from services.reports.report_json import publication_json, publication_of
from services.reports.wording import LANGUAGES, swedish_order
from services.state.published_reports import EditionRow, KeptFile, PublishedReportsTable, ReportKey

VALUE = ("", "json")  # the report itself, among the files
_LOCK, _BEING_WRITTEN = ".lock", ".being-written"
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Listed:
    """An edition as a list shows it. `edition`: the newest where a list has each report once."""

    number: str
    edition: int
    kind: ReportKind
    subject: Subject
    subject_name: Words
    period: Period
    variant: Words
    title: Words
    published: datetime
    known: datetime

    @property
    def name(self) -> str:
        return self.number if self.edition == 1 else f"{self.number}-{self.edition}"


@dataclass(frozen=True, slots=True)
class Draft:
    """`is_new`: not published yet, to be rendered and kept."""

    publication: Publication
    is_new: bool


@dataclass(frozen=True)
class ReportArchive:
    """Threads and processes may share one, over the same state and folder.

    Attributes:
        forms: that each edition is kept in, in both languages.
        causes: why a figure is another than it was.

    Every method raises StoreError where the state does not answer.
    """

    table: PublishedReportsTable
    folder: Path
    forms: Sequence[ReportRenderer]
    clock: Clock
    causes: Causes = no_cause

    def publish(self, report: Report) -> Publication:
        """The report's publication: the one that is there where it says the same, else its next edition, kept in every form.

        Raises:
            ReportError: a form cannot be drawn, the disk is full or the folder not ours, or an older edition is not as it was
                published. Nothing is published then.
        """
        for _ in range(_ATTEMPTS):
            draft = self.draft(report)
            if not draft.is_new:
                return draft.publication
            if self.keep(draft.publication, self.rendered(draft.publication)):
                return draft.publication
        raise ReportError(
            f"{report.title.en}: others publish the same report over and over; stop one of them",
            f"{report.title.sv}: andra publicerar samma rapport om och om igen; stoppa en av dem",
        )

    def draft(self, report: Report) -> Draft:
        """What `publish` would publish, with its number; the publication that is there where the report says the same."""
        now = self.clock.now().replace(microsecond=0)  # a PDF knows whole seconds
        last = self.latest(report.kind, report.subject, report.period, report.variant)
        if last is None:
            number = self.table.number_of(_key(report), local_date(now, report.zone).year)
            return Draft(Publication(report, number, 1, now), is_new=True)
        changes = difference(last.report, report, self.causes)
        if not changes:
            return Draft(last, is_new=False)
        return Draft(Publication(report, last.number, last.edition + 1, now, changes), is_new=True)

    def rendered(self, publication: Publication) -> Rendered:
        """Every form in both languages."""
        return rendered(publication, self.forms)

    def keep(self, draft: Publication, rendered: Rendered, also: Callable[[], None] | None = None) -> bool:
        """Publish a draft in the forms given; whether it was: not where another edition came first, then draft it again.

        Args:
            also: writes to the state what is true when the draft is published, as the log of changes: both are, or neither.

        Raises:
            ReportError: the disk is full or the folder not ours; nothing is published.
            ValueError: a form is lacking.
        """
        lacking = {(language, form.suffix) for language in LANGUAGES.values() for form in self.forms} - set(rendered)
        if lacking or draft.published is None:
            raise ValueError(f"{draft.number}: not drawn as {sorted(lacking)}, or no draft")
        row = _edition_row(draft)
        files = {VALUE: publication_json(draft), **rendered}
        media = {form.suffix: form.media_type for form in self.forms} | {"json": "application/json"}
        kept = [
            KeptFile(language, suffix, media[suffix], len(data), hashlib.sha256(data).hexdigest())
            for (language, suffix), data in sorted(files.items())
        ]
        with self._disk(), self._alone():
            self._clear_leftovers()
            last = self.table.latest(row.key)
            if (last.edition if last else 0) != draft.edition - 1:
                return False
            place = self._place(draft.number, draft.edition)
            if place.exists():
                raise ReportError(
                    f"{place}: was published and the state knows nothing of it; bring back a newer state, or move it elsewhere",
                    f"{place}: är publicerad men okänd för databasen; hämta tillbaka en nyare databas, eller flytta mappen",
                )
            written = self._written(draft, files)
            self.table.begin(draft.number, draft.edition)
            place.parent.mkdir(exist_ok=True)
            _sync(self.folder)
            written.rename(place)
            _sync(place.parent)
            self.table.put(row, kept, also)
        return True

    def latest(self, kind: ReportKind, subject: Subject, period: Period, variant: Words = NO_WORDS) -> Publication | None:
        """The newest edition of the report; None where it was never published.

        Raises:
            ReportError: it is not as it was published.
        """
        row = self.table.latest(_key_of(kind, subject, period, variant))
        return None if row is None else self._publication(row)

    def publication(self, number: str, edition: int | None = None) -> Publication:
        """An edition, the newest where none is named.

        Raises:
            ReportError: there is none, or it is not as it was published.
        """
        found = [row for row in self.table.editions(number) if edition in (None, row.edition)]
        if not found:
            which = number if edition is None else f"{number}, edition {edition}"
            raise ReportError(f"no report {which} in the archive", f"rapporten {which} finns inte i arkivet")
        return self._publication(found[-1])

    def editions(self, number: str) -> list[Listed]:
        """Every edition of a report, the oldest first; none of a number that was never published."""
        return [_listed(row) for row in self.table.editions(number)]

    def files(self, number: str, edition: int) -> list[KeptFile]:
        """What an edition is kept in, the report's own value too (language "")."""
        return self.table.files(number, edition)

    def form(self, number: str, edition: int, language: str, suffix: str) -> bytes:
        """The bytes as they were published.

        Raises:
            ReportError: there is no such form, or its file is lost or was changed.
        """
        name = _file_name(number, edition, language, suffix)
        kept = next((one for one in self.table.files(number, edition) if (one.language, one.suffix) == (language, suffix)), None)
        if kept is None:
            raise ReportError(f"{name}: no such file in the archive", f"{name}: finns inte i arkivet")
        path = self._place(number, edition) / name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ReportError(
                f"{path}: is published and cannot be read ({error.strerror}); bring it back from a backup",
                f"{path}: är publicerad men kan inte läsas ({error.strerror}); hämta tillbaka den från en säkerhetskopia",
            ) from error
        if hashlib.sha256(data).hexdigest() != kept.sha256:
            raise ReportError(
                f"{path}: is not as it was published (another SHA-256); bring it back from a backup",
                f"{path}: är inte som den publicerades (annan SHA-256); hämta tillbaka den från en säkerhetskopia",
            )
        return data

    def search(
        self,
        text: str = "",
        kind: ReportKind | None = None,
        subject: Subject | None = None,
        year: int | None = None,
        limit: int | None = None,
        offset: int = 0,
        visible: Callable[[Listed], bool] = lambda _: True,
    ) -> list[Listed]:
        """Each report's newest edition, the newest period first, then by name in Swedish order.

        Args:
            text: words that are all in its number, kind, title, subject, period or variant, in whichever language and case.
            year: that it is of.
            visible: who asks may see it; the others are not counted.
        """
        address = None if subject is None else (subject.kind.value, subject.id)
        rows = self.table.matching(_folded(text).split(), None if kind is None else kind.value, address, year)
        seen = [listed for row in rows if visible(listed := _listed(row))]
        return seen[offset:] if limit is None else seen[offset : offset + limit]

    # beneath

    def _publication(self, row: EditionRow) -> Publication:
        return publication_of(self.form(row.number, row.edition, *VALUE))

    def _place(self, number: str, edition: int) -> Path:
        return self.folder / number / f"{edition}"

    def _written(self, draft: Publication, files: Rendered) -> Path:
        """The folder that they are in, on the disk, not yet in their place; nothing of it where one cannot be written."""
        folder = self.folder / _BEING_WRITTEN
        folder.mkdir()
        paths = {folder / _file_name(draft.number, draft.edition, *form): data for form, data in sorted(files.items())}
        try:
            for path, data in paths.items():
                path.write_bytes(data)
            with ThreadPoolExecutor(len(paths)) as pool:  # the disk does many at once in a third of the time
                list(pool.map(_sync, paths))
            _sync(folder)
        except OSError:
            shutil.rmtree(folder)
            raise
        return folder

    def _clear_leftovers(self) -> None:
        """What an interrupted publication left; under the lock nobody is at it."""
        _remove(self.folder / _BEING_WRITTEN)
        for number, edition in self.table.unfinished():
            _remove(self._place(number, edition))
            self.table.forget_unfinished(number, edition)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One at a time over all processes; the system lets go of the lock of one that is lost."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _disk(self) -> Iterator[None]:
        """The disk's errors as ours."""
        try:
            yield
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            en, sv = (
                ("make room on the disk", "gör plats på disken")
                if full
                else ("mend the folder or its rights", "ordna mappen eller dess rättigheter")
            )
            raise ReportError(
                f"{self.folder}: {error.strerror}; {en} and publish again, nothing was published",
                f"{self.folder}: {error.strerror}; {sv} och publicera igen, inget publicerades",
            ) from error


def _key(report: Report) -> ReportKey:
    return _key_of(report.kind, report.subject, report.period, report.variant)


def _key_of(kind: ReportKind, subject: Subject, period: Period, variant: Words) -> ReportKey:
    return ReportKey(kind.value, subject.kind.value, subject.id, period_name(period), period.zone, variant.sv)


def _edition_row(draft: Publication) -> EditionRow:
    report = draft.report
    if draft.published is None:
        raise ValueError("a preview is not published")
    name, kind = report.subject_name, REPORT_NAMES[report.kind]
    said = (
        draft.number,
        report.subject.id,
        period_name(report.period),
        *(
            text
            for words in (
                report.title,
                name,
                kind,
                report.variant,
                Words(period_text(report.period, "sv"), period_text(report.period, "en")),
            )
            for text in (words.sv, words.en)
        ),
    )
    return EditionRow(
        number=draft.number,
        edition=draft.edition,
        key=_key(report),
        year=local_date(report.period.end - timedelta(hours=1), report.period.zone).year,
        start=report.period.start,
        published=draft.published,
        known=report.known,
        title_sv=report.title.sv,
        title_en=report.title.en,
        subject_sv=name.sv,
        subject_en=name.en,
        variant_en=report.variant.en,
        order=swedish_order(name.sv),
        words=_folded(" ".join(dict.fromkeys(said))),
    )


def _listed(row: EditionRow) -> Listed:
    key = row.key
    return Listed(
        number=row.number,
        edition=row.edition,
        kind=ReportKind(key.kind),
        subject=Subject(SubjectKind(key.subject_kind), key.subject),
        subject_name=Words(row.subject_sv, row.subject_en),
        period=named_period(key.period, key.zone),
        variant=Words(key.variant, row.variant_en),
        title=Words(row.title_sv, row.title_en),
        published=row.published,
        known=row.known,
    )


def _folded(text: str) -> str:
    """As it is searched: whatever the case and however å, ä, ö were typed; spaces that do not break are spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _file_name(number: str, edition: int, language: str, suffix: str) -> str:
    return f"{number}-{edition}{'-' + language if language else ''}.{suffix}"


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _sync(path: Path) -> None:
    """Force a file or a folder's list of files to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
