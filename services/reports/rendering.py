"""Documents drawn on every core: one publication a task, in both languages and all forms.

Typst and vl-convert hold threads and an engine of their own, which a forked process inherits broken: workers are spawned.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from services.reports.forms.csv_file import CsvForm
from services.reports.forms.form import Rendered, ReportRenderer, rendered
from services.reports.forms.page import PageForm
from services.reports.forms.pdf import PdfForm
from services.reports.forms.workbook import WorkbookForm
from services.reports.report import Publication


def report_forms() -> tuple[ReportRenderer, ...]:
    """Every form that a published report is kept in."""
    return PdfForm(), PageForm(), WorkbookForm(), CsvForm()


def all_rendered(publications: Iterable[Publication], workers: int) -> Iterator[Rendered]:
    """Each publication's files, in order, as they are done. Raises ReportError where one cannot be drawn.

    Args:
        workers: processes; below 2 it is done here.
    """
    if workers < 2:
        forms = report_forms()
        yield from (rendered(each, forms) for each in publications)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_rendered, publications)


def _rendered(publication: Publication) -> Rendered:
    return rendered(publication, report_forms())
