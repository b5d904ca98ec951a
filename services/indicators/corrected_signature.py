"""Energy in normal weather by the building's own energy signature: the third way beside `corrected_use`. Domain facts 3.3.

    E_norm = E + k · SUM_days (normal day's max(0, Tb - T) - the day's max(0, Tb - T))

P0, k and Tb are the building's own, of the twelve months before the month. Added up over the days that a model was fitted to this
is SUM_model(T_normal), the definition of domain facts 3.3, since residuals of least squares are nought in all; of other days it
keeps what the model does not explain: a month in which a building saves shows it, where the model's own value would show the year
before. Nothing is divided by a month's degree days, so summer needs no rule of its own. More than the heat itself is never taken
off.

Why the twelve months before, and not a calendar year: a month's figure is final when the month is, it never rests on itself, the
cold and the warm half are always in it, and a late day moves its own month and the twelve after it; of a fitted calendar year it
would be up to 23, and `corrected_use` asks for 14 already. What it costs: a rebuilt building is corrected by its old slope for
some months. Only the difference of the weather goes by it, which is seldom a tenth of the heat.

± is that of the metered energy, of the slope (residuals that follow each other counted as fewer), and of days whose temperature
is another station's or not known.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from config.domain.indicators import Missing
from services.analysis.fit_statistics import LEAST_R2
from services.analysis.rolling_signature import (
    BALANCES_C,
    WINDOW_MONTHS,
    WINDOW_SHARE,
    Floats,
    Signatures,
    moved,
    normal_degrees,
    rolling_signatures,
)
from services.analysis.weather_correction import WHOLE_DAY
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed
from services.indicators._corrected import (
    BRIDGED_K,
    HEAT,
    NO_WEATHER,
    UNKNOWN_K,
    WEATHER_SHARE,
    both,
    heated_months,
    no_normal,
    quoted,
    said,
    told,
    with_the_rest,
    words,
)
from services.indicators.specific_energy import NO_AREA

METHOD = "corrected-signature-1"
INDICATOR = "corrected_energy_signature"
GREATEST_CVRMSE = 50.0  # of days, LBNL BETTER's default [V in its code]; savings ask for more, see fit_statistics [%]
Z90 = 1.645
_SERIES = ("subject", "carrier")
_FITTED = dict.fromkeys(("per_k", "error", "known", "window", "r2", "cvrmse", "degrees", "doubt", "days", "warm"), pl.Float64)
_SCHEMA = pl.Schema({"subject": pl.String, "carrier": pl.String, "month": pl.Date, "balance": pl.Float64, **_FITTED})
_NO_NORMAL_DAY = Missing(
    "Ett av månadens dygn saknas i normalåret: hämta stationens arkiv.",
    "One of the month's days is not in the normal year: fetch the station's archive.",
)


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `corrected_energy_signature` by month, per heat carrier and in all. [kWh]"""
    rows = heated_months(basis)
    heat = rows.filter(pl.col("carrier").is_in(HEAT))
    fitted = heat.join(_fitted(basis, heat), on=[*_SERIES, "month"], how="left", maintain_order="left")
    change = pl.col("per_k") * pl.col("degrees")
    weather = both(Z90 * pl.col("error") * pl.col("degrees"), pl.col("per_k") * pl.col("doubt"))
    terms = basis.weather.terms
    made_with = quoted(f"twelve months before, {terms.station}, {terms.normal_period}")
    made = fitted.with_columns(
        (pl.col("energy") + change).clip(lower_bound=0.0).alias("value"),
        both(pl.col("metered_uncertainty"), weather.fill_null(0.0)).alias("uncertainty"),
        pl.concat_str(
            pl.lit("{"),
            told("balance-temperature", pl.format("{} °C", pl.col("balance").fill_null(0.0))),
            pl.lit(f',"signature":"{made_with}"}}'),
        ).alias("factors"),
    )
    part = said(made, INDICATOR, METHOD, [no_normal(basis, basis.weather.normal_temperatures), *_lacks()])
    return completed(pl.concat([part, with_the_rest(rows.filter(pl.col("carrier") == ""), part, INDICATOR, METHOD)]))


