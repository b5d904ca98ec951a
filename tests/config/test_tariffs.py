"""Tariffs by day."""

from datetime import date

from config.domain.estate import Carrier
from config.domain.factors import Mark
from config.domain.indicators import Missing
from config.domain.tariffs import Component, ComponentKind, Tariff, Tariffs

OLD = Tariff(
    "el",
    "El",
    Carrier.ELECTRICITY,
    "Elnät",
    date(2021, 1, 1),
    date(2022, 1, 1),
    (Component(ComponentKind.FIXED, 7900),),
    "",
    Mark.VERIFIED,
)
NEW = Tariff("el", "El", Carrier.ELECTRICITY, "Elnät", date(2025, 1, 1), None, (), "", Mark.VERIFIED)
TARIFFS = Tariffs(0.25, (OLD, NEW))


def test_a_tariff_holds_from_its_first_day_to_the_one_before_its_end() -> None:
    """`valid_to` is the first day outside."""
    assert TARIFFS.tariff("el", date(2021, 1, 1)) == OLD
    assert TARIFFS.tariff("el", date(2021, 12, 31)) == OLD
    assert TARIFFS.tariff("el", date(2026, 11, 23)) == NEW


def test_a_day_without_a_price_is_missing() -> None:
    """An old price list is not lent to later years."""
    found = TARIFFS.tariff("el", date(2022, 1, 1))

    assert found == Missing(
        "Tariffen el har inget pris för 2022-01-01; införda perioder: 2021-01-01 – 2022-01-01, 2025-01-01.",
        "The tariff el has no price for 2022-01-01; periods entered: 2021-01-01 – 2022-01-01, 2025-01-01.",
    )


def test_an_unknown_tariff_is_missing() -> None:
    """Named, so that it can be entered."""
    assert isinstance(TARIFFS.tariff("fjarrvarme", date(2021, 1, 1)), Missing)
