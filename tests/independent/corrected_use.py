"""Weather-corrected use of the estate's buildings from its definition: NumPy and the standard library, none of our own code.

Definition (domain facts 3.2): E_norm = (E - E_base) · GD_normal / GD_actual + E_base for heat, month by month, with
GD = sum of max(0, 17 - the day's mean), E_base = mean heat of a day in the last whole summer before the month times the month's
days, at most E; a ratio outside 0.5-2 leaves the month as it is. All other energy is added uncorrected. Days with heat readings
count, and only those. Normal: the mean over the four years of the same calendar day, since the estate has no thirty years.
"""

import csv
import gzip
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

BASE = 17.0


def read_weather(path: Path) -> dict[date, float]:
    """Daily means of the air by UTC day."""
    hours: dict[date, list[float]] = {}
    with gzip.open(path, "rt") as lines:
        for row in csv.DictReader(lines):
            if row["air_temperature_c"]:
                hours.setdefault(date.fromisoformat(row["time"][:10]), []).append(float(row["air_temperature_c"]))
    return {day: float(np.mean(values)) for day, values in hours.items() if len(values) == 24}


def read_energy(path: Path, zone: str) -> dict[str, dict[date, tuple[list[float], list[float]]]]:
    """Building → local day → its known hours of heat and of electricity."""
    local: dict[str, date] = {}
    found: dict[str, dict[date, tuple[list[float], list[float]]]] = {}
    with gzip.open(path, "rt") as lines:
        for row in csv.DictReader(lines):
            time = row["time"]
            if time not in local:
                local[time] = datetime.fromisoformat(time.replace("Z", "+00:00")).astimezone(ZoneInfo(zone)).date()
            heat, electricity = found.setdefault(row["building"], {}).setdefault(local[time], ([], []))
            if row["heat_kwh"]:
                heat.append(float(row["heat_kwh"]))
            if row["electricity_kwh"]:
                electricity.append(float(row["electricity_kwh"]))
    return found


def hours_of(day: date, zone: str) -> float:
    """23, 24 or 25."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    after = day + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone))
    return (end.timestamp() - start.timestamp()) / 3600


def corrected_months(energy: Path, weather: Path, zone: str) -> dict[tuple[str, date], float]:
    """(building, first of month) → heat and electricity in normal weather. [kWh] Months without a summer before are not there."""
    means = read_weather(weather)
    calendar: dict[tuple[int, int], list[float]] = {}
    for day, mean in means.items():
        calendar.setdefault((day.month, day.day), []).append(max(0.0, BASE - mean))
    normal = {key: float(np.mean(values)) for key, values in calendar.items()}
    result: dict[tuple[str, date], float] = {}
    for building, days in read_energy(energy, zone).items():
        heat = {day: float(np.sum(hours[0])) for day, hours in days.items() if hours[0]}
        for month in sorted({day.replace(day=1) for day in days}):
            summer = month.year if month.month > 8 else month.year - 1
            known = [
                heat[day]
                for day in heat
                if day.year == summer and day.month in (6, 7, 8) and len(days[day][0]) >= 0.9 * hours_of(day, zone) - 1e-9
            ]
            mine = [day for day in heat if day.replace(day=1) == month]
            if len(known) < 0.8 * 92 or not mine:
                continue
            used = float(np.sum([heat[day] for day in mine]))
            base = min(float(np.mean(known)) * len(mine), used)
            with_weather = [day for day in mine if day in means]
            actual = float(np.sum([max(0.0, BASE - means[day]) for day in with_weather]))
            wanted = float(np.sum([normal[day.month, day.day] for day in with_weather]))
            ratio = wanted / actual if actual > 0 else 0.0
            moved = (used - base) * ratio + base if 0.5 <= ratio <= 2.0 else used
            electricity = float(np.sum([np.sum(days[day][1]) for day in days if day.replace(day=1) == month]))
            result[building, month] = moved + electricity
    return result
