"""Runs the board in a thread of a service until it is told to stop."""

import gc
import socket
import threading
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from config.errors import ConfigurationError

ENDING_S = 5


def serve(app: FastAPI, host: str, port: int, ready: Callable[[str], None] | None = None) -> Callable[[threading.Event], None]:
    """A task that serves `app` until the event is set. The port is taken now, so that a fault is told before anything starts.

    Args:
        port: 0 takes a free one.
        ready: called once with the address, when pages can be fetched.
    Raises:
        ConfigurationError: the address cannot be listened on.
    """
    listener = _listener(host, port)
    shown = "127.0.0.1" if host in ("", "0.0.0.0") else host
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{listener.getsockname()[1]}/"

    def run(stop: threading.Event) -> None:
        settings = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=ENDING_S,
            lifespan="off",
            ws="none",
        )
        server = uvicorn.Server(settings)
        ending = threading.Thread(target=_watch, args=(server, stop, ready, address), daemon=True, name="web-watch")
        ending.start()
        # What was made at start stays: the store's catalogue alone is a hundred thousand objects, and a collection in the midst
        # of a page that looked through them cost it 0.2 s (1,000 buildings).
        gc.collect()
        gc.freeze()
        try:
            server.run(sockets=[listener])
        finally:
            listener.close()

    return run


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"the board cannot listen on {host}:{port} ({error.strerror}); another program has it: choose another "
            "ENERGIMONITOR_WEB_PORT",
            f"tavlan kan inte lyssna på {host}:{port} ({error.strerror}); ett annat program har den: välj en annan "
            "ENERGIMONITOR_WEB_PORT",
        ) from error
    return listener


def _watch(server: uvicorn.Server, stop: threading.Event, ready: Callable[[str], None] | None, address: str) -> None:
    while not server.started and not stop.wait(0.02):
        pass
    if server.started and ready is not None:
        ready(address)
    stop.wait()
    server.should_exit = True
