"""What the machine itself can lose: the wrong package, a slow or full disk, a taken port."""

import os
import shutil
import socket
import statistics
import time
from pathlib import Path

import config
from services.app.doctor.answers import Answer, Verdict

FREE_BYTES = 2 * 1024**3
COMMITS = 40
SLOW_COMMIT_MS = (
    20.0  # group commit waits for each; at 20 ms a receiver still takes 100,000 messages a second in batches of 2,000
)


def config_is_ours() -> Answer:
    """Whether `import config` finds our package: the name is a common one."""
    found = Path(config.__file__ or "").resolve().parent
    ours = Path(__file__).resolve().parents[3] / "config"
    if found == ours:
        return Answer("Är paketet config vårt?", Verdict.GOOD, str(found))
    return Answer(
        "Är paketet config vårt?",
        Verdict.BAD,
        f"config hittades i {found}",
        "Ett annat paket som heter config ligger före i sökvägen: installera i en egen virtuell miljö (make run gör det).",
    )


def free_space(question: str, folder: Path) -> Answer:
    """How much room the disk under `folder` has."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(existing).free
    seen = f"{free / 1024**3:.1f} GiB ledigt under {existing}"
    if free >= FREE_BYTES:
        return Answer(question, Verdict.GOOD, seen)
    return Answer(question, Verdict.BAD, seen, "Frigör plats: när disken är full tar journalen inte emot och mäklaren får vänta.")


def commit_time(folder: Path) -> Answer:
    """How long the disk takes to make a small write durable."""
    question = "Hur fort blir en skrivning varaktig?"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f".doctor-{os.getpid()}"
    took = []
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            for _ in range(COMMITS):
                begun = time.perf_counter()
                os.write(descriptor, b"x" * 4096)
                os.fdatasync(descriptor)
                took.append((time.perf_counter() - begun) * 1000)
        finally:
            os.close(descriptor)
            file.unlink()
    except OSError as error:
        return Answer(question, Verdict.BAD, str(error), f"Mappen {folder} måste gå att skriva i för den som kör tjänsten.")
    median = statistics.median(took)
    seen = f"{median:.2f} ms i median av {COMMITS} ({folder})"
    if median <= SLOW_COMMIT_MS:
        return Answer(question, Verdict.GOOD, seen)
    return Answer(question, Verdict.WATCH, seen, "Lägg journalen på en snabbare disk (ENERGIMONITOR_JOURNAL_FOLDER).")


def port_is_free(host: str, port: int) -> Answer:
    """Whether the board can listen, or already does."""
    question = "Är tavlans port ledig?"
    with socket.socket() as sock:
        sock.settimeout(1)
        if sock.connect_ex((host, port)) != 0:
            return Answer(question, Verdict.GOOD, f"{host}:{port} är ledig")
    return Answer(
        question,
        Verdict.WATCH,
        f"något svarar redan på {host}:{port}",
        "Är det vår egen tavla är allt väl; annars välj ENERGIMONITOR_WEB_PORT.",
    )
