"""Our own voice at the broker: a connection that publishes alerts, and by whose last will others see that we are gone.

Beside the collector's session, whose queue must hold nothing but what meters say. MQTT 3.1.1, which every broker speaks.
"""

import logging
import threading
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from collectors.mqtt.session import SessionOptions, tls_context
from config.errors import DeliveryUnavailable

log = logging.getLogger(__name__)

STATUS = "energimonitor/status"  # retained: online or offline
ONLINE, OFFLINE = b"online", b"offline"
PATIENCE_S = 10.0


class BrokerVoice:
    """Fills `services.alerts.broker.Voice`; a task of its own holds the connection.

    Args:
        client_id: of one process only: a broker hangs up on the one who had it before.
        stands_for_us: whether others see by it that we are there, or gone.
    """

    def __init__(
        self, options: SessionOptions, client_id: str, patience_s: float = PATIENCE_S, *, stands_for_us: bool = True
    ) -> None:
        self._options = options
        self._patience_s = patience_s
        self._online = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv311)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._stands_for_us = stands_for_us
        if stands_for_us:
            self._client.will_set(STATUS, OFFLINE, qos=1, retain=True)
        self._client.reconnect_delay_set(1, 60)
        if options.username is not None:
            self._client.username_pw_set(options.username, options.password)
        if options.tls:
            self._client.tls_set_context(tls_context(options))

    def run(self, stop: threading.Event) -> None:
        """Hold the connection until `stop`; the broker may come and go meanwhile."""
        self._client.connect_async(self._options.host, self._options.port, self._options.keepalive_s)
        self._client.loop_start()
        stop.wait()
        if self._online.is_set() and self._stands_for_us:
            self._client.publish(STATUS, OFFLINE, qos=1, retain=True).wait_for_publish(self._patience_s)
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Until the broker has said that it has it."""
        where = f"{self._options.host}:{self._options.port}"
        if not self._online.wait(self._patience_s):
            raise DeliveryUnavailable(f"{where}: not connected to the broker", sv=f"{where}: ingen förbindelse med mäklaren")
        sent = self._client.publish(topic, payload, qos=1, retain=retain)
        if sent.rc is MQTTErrorCode.MQTT_ERR_SUCCESS:
            sent.wait_for_publish(self._patience_s)
        if sent.rc is not MQTTErrorCode.MQTT_ERR_SUCCESS or not sent.is_published():
            raise DeliveryUnavailable(
                f"{where}: the broker did not acknowledge {topic}", sv=f"{where}: mäklaren kvitterade inte {topic}"
            )

    def _connected(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            log.warning("the broker refuses our voice", extra={"reason": str(reason)})
            return
        if self._stands_for_us:
            client.publish(STATUS, ONLINE, qos=1, retain=True)
        self._online.set()

    def _disconnected(self, *_arguments: Any) -> None:
        self._online.clear()
