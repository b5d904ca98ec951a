"""Why a published figure moved."""

from collections.abc import Mapping
from enum import StrEnum


class Cause(StrEnum):
    """What made days dirty that were calculated before."""

    LATE = "late"  # readings came, or came again, after their day was over
    EXCHANGE = "exchange"  # a person confirmed or rejected an exchange
    PORTFOLIO = "portfolio"  # a point, an area, an installation was entered otherwise
    FACTOR = "factor"  # a factor was restated or entered
    TARIFF = "tariff"
    RANGE = "range"  # when rooms are occupied, or within what they should be
    PRICE = "price"  # a day-ahead price came
    WEATHER = "weather"  # weather came late, was checked, or the normal period changed
    VERSION = "version"  # our own calculation changed
    BASE = "base"  # the year that a line is drawn from came out otherwise


CAUSE_WORDS: Mapping[Cause, tuple[str, str]] = {
    Cause.LATE: ("{days} kom in sent", "{days} came in late"),
    Cause.EXCHANGE: ("ett mätarbyte avgjordes", "a meter exchange was decided"),
    Cause.PORTFOLIO: ("portföljen ändrades", "the portfolio was changed"),
    Cause.FACTOR: ("en faktor ändrades", "a factor was changed"),
    Cause.TARIFF: ("en tariff ändrades", "a tariff was changed"),
    Cause.RANGE: ("tider eller gränser för inomhusklimatet ändrades", "times or ranges of the indoor climate were changed"),
    Cause.PRICE: ("spotpriser kom in", "day-ahead prices came in"),
    Cause.WEATHER: ("väderdata ändrades", "weather data changed"),
    Cause.BASE: ("basåret ändrades", "the base year was changed"),
    Cause.VERSION: ("beräkningen ändrades", "the calculation was changed"),
}
