"""IEC CIM time series (EDDIE, AIIDA): quantities with a type code, 0 for consumed energy and 2 for active power.

Format: EDDIE's near-real-time document. Power in kW, energy in kWh.
"""

from collections.abc import Iterator
from typing import Any

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, iso_time, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

TYPES = {
    "0": Field("active_energy_import", "kWh", C),
    "1": Field("active_energy_export", "kWh", C),
    "2": Field("active_power_import", "kW", G),
    "3": Field("active_power_export", "kW", G),
}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a quantity of a known type."""
    body = json_object(message)
    resource, quantities = body.get("registeredResource.mRID"), body.get("Quantity")
    if not isinstance(quantities, list) or resource is None:
        raise Unrecognised("no time series of CIM")
    device: Any = resource.get("value") if isinstance(resource, dict) else resource
    if not isinstance(device, str) or not device:
        raise Undecodable("registeredResource.mRID: a text was expected")
    time = iso_time(body.get("dateAndOrTime.dateTime"))
    for quantity in quantities:
        if isinstance(quantity, dict):
            field, value = TYPES.get(str(quantity.get("type"))), finite(quantity.get("quantity"))
            if field is not None and value is not None:
                yield Observation(device, field.quantity, value, field.unit, time, field.accumulation)


DECODER = Decoder(family="cim", group="han-p1", topics=("aiida/#",), decode=decode)
