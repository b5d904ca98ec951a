"""Energy of heated buildings per square metre (Atemp): in all, and its parts heat and electricity. Domain facts 2.3.

Plants have no heated area, and their energy is left out of the sums of groups. It is energy over area at every level, never a
mean of buildings' values; where one building's area is not known, its groups' values are missing and say whose.
"""

import polars as pl

from config.domain.estate import UNHEATED_KINDS
from config.domain.indicators import Missing
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed
from services.indicators.energy import calculate as energy

METHOD = "specific-energy-1"
NO_AREA = Missing("Arean saknas: ange area_m2 (Atemp) i portfolio.yaml.", "No area: enter area_m2 (Atemp) in portfolio.yaml.")
PARTS = {"electricity": "electricity", "district_heating": "heat", "biofuel": "heat", "oil": "heat", "gas": "heat"}


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `heated_building_energy` by month: in all (carrier ""), and by carrier. [kWh]"""
    heated = [item.id for item in basis.portfolio.buildings.values() if item.kind not in UNHEATED_KINDS]
    rows = energy(basis).filter(
        (pl.col("subject_kind") == "building")
        & (pl.col("period") == "month")
        & pl.col("subject").is_in(heated)
        & ((pl.col("indicator") == "energy_total") | (pl.col("indicator") == "energy") & pl.col("carrier").is_in(list(PARTS)))
    )
    return completed(rows.with_columns(pl.lit("heated_building_energy").alias("indicator"), pl.lit(METHOD).alias("calculation")))


CALCULATION = Calculation(
    {"heated_building_energy": Over.SUM},
    calculate,
    made_of=("energy", "energy_total"),
    ratios=(Ratio("specific_energy", "heated_building_energy", "area_m2", NO_AREA),),
)
