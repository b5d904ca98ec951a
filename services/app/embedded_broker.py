"""An MQTT broker in our own process, for a trial: amqtt, MQTT 3.1.1, loopback, two users with passwords made at start.

It keeps sessions in memory only: what it holds when the process ends is gone. Real plants run Mosquitto with the configuration
that we ship; `energimonitor doctor` says which of the two is in use.
"""

import asyncio
import hmac
import logging
import secrets
import socket
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from amqtt.broker import Broker
from amqtt.contexts import Action
from amqtt.errors import AMQTTError, BrokerError, PluginError, PluginLoadError
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from config.errors import ConfigurationError

METERS = "meters"  # may only publish
COLLECTOR = "collector"  # may only read


class PasswordPlugin(BaseAuthPlugin):  # type: ignore[misc] # amqtt ships no types
    """Users and passwords that live only in this process."""

    async def authenticate(self, *, session: Session) -> bool:
        expected = self.config.passwords.get(session.username or "")
        return expected is not None and hmac.compare_digest(expected, session.password or "")

    @dataclass
    class Config:
        passwords: dict[str, str] = field(default_factory=dict)


class RolePlugin(BaseTopicPlugin):  # type: ignore[misc] # amqtt ships no types
    """Meters publish and nothing else; the collector reads and nothing else."""

    async def topic_filtering(
        self,
        *,
        session: Session | None = None,
        topic: str | None = None,  # noqa: ARG002 - roles look at the action only
        action: Action | None = None,
    ) -> bool:
        role = session.username if session else None
        return role == (METERS if action is Action.PUBLISH else COLLECTOR)

    @dataclass
    class Config:
        pass


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class EmbeddedBroker:
    """Runs the broker in a thread of its own, from `with` to the end of it.

    Raises:
        ConfigurationError: it could not start, with the reason.
    """

    def __init__(self, port: int | None = None) -> None:
        self.port = port or free_port()
        self.passwords = {METERS: secrets.token_urlsafe(24), COLLECTOR: secrets.token_urlsafe(24)}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="embedded-broker", daemon=True)
        self._broker: Broker | None = None
        self.collector_listens = threading.Event()

    def _settings(self) -> dict[str, Any]:
        return {
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{self.port}", "max_connections": 100}},
            "timeout_disconnect_delay": 2,
            "plugins": {
                f"{PasswordPlugin.__module__}.{PasswordPlugin.__name__}": {"passwords": self.passwords},
                f"{RolePlugin.__module__}.{RolePlugin.__name__}": {},
            },
        }

    async def _start(self) -> None:
        self._broker = Broker(self._settings())
        await self._broker.start()

    def __enter__(self) -> Self:
        logging.getLogger("amqtt").setLevel(logging.ERROR)
        logging.getLogger("transitions").setLevel(logging.ERROR)
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(30)
        except (AMQTTError, BrokerError, PluginError, PluginLoadError, OSError, TimeoutError) as error:
            self._end()
            raise ConfigurationError(
                f"the embedded broker did not start on 127.0.0.1:{self.port}: {error}; set ENERGIMONITOR_BROKER_HOST",
                f"den inbyggda mäklaren startade inte på 127.0.0.1:{self.port}: {error}; sätt ENERGIMONITOR_BROKER_HOST",
            ) from error
        return self

    def wait_for_collector(self, stop: threading.Event) -> bool:
        """Whether the collector has subscribed; False when stopped before.

        amqtt loses a message that it is handing out in the moment in which somebody subscribes.
        """
        while not self.collector_listens.is_set():
            if stop.wait(0.05):
                return False
        return True

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._broker is not None:
            asyncio.run_coroutine_threadsafe(self._broker.shutdown(), self._loop).result(30)
        self._end()
