"""Sparkplug's wire format against Google's own encoder, with the schema of the specification built at run time."""

import hypothesis.strategies as st
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from hypothesis import given

from collectors.decoders._sparkplug_wire import binary_payload
from collectors.decoders.sparkplug import decode
from collectors.messages import RawMessage
from config.errors import Undecodable
from tests.collectors.decoders.matching import RECEIVED

UINT32, UINT64, BOOL, STRING, FLOAT, DOUBLE, MESSAGE = 13, 4, 8, 9, 2, 1, 11
OPTIONAL, REPEATED = 1, 3


def schema() -> type:
    """The fields of sparkplug_b.proto that carry a number, a name or a unit."""
    file = descriptor_pb2.FileDescriptorProto(name="spb.proto", package="t", syntax="proto2")
    value = file.message_type.add(name="PropertyValue")
    value.field.add(name="type", number=1, type=UINT32, label=OPTIONAL)
    value.field.add(name="string_value", number=8, type=STRING, label=OPTIONAL)
    properties = file.message_type.add(name="PropertySet")
    properties.field.add(name="keys", number=1, type=STRING, label=REPEATED)
    properties.field.add(name="values", number=2, type=MESSAGE, type_name=".t.PropertyValue", label=REPEATED)
    metric = file.message_type.add(name="Metric")
    for name, number, kind in (
        ("name", 1, STRING), ("alias", 2, UINT64), ("timestamp", 3, UINT64), ("datatype", 4, UINT32), ("is_historical", 5, BOOL),
        ("is_null", 7, BOOL), ("int_value", 10, UINT32), ("long_value", 11, UINT64), ("float_value", 12, FLOAT),
        ("double_value", 13, DOUBLE), ("boolean_value", 14, BOOL), ("string_value", 15, STRING),
    ):  # fmt: skip
        metric.field.add(name=name, number=number, type=kind, label=OPTIONAL)
    metric.field.add(name="properties", number=9, type=MESSAGE, type_name=".t.PropertySet", label=OPTIONAL)
    metric.field.add(name="template_value", number=18, type=MESSAGE, type_name=".t.Template", label=OPTIONAL)
    template = file.message_type.add(name="Template")
    template.field.add(name="metrics", number=2, type=MESSAGE, type_name=".t.Metric", label=REPEATED)
    template.field.add(name="is_definition", number=5, type=BOOL, label=OPTIONAL)
    payload = file.message_type.add(name="Payload")
    payload.field.add(name="timestamp", number=1, type=UINT64, label=OPTIONAL)
    payload.field.add(name="metrics", number=2, type=MESSAGE, type_name=".t.Metric", label=REPEATED)
    payload.field.add(name="seq", number=3, type=UINT64, label=OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("t.Payload"))


PAYLOAD = schema()
TIME = 1_700_000_000_000


def nothing(_topic: str) -> RawMessage | None:
    return None


def message(payload: object, topic: str = "spBv1.0/g/NDATA/n") -> RawMessage:
    return RawMessage(topic=topic, payload=payload.SerializeToString(), received=RECEIVED)  # type: ignore[attr-defined]  # made at run time


@given(value=st.floats(allow_nan=False, allow_infinity=False), alias=st.integers(0, 2**63))
def test_doubles_and_aliases_travel_unchanged(value: float, alias: int) -> None:
    """Any double, any alias."""
    payload = PAYLOAD(timestamp=TIME)
    payload.metrics.add(name="power.kw", alias=alias, datatype=10, double_value=value)

    (metric,) = binary_payload(payload.SerializeToString()).metrics

    assert (metric.name, metric.alias, metric.value(metric.type)) == ("power.kw", alias, value)


SIGNED = {1: 8, 2: 16, 3: 32, 4: 64}


@given(code=st.sampled_from(sorted(SIGNED)), data=st.data())
def test_signed_integers_are_twos_complement(code: int, data: st.DataObject) -> None:
    """Int8 to Int32 travel in an unsigned 32-bit field, Int64 in an unsigned 64-bit one."""
    value = data.draw(st.integers(-(2 ** (SIGNED[code] - 1)), 2 ** (SIGNED[code] - 1) - 1))
    field, bits = ("long_value", 64) if code == 4 else ("int_value", 32)
    payload = PAYLOAD(timestamp=TIME)
    payload.metrics.add(name="power.kw", datatype=code, **{field: value % (1 << bits)})

    (metric,) = binary_payload(payload.SerializeToString()).metrics

    assert metric.value(metric.type) == float(value)


