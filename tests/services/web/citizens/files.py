"""Files as grid and heat companies let their customers take them out, and broken ones; what must come of each.

Server and browser read every one of them, and must agree. Every hour of the good ones is 1.5 kWh.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

KWH = 1.5
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, END = datetime(2025, 1, 1), datetime(2026, 1, 1)  # noqa: DTZ001 - wall clocks, as files have them
LEAP, AFTER_LEAP = datetime(2024, 1, 1), datetime(2025, 1, 1)  # noqa: DTZ001 - the same
SKIPPED, REPEATED = datetime(2025, 3, 30, 2), datetime(2025, 10, 26, 2)  # noqa: DTZ001 - the same


@dataclass(frozen=True)
class Case:
    """`kwh`: month → kWh; or `fault`, with what its sentence names where that is checked."""

    text: str
    kwh: dict[str, float] = field(default_factory=dict)
    fault: str = ""
    detail: str = ""


def times(first: datetime = FIRST, end: datetime = END, step: timedelta = HOUR) -> list[datetime]:
    return [first + at * step for at in range((end - first) // step)]


def local_hours() -> list[datetime]:
    """Of the wall clock: one skipped in March, one twice in October."""
    return sorted([each for each in times() if each != SKIPPED] + [REPEATED])


def whole(first: datetime = FIRST, months: int = 12) -> dict[str, float]:
    """1.5 kWh an hour of every day; what a clock skips or repeats is put right where a case needs it."""
    found = {}
    for at in range(months):
        number = first.year * 12 + first.month - 1 + at
        one = date(number // 12, number % 12 + 1, 1)
        after = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
        found[f"{one:%Y-%m}"] = (after - one).days * 24 * KWH
    return found


def lines(rows: Iterable[datetime], write: Callable[[datetime], str], head: str) -> str:
    return "\r\n".join([*head.splitlines(), *(write(each) for each in rows)]) + "\r\n"


def swedish(value: float) -> str:
    return f"{value:.3f}".replace(".", ",")


def months(first: datetime = FIRST, count: int = 12) -> list[tuple[date, float]]:
    return [(date.fromisoformat(f"{name}-01"), kwh) for name, kwh in whole(first, count).items()]


HOURLY = lines(times(), lambda at: f"{at:%Y-%m-%d %H:%M};{swedish(KWH)}", "Datum;kWh")
SUMMER_TIME = whole() | {"2025-03": 743 * KWH, "2025-10": 745 * KWH}

GOOD = {
    "hours, with lines above and a byte order mark": Case(
        "\ufeff"
        + lines(
            times(),
            lambda at: f"{at:%Y-%m-%d %H:%M};{swedish(KWH)}",
            "Anläggnings-ID;735999000000000011\nPeriod;2025\n\nDatum;Förbrukning (kWh)",
        ),
        whole(),
    ),
    "hours by the wall clock, with the clock changes": Case(
        lines(local_hours(), lambda at: f"{at:%Y-%m-%d %H:%M:%S};{swedish(KWH)};Uppmätt", "Starttid;Uttag, kWh;Status"),
        SUMMER_TIME,
    ),
    "hours as stretches of time": Case(
        lines(times(), lambda at: f"{at:%Y-%m-%d %H:%M} - {at + HOUR:%Y-%m-%d %H:%M};{swedish(KWH)}", "Period;kWh"), whole()
    ),
    "date and clock apart, with a tab": Case(
        lines(times(), lambda at: f"{at:%Y-%m-%d}\t{at:%H:%M}\t{swedish(KWH)}\t12,34", "Datum\tTid\tFörbrukning kWh\tPris (öre)"),
        whole(),
    ),
    "cost before use": Case(
        lines(
            times(), lambda at: f"{at:%Y-%m-%d %H:%M};99,5;-3,1;{swedish(KWH)}", "Tid;Kostnad (kr);Temperatur;Förbrukning (kWh)"
        ),
        whole(),
    ),
    "English, with commas and quotes": Case(
        lines(times(), lambda at: f'"{at:%Y-%m-%dT%H:%M}","{KWH}"', '"Time","Consumption (kWh)"'), whole()
    ),
    "commas between cells and in numbers": Case(
        lines(times(), lambda at: f'{at:%Y-%m-%d %H:%M},"{swedish(KWH)}"', "Tid,kWh"), whole()
    ),
    "UTC, told by a Z": Case(
        lines(times(FIRST - HOUR, END - HOUR), lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ};{swedish(KWH)}", "Tid;kWh"), whole()
    ),
    "its own offset": Case(lines(times(), lambda at: f"{at:%Y-%m-%dT%H:%M:%S}+01:00;{swedish(KWH)}", "Tid;kWh"), whole()),
    "compact times": Case(lines(times(), lambda at: f"{at:%Y%m%d %H:%M};{swedish(KWH)}", "Tid;kWh"), whole()),
    "no heads at all": Case(lines(times(), lambda at: f"{at:%Y-%m-%d %H:%M};{swedish(KWH)}", ""), whole()),
    "quarters": Case(
        lines(times(step=HOUR / 4), lambda at: f"{at:%Y-%m-%d %H:%M};{swedish(KWH / 4)}", "Tid;Energi (kWh)"), whole()
    ),
    "watt-hours": Case(lines(times(), lambda at: f"{at:%Y-%m-%d %H:%M};{KWH * 1000:.0f}", "Tid;Energi (Wh)"), whole()),
    "days": Case(lines(times(step=DAY), lambda at: f"{at:%Y-%m-%d};{swedish(KWH * 24)}", "Datum;kWh"), whole()),
    "days, day first, with a sum below": Case(
        lines(times(step=DAY), lambda at: f"{at:%d.%m.%Y};{swedish(KWH * 24)}", "Datum;kWh") + "Summa;13140,000\r\n", whole()
    ),
    "days of a leap year": Case(
        lines(times(LEAP, AFTER_LEAP, DAY), lambda at: f"{at:%Y-%m-%d};{swedish(KWH * 24)}", "Datum;kWh"), whole(LEAP)
    ),
    "months": Case("Månad;kWh\n" + "\n".join(f"{on:%Y-%m};{swedish(kwh)}" for on, kwh in months()), whole()),
    "months of a heat company, in MWh": Case(
        "Månad;Energi (MWh)\n" + "\n".join(f"{on:%Y-%m-%d};{swedish(kwh / 1000)}" for on, kwh in months()), whole()
    ),
    "months by name, with spaces in numbers": Case(
        "Period;Förbrukning\n"
        + "\n".join(
            f"{name} {2025};{kwh:,.0f} kWh".replace(",", "\u00a0")
            for name, kwh in zip(
                ("Januari", "februari", "Mars", "april", "maj", "juni", "juli", "aug.", "sept", "okt", "november", "December"),
                whole().values(),
                strict=True,
            )
        ),
        whole(),
    ),
    "two years: the last twelve whole months": Case(
        lines(times(FIRST, datetime(2026, 8, 20)), lambda at: f"{at:%Y-%m-%d %H:%M};{swedish(KWH)}", "Tid;kWh"),  # noqa: DTZ001 - a wall clock
        whole(datetime(2025, 8, 1)),  # noqa: DTZ001 - a wall clock
    ),
    "the latest first": Case(
        lines(reversed(times(step=DAY)), lambda at: f"{at:%Y-%m-%d};{swedish(KWH * 24)}", "Datum;kWh"), whole()
    ),
}
BAD = {
    "nothing": Case("", fault="empty"),
    "blank lines": Case("\n \n\r\n", fault="empty"),
    "a letter": Case("Hej!\nHär kommer min förbrukning.\n", fault="no_columns"),
    "a PDF": Case("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", fault="no_columns"),
    "a web page": Case("<!doctype html>\n<html><body>Logga in</body></html>\n", fault="no_columns"),
    "columns without times": Case("Namn;kWh\nAnna;12\nBo;13\n", fault="no_rows"),
    "times without numbers": Case("Datum;Status\n2025-01-01;Uppmätt\n2025-01-02;Uppmätt\n", fault="no_rows"),
    "two columns of numbers, none of them named": Case(
        lines(times(step=DAY), lambda at: f"{at:%Y-%m-%d};1;2", "Datum;A;B"), fault="no_value_column"
    ),
    "what was sent out": Case(
        lines(times(step=DAY), lambda at: f"{at:%Y-%m-%d};-1,5", "Datum;kWh"), fault="negative", detail="2025-01-01"
    ),
    "two meters": Case(
        lines([each for each in times(step=DAY) for _ in range(2)], lambda at: f"{at:%Y-%m-%d};1,5", "Datum;kWh"),
        fault="twice",
        detail="2025-01-01",
    ),
    "weeks": Case(lines(times(step=7 * DAY), lambda at: f"{at:%Y-%m-%d};100", "Datum;kWh"), fault="step"),
    "eleven months": Case(
        "Månad;kWh\n" + "\n".join(f"{on:%Y-%m};{swedish(kwh)}" for on, kwh in months(count=11)),
        fault="missing_months",
        detail="2024-12",
    ),
    "a month with a hole": Case(
        lines(
            [each for each in times() if not (each.month == 5 and each.day == 4)],
            lambda at: f"{at:%Y-%m-%d %H:%M};1,5",
            "Tid;kWh",
        ),
        fault="missing_months",
        detail="2025-05",
    ),
    "a month whose values are not there": Case(
        lines(times(step=DAY), lambda at: f"{at:%Y-%m-%d};{'' if at.month == 2 else '36'}", "Datum;kWh"),
        fault="missing_months",
        detail="2025-02",
    ),
    "a few days": Case(lines(times(step=DAY)[:10], lambda at: f"{at:%Y-%m-%d};36", "Datum;kWh"), fault="no_whole_month"),
    "dates that do not exist": Case("Datum;kWh\n2025-02-30;1\n2025-13-01;2\n", fault="no_rows"),
    "a script": Case("<script>alert(1)</script>;1\n<b>;2\n", fault="no_rows"),
}
CASES = GOOD | BAD