def _lacks() -> list[tuple[tuple[pl.Expr, pl.Expr], pl.Expr]]:
    """Why a month has no signature, or none to go by."""
    known = (pl.col("known").fill_null(0.0).cast(pl.Int64), pl.col("window").fill_null(365.0).cast(pl.Int64))
    few = (
        pl.format(
            "Energisignaturen behöver de tolv månaderna före: {} av {} dygn har både värme och temperatur, minst nio av tio "
            "krävs; läs in det som fattas.",
            *known,
        ),
        pl.format(
            "The energy signature needs the twelve months before: {} of {} days have both heat and temperature, at least nine of "
            "ten are needed; import what lacks.",
            *known,
        ),
    )
    told_by = (pl.col("r2").fill_null(0.0) * 100).round(0).cast(pl.Int64), pl.col("cvrmse").fill_null(0.0).round(0).cast(pl.Int64)
    loose = (
        pl.format(
            "Värmen följer inte utetemperaturen tillräckligt (R² {} %, minst 60 krävs; CVRMSE {} %, högst 50): använd "
            "graddagarna, och se efter om uppvärmningen styrs som den ska.",
            *told_by,
        ),
        pl.format(
            "Heat does not follow the outdoor temperature well enough (R² {} %, at least 60 needed; CVRMSE {} %, at most 50): "
            "use degree days, and see whether the heating is controlled as it should.",
            *told_by,
        ),
    )
    usable = (pl.col("r2") >= LEAST_R2) & (pl.col("cvrmse") <= GREATEST_CVRMSE)
    return [
        (few, pl.col("known").fill_null(0.0) < WINDOW_SHARE * pl.col("window").fill_null(365.0)),
        (words(NO_WEATHER), pl.col("warm") < WEATHER_SHARE * pl.col("days")),
        (loose, ~usable.fill_null(value=False)),
        (words(_NO_NORMAL_DAY), pl.col("degrees").is_null()),
    ]


def _fitted(basis: Basis, heat: pl.DataFrame) -> pl.DataFrame:
    """Columns `_SCHEMA`: each series' signature of each month, and what the month would need to become a normal one; null
    where it has none."""
    months = heat["month"].unique().sort()
    normal = basis.weather.normal_temperatures
    if heat.is_empty() or normal.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    series = heat.select(_SERIES).unique().sort(_SERIES).with_row_index("series")
    days = pl.DataFrame(
        {"day": pl.date_range(months.dt.offset_by(f"-{WINDOW_MONTHS}mo")[0], months.dt.month_end()[-1], eager=True)}
    ).with_row_index("row")
    use, share = _matrices(basis.history, days, series)
    temperature, doubt = _weather(basis.weather.days, days)
    number = _places(days["day"].dt.year().cast(pl.Int64) * 12 + days["day"].dt.month())
    asked = (months.dt.year().cast(pl.Int64) * 12 + months.dt.month()).to_list()
    signatures = rolling_signatures(temperature, use, number, asked)
    table = normal_degrees(_places(normal["month"]), _places(normal["day_of_month"]), _floats(normal))
    usual = table[_places(days["day"].dt.month()), _places(days["day"].dt.day())]
    parts = []
    for row, month in enumerate(asked):
        at = np.flatnonzero(number == month)
        found = moved(signatures.balance[row], temperature[at], doubt[at], UNKNOWN_K, share[at], usual[at])
        columns = (found.degrees, found.doubt, found.days, found.with_weather)
        parts.append(_rows(signatures, row, months[row], series, columns))
    return pl.concat(parts)


def _rows(signatures: Signatures, row: int, month: object, series: pl.DataFrame, moved_by: tuple[Floats, ...]) -> pl.DataFrame:
    fit = (signatures.slope, signatures.slope_error, signatures.known, signatures.window, signatures.r2, signatures.cvrmse)
    columns = dict(zip(_FITTED, (*(item[row] for item in fit), *moved_by), strict=True))
    frame = series.select(_SERIES).with_columns(
        pl.lit(month).alias("month"),
        pl.Series("balance", BALANCES_C[signatures.balance[row]]),
        **{n: pl.Series(v) for n, v in columns.items()},
    )
    return frame.select(list(_SCHEMA)).cast(_SCHEMA).with_columns(pl.col(list(_FITTED)).fill_nan(None))


def _matrices(history: pl.DataFrame, days: pl.DataFrame, series: pl.DataFrame) -> tuple[Floats, Floats]:
    """Use of days known well enough to be fitted to (else NaN), and how much of each day is known. [days × series]"""
    rows = history.join(days, on="day").join(series, left_on=["building", "reported_as"], right_on=list(_SERIES))
    at = rows["row"].to_numpy(), rows["series"].to_numpy()
    use, share = np.full((days.height, series.height), np.nan), np.zeros((days.height, series.height))
    share[at] = rows["coverage"].to_numpy()
    use[at] = np.where(rows["coverage"].to_numpy() >= WHOLE_DAY, rows["value"].to_numpy(), np.nan)
    return use, share


def _weather(known: pl.DataFrame, days: pl.DataFrame) -> tuple[Floats, Floats]:
    """Temperature of each day (NaN where not known), and how far off it may be. [°C, K]"""
    joined = days.join(known, on="day", how="left", maintain_order="left")
    doubt = pl.when("bridged").then(BRIDGED_K).otherwise(0.0)
    return _floats(joined), joined.select(doubt)["literal"].to_numpy()


def _places(column: pl.Series) -> NDArray[np.intp]:
    return column.to_numpy().astype(np.intp)


def _floats(frame: pl.DataFrame) -> Floats:
    return frame["temperature_c"].cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)


CALCULATION = Calculation(
    {INDICATOR: Over.SUM},
    calculate,
    made_of=("heated_building_energy",),
    looks_back_months=WINDOW_MONTHS,
    ratios=(Ratio("corrected_specific_energy_signature", INDICATOR, "area_m2", NO_AREA),),
)