def test_a_float_keeps_the_digits_that_it_has() -> None:
    """12.1 in 32 bits is 12.100000381469727; the sender meant 12.1."""
    payload = PAYLOAD(timestamp=TIME)
    payload.metrics.add(name="Supply Voltage", datatype=9, float_value=12.1)

    assert [item.value for item in decode(message(payload), nothing)] == [12.1]


def test_null_strings_booleans_and_times_are_no_numbers() -> None:
    """A metric whose type is no number has none, whatever field it uses."""
    payload = PAYLOAD(timestamp=TIME)
    payload.metrics.add(name="temperature", datatype=10, is_null=True)
    payload.metrics.add(name="temperature a", datatype=11, boolean_value=True)
    payload.metrics.add(name="temperature b", datatype=12, string_value="21.5")
    payload.metrics.add(name="temperature c", datatype=13, long_value=TIME)

    assert list(decode(message(payload), nothing)) == []


def test_the_unit_may_stand_in_the_properties() -> None:
    """Ignition writes engUnit; the name then need not say it."""
    payload = PAYLOAD(timestamp=TIME)
    metric = payload.metrics.add(name="Boiler/Energy", datatype=10, double_value=5.0)
    metric.properties.keys.append("engUnit")
    metric.properties.values.add(type=12, string_value="MWh")

    assert [(item.quantity, item.unit) for item in decode(message(payload), nothing)] == [("energy", "MWh")]


def test_the_metrics_of_a_template_instance_are_read_and_its_definition_is_not() -> None:
    """A definition's values are defaults."""
    payload = PAYLOAD(timestamp=TIME)
    instance = payload.metrics.add(name="Pump 1", datatype=19)
    instance.template_value.metrics.add(name="power.kw", datatype=10, double_value=1.5)
    definition = payload.metrics.add(name="_types_/Pump", datatype=19)
    definition.template_value.is_definition = True
    definition.template_value.metrics.add(name="power.kw", datatype=10, double_value=9.0)

    assert [(item.device, item.channel, item.value) for item in decode(message(payload), nothing)] == [
        ("g/n", "Pump 1/power.kw", 1.5)
    ]


def test_an_alias_takes_name_type_and_unit_from_the_birth() -> None:
    """Data name nothing but the alias: -3 is 4294967293 until the birth says Int32."""
    birth, data = PAYLOAD(timestamp=TIME), PAYLOAD(timestamp=TIME)
    birth.metrics.add(name="Outdoor Temperature", alias=7, datatype=3, int_value=0)
    data.metrics.add(alias=7, int_value=2**32 - 3)
    births = {"spBv1.0/g/NBIRTH/n": message(birth, "spBv1.0/g/NBIRTH/n")}

    assert [item.value for item in decode(message(data), births.get)] == [-3.0]


def test_an_alias_before_any_birth_is_refused_with_what_to_do() -> None:
    """It waits as a dead letter and can be retried when the node is born again."""
    data = PAYLOAD(timestamp=TIME)
    data.metrics.add(alias=7, double_value=1.0)

    with pytest.raises(Undecodable, match="Rebirth"):
        list(decode(message(data), nothing))


def test_a_devices_aliases_are_those_of_its_birth_and_its_nodes() -> None:
    """An alias is unique within the node."""
    node, device, data = PAYLOAD(), PAYLOAD(), PAYLOAD(timestamp=TIME)
    node.metrics.add(name="Node temperature", alias=1, datatype=10, double_value=0)
    device.metrics.add(name="Room temperature", alias=2, datatype=10, double_value=0)
    data.metrics.add(alias=1, double_value=40.0)
    data.metrics.add(alias=2, double_value=21.0)
    births = {topic: message(birth, topic) for topic, birth in (("spBv1.0/g/NBIRTH/n", node), ("spBv1.0/g/DBIRTH/n/d", device))}

    found = list(decode(message(data, "spBv1.0/g/DDATA/n/d"), births.get))

    assert [(item.device, item.channel, item.value) for item in found] == [
        ("g/n/d", "Node temperature", 40.0),
        ("g/n/d", "Room temperature", 21.0),
    ]
