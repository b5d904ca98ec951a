"""What reports cost: every monthly report of an estate and one trend report, from the store to the archive.

    ENERGIMONITOR_DATA_DIR=… python -m benchmarks.reports 2026-10 [--workers 2]

Over whatever data directory and municipality the environment names. The archive is a temporary folder with a state of its own, so
that nothing of the directory changes. Told: seconds to make the values, seconds to draw and keep every form in both languages,
files and bytes, and the most memory of this process and its workers.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from config.domain.clock import SystemClock
from config.domain.figure_names import named_period
from services.app import wiring
from services.reports.archive import ReportArchive
from services.reports.publishing import publish_all
from services.reports.rendering import report_forms
from services.reports.report import ReportKind
from services.state.state import State

MB = 1024  # ru_maxrss is in kB


def main() -> None:
    """Measure, and tell."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("month", help="as 2026-10")
    arguments.add_argument("--workers", type=int, default=2)
    given = arguments.parse_args()
    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    store, state = wiring.open_store(chosen), wiring.open_state(chosen)
    maker = wiring.report_maker(chosen, town, store, state)
    began = time.perf_counter()
    known = SystemClock().now().replace(microsecond=0)
    month, year = named_period(given.month, town.timezone), named_period(f"{given.month}-ytd", town.timezone)
    material = maker.material(known)
    reports = [maker.make(ReportKind.MONTHLY, each, month, material) for each in maker.subjects(ReportKind.MONTHLY)]
    months = time.perf_counter()
    trend = maker.make(ReportKind.TREND, maker.subjects(ReportKind.TREND)[0], year, material)
    made = time.perf_counter()
    figures = sum(1 for report in (*reports, trend) for _ in report.figures())
    with tempfile.TemporaryDirectory() as folder, State.open(Path(folder) / "state.sqlite") as kept:
        archive = ReportArchive(kept.published_reports, Path(folder) / "reports", report_forms(), SystemClock())
        for done, _ in enumerate(publish_all(archive, [*reports, trend], given.workers), 1):
            sys.stderr.write(f"\r{done} of {len(reports) + 1}")
        ended = time.perf_counter()
        sizes = [path.stat().st_size for path in Path(folder, "reports").rglob("*") if path.is_file()]
    mine, theirs = (resource.getrusage(who).ru_maxrss / MB for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    sys.stdout.write(
        f"\n{len(reports)} monthly reports and a trend, {figures} figures\n"
        f"monthly values {months - began:.1f} s, trend {made - months:.1f} s, drawn and kept {ended - made:.1f} s, "
        f"in all {ended - began:.1f} s\n"
        f"{len(sizes)} files, {sum(sizes) / 1e6:.1f} MB; memory {mine:.0f} MB and {theirs:.0f} MB a worker\n"
    )
    store.close()
    state.close()


if __name__ == "__main__":
    main()
