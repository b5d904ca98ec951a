"""What freely chosen keys mean, and what they do not."""

import pytest

from collectors.decoders._keys import meaning, values

KEYS = {
    "temperature": ("temperature", "°C", ""),
    "externalTemperature2": ("temperature", "°C", "external_2"),
    "TempC_SHT": ("temperature", "°C", "c_sht"),
    "returnTemp": ("return_temperature", "°C", ""),
    "delta_temperature": ("temperature_difference", "K", ""),
    "hum_pct": ("relative_humidity", "%", ""),
    "CO2": ("co2", "ppm", ""),
    "pm2_5": ("pm2_5", "µg/m³", ""),
    "barometric_pressure_3": ("pressure", "hPa", "3"),
    "hydraulic.pressure.bar": ("pressure", "bar", "hydraulic"),
    "coolant.flow.litres_per_min": ("volume_flow", "l/min", "coolant"),
    "power.kw": ("power", "kW", ""),
    "Meter/ActivePower_W": ("active_power", "W", "meter"),
    "power_consumption_kwh": ("energy", "kWh", "power_consumption"),
    "total_kwh": ("energy", "kWh", "total"),
    "kwh_total": ("energy", "kWh", "total"),
    "heating_energy_mwh": ("heat_energy", "MWh", ""),
    "energy": ("energy", None, ""),
    "consumption_m3": ("volume", "m3", "consumption"),
    "current_mA": ("current", "mA", ""),
    "current_l1": ("current", None, "l_1"),
}
NOTHING = """
battery batteryVoltage BatV vdd rssi distance position motion count events status sensorStatus signalStrength fixangle snowHeight
gpio digital analog_in_1 light_level targetTemperature set_temperature temperature_alarm power_consumption pm10raw time readTime
pktType values ambient feed.rate.mm_per_min spindle.load.pct axis.x.position.mm spindle.speed.rpm program.cycle_count
singlePressEventCounter thermistorProperlyConnected
""".split()  # noqa: SIM905 - read as a table


@pytest.mark.parametrize("key", KEYS)
def test_a_key_says_quantity_unit_and_channel(key: str) -> None:
    """The unit from the last words; a unit that nothing states stays unknown."""
    means = meaning(key)

    assert means is not None
    assert (means.quantity, means.unit, means.channel) == KEYS[key]


@pytest.mark.parametrize("key", NOTHING)
def test_a_key_about_the_device_says_nothing(key: str) -> None:
    """Battery, radio, states, set points and machine data are no energy or climate values."""
    assert meaning(key) is None


def test_a_lone_voltage_is_a_batterys() -> None:
    """Beside a current or a power it is the mains'."""
    assert values({"voltage": 3.6, "temp": 6}, barometer=True)[0].meaning.quantity == "temperature"
    assert len(values({"voltage": 3.6, "temp": 6})) == 1
    assert len(values({"voltage": 231.0, "current": 1.2})) == 2


def test_pulses_are_whole() -> None:
    """83948.805 is what a wrong codec makes of a settings frame."""
    assert values({"pulse_1": 83948.805}) == []
    assert [item.value for item in values({"pulse_1": 83948.0})] == [83948.0]


def test_nested_values_are_found_with_the_unit_they_bring() -> None:
    """Codecs nest by sensor, by channel, or give value and unit apart."""
    found = values({"payload": {"temperature": 11.5}, "temperatureSensor": {"3": 21.5}, "energy": {"data": 17, "unit": "Wh"}})

    assert [(item.meaning.quantity, item.value, item.unit) for item in found] == [
        ("temperature", 11.5, "°C"),
        ("temperature", 21.5, "°C"),
        ("energy", 17.0, "Wh"),
    ]
