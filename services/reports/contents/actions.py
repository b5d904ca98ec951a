"""What has been done about deviations, and what it verifiably saved."""

from datetime import timedelta

from config.domain.deviations import EventKind, Saving, Thread, ThreadEvent
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, day, local_date
from services.reports.contents.deviation_table import deviation_name, deviation_place
from services.reports.contents.material import Material
from services.reports.contents.naming import small
from services.reports.report import Column, ReportedFigure, Row, Table, Words

KEPT = timedelta(days=366)  # actions of the year that ends with the period
NOT_VERIFIED = Missing(
    "Besparingen är inte verifierad: för få dygn har gått, eller så syns den inte säkert.",
    "The saving is not verified: too few days have passed, or it is not seen for sure.",
)


def actions_table(material: Material, subject: Subject, period: Period) -> Table:
    """Actions of the year that ends with the period and until the report was made, the latest first."""
    ids = {each.id for each in material.buildings(subject)}
    first = local_date(period.end - KEPT, period.zone)
    told = [
        (thread, event)
        for thread, event in material.state.deviation_threads.actions()
        if thread.deviation.building in ids and event.day is not None and event.day >= first and event.at <= material.known
    ]
    return Table(
        key="actions",
        caption=Words("Åtgärder och verifierade besparingar", "Actions and verified savings"),
        corner=Words("Avvikelse", "Deviation"),
        columns=(
            Column("day", Words("Gjord", "Done")),
            Column("what", Words("Åtgärd", "Action")),
            Column("saving", Words("Verifierad besparing", "Verified saving"), "kWh"),
        ),
        rows=tuple(_row(material, subject, *each) for each in told),
        note=Words(
            "Besparingen är den användning som undvikits mot en modell av tiden före åtgärden, hittills.",
            "The saving is use avoided so far, against a model of the time before the action.",
        ),
    )


def _row(material: Material, subject: Subject, thread: Thread, event: ThreadEvent) -> Row:
    name, place = deviation_name(thread), deviation_place(thread, material.portfolio)
    if subject.kind is not SubjectKind.BUILDING:
        name = Words(f"{place.sv}: {small(name.sv)}", f"{place.en}: {small(name.en)}")
    of_this = event.kind is EventKind.ACTION and event.day == thread.action_day
    saving = _saving(material, thread.saving if of_this else None, event, thread)
    return Row(f"{thread.id}-{event.at:%Y%m%d%H%M%S}", name, (event.day, Words(event.text, event.text), saving))


def _saving(material: Material, saving: Saving | None, event: ThreadEvent, thread: Thread) -> ReportedFigure:
    zone = material.portfolio.timezone
    source = Words(f"avvikelse {thread.id}", f"deviation {thread.id}")
    if saving is None:
        on = day(event.day or local_date(event.at, zone), zone)
        return ReportedFigure(NOT_VERIFIED, "kWh", on, None, "savings", source=source)
    span = Period(PeriodKind.DAY, day(saving.first_day, zone).start, day(saving.last_day, zone).end, zone)
    return ReportedFigure(saving.kwh, "kWh", span, None, saving.model, margin=(saving.high - saving.low) / 2, source=source)
