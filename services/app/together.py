"""Several services in one process, each in a thread: they start together and end together."""

import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

Task = Callable[[threading.Event], None]  # runs until the event is set


def stop_on_signals(stop: threading.Event) -> None:
    """SIGTERM and SIGINT set `stop`; call from the main thread."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def run_together(tasks: Mapping[str, Task], stop: threading.Event) -> None:
    """Run every task until `stop` is set or one of them ends; then stop the others and wait for them.

    Raises:
        ExceptionGroup: with the failure of each task that failed. One that fails takes the others along: a service that
            runs on without its intake would only look alive.
    """
    with ThreadPoolExecutor(max_workers=len(tasks)) as pool:
        futures = {pool.submit(task, stop): name for name, task in tasks.items()}
        wait(futures, return_when=FIRST_COMPLETED)
        stop.set()
    failures = []
    for future, name in futures.items():
        error = future.exception()
        if isinstance(error, Exception):
            error.add_note(f"in the service {name}")
            failures.append(error)
    if failures:
        raise ExceptionGroup("a service ended", failures)
