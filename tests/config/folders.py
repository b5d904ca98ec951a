"""A small, right municipality, to be made wrong in one place."""

from collections.abc import Mapping
from pathlib import Path

from config.loading import check_municipality
from config.municipality.faults import Fault

PORTFOLIO = """\
municipality: Lillköping
timezone: Europe/Stockholm
owners:
  - {id: skolnamnden, name: Skolnämnden, kind: committee}
buildings:
  - id: skola
    name: Skolan
    kind: school
    owner: skolnamnden
    area_m2: 5200
    public: true
    points:
      - id: el-skola
        name: El
        carrier: electricity
        resolution: 0.001
        digits: 6
        interval: 10 s
        meters:
          - id: m-el
            family: amsleser
            device: "0012345678"
            from: 2024-01-01
            registers: [active_energy_import, active_energy_export, active_power.L1]
      - id: el-ut-skola
        name: El, ut
        carrier: electricity
        direction: export
        resolution: 0.001
        meters:
          - id: m-el
            from: 2024-01-01
            settle: active_energy_export
      - id: el-kok
        name: El, kök
        carrier: electricity
        resolution: 0.001
        parent: el-skola
        meters:
          - id: m-kok
            family: tasmota
            device: kok
            from: 2024-01-01
            registers: [{quantity: active_energy_import, as_sent: energy, unit: Wh}]
      - id: fv-skola
        name: Fjärrvärme
        carrier: district_heating
        resolution: 1
        meters:
          - id: m-fv-1
            family: wmbusmeters
            device: "01234567"
            from: 2024-01-01
            to: 2026-03-12T10:15
            end_register: 4128
            registers: [heat_energy, volume]
          - id: m-fv-2
            family: wmbusmeters
            device: "01234568"
            from: 2026-03-12T10:40
            start_register: 12
            registers: [heat_energy, volume]
"""
SOURCES = """\
sources:
  - topic: ams/#
    family: amsleser
  - topic: elvaco/#
    family: elvaco
    timezone: UTC+1
"""
FACTORS = """\
factors:
  - id: el-2024
    carrier: electricity
    year: 2024
    value: 464.79
    unit: g CO2/kWh
    perspective: market
    includes: [combustion]
    source: Ei
    mark: S
"""
GOALS = """\
goals:
  - id: budget
    level: municipality
    owner: skolnamnden
    text_sv: Koldioxidbudget
    text_en: Carbon budget
    indicator: CO2
    unit: index
    path: yearly_compound
    base_year: 2020
    base_value: 100
    target_year: 2040
    yearly_change: -0.164
    source: borlange.se
    mark: V
"""
TARIFFS = """\
tariffs:
  - id: el
    name: El
    carrier: electricity
    supplier: Elnät
    valid_from: 2021-01-01
    valid_to: 2022-01-01
    components: [{kind: fixed, price: 7900}]
    source: prislista
    mark: V
"""
AUDIENCES = """\
audiences:
  - {id: board, title_sv: Styrelsen, title_en: Board, owners: [skolnamnden]}
"""
CALENDAR = """\
school_years:
  - id: 2026-27
    autumn_term: {first_day: 2026-08-18, last_day: 2026-12-18}
    spring_term: {first_day: 2027-01-11, last_day: 2027-06-11}
    source: Skolnämnden
    mark: S
"""
WEATHER = """\
attribution: SMHI, CC BY 4.0
stations:
  - {id: "105260", name: Flygplatsen, measures: [air_temperature, air_temperature_daily], source: SMHI, mark: V}
  - {id: "105370", name: Grannstaden, measures: [air_temperature_daily], source: SMHI, mark: V}
"""
INDOOR = """\
ranges:
  - {id: skolor, kinds: [school], lowest_c: 20, highest_c: 26, first_hour: 7, last_hour: 17, source: Rutin 7, mark: S}
"""
FILES: Mapping[str, str] = {
    "portfolio.yaml": PORTFOLIO,
    "sources.yaml": SOURCES,
    "factors.yaml": FACTORS,
    "goals.yaml": GOALS,
    "tariffs.yaml": TARIFFS,
    "audiences.yaml": AUDIENCES,
    "calendar.yaml": CALENDAR,
    "weather.yaml": WEATHER,
    "indoor.yaml": INDOOR,
}


def written(folder: Path, **changed: str | None) -> Path:
    """The municipality in a folder; `sources=None` leaves sources.yaml out."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        given = changed.get(name.removesuffix(".yaml"), text)
        if given is not None:
            (folder / name).write_text(given, encoding="utf-8")
    return folder


def altered(text: str, old: str, new: str) -> str:
    """`text` with its one `old` replaced."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def faults_of(folder: Path, families: frozenset[str] | None = None) -> tuple[Fault, ...]:
    """Faults and warnings of the folder."""
    return check_municipality(folder, families)[1]


def sentences(folder: Path) -> list[str]:
    """Every fault, as people read it."""
    return [fault.sentence() for fault in faults_of(folder)]
