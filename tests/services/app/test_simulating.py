"""The trial's simulated meters over the embedded broker."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from collectors.simulation.meters import simulated_meters
from collectors.simulation.publisher import Pace, publish_history
from config.loading import load_municipality
from config.settings import Settings
from services.app.embedded_broker import COLLECTOR, EmbeddedBroker
from services.app.running import SIMULATION_ENDS, simulating
from tests.services.alerts.scene import NOON
from tests.services.jobs.world import FixedClock

BORLANGE = Path(__file__).parents[3] / "config" / "borlange"
DAYS = 2


def test_all_of_the_history_arrives_whatever_the_broker_has_still_to_hand_out() -> None:
    """amqtt acknowledges before it hands out, and forgets what it has not handed out when the one who sent it goes."""
    town, clock = load_municipality(BORLANGE), FixedClock(NOON)
    expected, heard, told = list[str](), list[str](), list[str]()
    publish_history(
        simulated_meters(town.portfolio, NOON + SIMULATION_ENDS),
        [],
        Pace(history=timedelta(days=DAYS)),
        lambda topic, _payload: expected.append(topic),
        clock,
        threading.Event(),
        lambda *_: None,
    )
    stop = threading.Event()
    with EmbeddedBroker() as broker:
        collector = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="collector", protocol=mqtt.MQTTv311)
        collector.username_pw_set(COLLECTOR, broker.passwords[COLLECTOR])
        collector.on_message = lambda _client, _data, message: heard.append(message.topic)
        collector.on_connect = lambda client, *_: client.subscribe("#", 1)
        collector.on_subscribe = lambda *_: broker.collector_listens.set()
        collector.connect("127.0.0.1", broker.port)
        collector.loop_start()
        task = simulating(Settings(simulation_history_days=DAYS), town, broker, [], clock, told.append)["simulated history"]
        thread = threading.Thread(target=task, args=(stop,))
        thread.start()
        deadline = time.monotonic() + 90
        while len(heard) < len(expected) and time.monotonic() < deadline:
            time.sleep(0.1)
        stop.set()
        thread.join(20)
        collector.disconnect()
        collector.loop_stop()

    assert (len(heard), told[-1]) == (len(expected), "Historiken är sänd.")
