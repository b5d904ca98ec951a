"""What a broker that is killed with -9 had acknowledged to the meters and not yet saved: beyond our reach, so we count it.

    python -m tests.system.broker_kill [--rate 2000] [--kills 5]

Twice: with our receiver connected (the broker hands on at once), and with it away (the broker's disk is all there is). The
configuration is the one that we ship: it saves every second.
"""

import argparse
import tempfile
import threading
import time
from pathlib import Path

from collectors.journal import START, JournalReader, JournalWriter
from tests.servers import Mosquitto
from tests.system import chain
from tests.system.kill_run import telegrams
from tests.system.publishing import publish

SECONDS_BETWEEN = 3.0


def run(folder: Path, rate: float, kills: int, *, away: bool) -> tuple[int, int]:
    """(acknowledged by the broker, lost)."""
    count = int(rate * SECONDS_BETWEEN * (kills + 1))
    with Mosquitto(folder / "mosquitto") as broker, JournalWriter(folder / "journal") as journal:
        receiver = _Receiver(broker.port, journal)
        receiver.start()
        if away:
            receiver.stop()
            time.sleep(2)  # the session itself is saved
        publishing = threading.Thread(target=publish, args=(broker.port, telegrams(count)), kwargs={"rate": rate})
        publishing.start()
        for _ in range(kills):
            time.sleep(SECONDS_BETWEEN)
            broker.kill()
            broker.start()
        publishing.join()
        if away:
            receiver.start()
        time.sleep(5)
        receiver.stop()
    with JournalReader(folder / "journal") as reader:
        kept = {message.payload for _, message in reader.after(START, 10 * count)}
    return count, count - len(kept)


class _Receiver:
    """Our session, which can go and come back."""

    def __init__(self, port: int, journal: JournalWriter) -> None:
        self._port, self._journal = port, journal

    def start(self) -> None:
        self._stop = threading.Event()
        session = chain.session(self._port, self._journal)
        self._thread = threading.Thread(target=session.run, args=(self._stop,))
        self._thread.start()
        session.subscribed.wait(20)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(30)


def main() -> None:
    """Print both counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=2_000)
    parser.add_argument("--kills", type=int, default=5)
    options = parser.parse_args()
    for away in (False, True):
        with tempfile.TemporaryDirectory() as temporary:
            count, lost = run(Path(temporary), options.rate, options.kills, away=away)
        words = "receiver away" if away else "receiver connected"
        worth = lost / options.kills / options.rate
        told = f"{count} acknowledged at {options.rate:.0f}/s, {options.kills} kills, {lost} lost"
        print(f"{words}: {told} = {worth:.2f} s' worth a kill")


if __name__ == "__main__":
    main()
