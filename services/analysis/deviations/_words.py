"""Numbers and days as people write them, and kWh as kronor and kilograms."""

from datetime import date

from config.domain.deviations import Price
from config.domain.indicators import Missing

NBSP = "\u00a0"
CARRIERS_SV = {
    "electricity": "elanvändningen",
    "district_heating": "fjärrvärmen",
    "district_cooling": "fjärrkylan",
    "gas": "gasanvändningen",
    "oil": "oljeanvändningen",
    "biofuel": "biobränsleanvändningen",
}
CARRIERS_EN = {
    "electricity": "the use of electricity",
    "district_heating": "the district heating",
    "district_cooling": "the district cooling",
    "gas": "the use of gas",
    "oil": "the use of oil",
    "biofuel": "the use of biofuel",
}


def sv(value: float) -> str:
    """Three digits that matter, decimal comma, NBSP between thousands, the true minus."""
    return _digits(value).replace(",", NBSP).replace(".", ",").replace("-", "\u2212")


def en(value: float) -> str:
    """Three digits that matter, comma between thousands."""
    return _digits(value).replace("-", "\u2212")


def _digits(value: float) -> str:
    size = abs(value)
    decimals = 0 if size >= 100 or value == 0 else 1 if size >= 10 else 2 if size >= 1 else 3
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amounts(kwh: float, price: Price) -> tuple[float | Missing, float | Missing]:
    """Kronor and kilograms."""
    sek = price.sek_per_kwh if isinstance(price.sek_per_kwh, Missing) else kwh * price.sek_per_kwh
    kg = price.g_per_kwh if isinstance(price.g_per_kwh, Missing) else kwh * price.g_per_kwh / 1000
    return sek, kg


def since_sv(first: date, last: date, *, going_on: bool) -> str:
    return f"sedan {first}" if going_on else f"den {first}" if first == last else f"{first} till {last}"


def since_en(first: date, last: date, *, going_on: bool) -> str:
    return f"since {first}" if going_on else f"on {first}" if first == last else f"from {first} to {last}"
