"""Prints the part of requirements.lock that the service needs to run, hashes and all: the image leaves the developers' tools out.

There is one lock file. Its `# via` comments say who asked for each package, so what the runtime needs is found by following them
from the runtime lines of pyproject.toml. Packages that a developers' tool shares with the runtime stay in.

    python .ci/runtime_requirements.py [BUILD_TOOL ...] < requirements.lock

With names, the same is done from these packages of the lock instead. Standard library only: it runs before anything is installed.
"""

import re
import sys
import tomllib
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def normal(name: str) -> str:
    """A package's name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def leading_name(line: str) -> str:
    """The package that a requirement line speaks of."""
    found = NAME.match(line)
    if found is None:
        raise SystemExit(f"not a requirement: {line!r}; make requirements.lock again with `make lock`")
    return normal(found[0])


def blocks(lock: str) -> dict[str, list[str]]:
    """Package → its lines in the lock file."""
    found: dict[str, list[str]] = {}
    for line in lock.splitlines():
        if line and not line[0].isspace() and not line.startswith("#"):
            current = found.setdefault(leading_name(line), [])
        if found:
            current.append(line)
    return found


def asked_for_by(lines: list[str]) -> set[str]:
    """The packages that a block's `# via` comment names."""
    comments = [line.strip().lstrip("#").strip().removeprefix("via").strip() for line in lines if line.strip().startswith("#")]
    return {normal(comment.split()[0]) for comment in comments if comment}


def closure(lock: dict[str, list[str]], roots: set[str]) -> set[str]:
    """`roots` and everything that they bring, directly or not."""
    absent = roots - lock.keys()
    if absent:
        raise SystemExit(f"requirements.lock has no {', '.join(sorted(absent))}; make it again with `make lock`")
    wanted = set(roots)
    while more := {name for name, lines in lock.items() if name not in wanted and asked_for_by(lines) & wanted}:
        wanted |= more
    return wanted


def main() -> None:
    lock = blocks(sys.stdin.read())
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    roots = {leading_name(line) for line in sys.argv[1:] or project["dependencies"]}
    for name in sorted(closure(lock, roots)):
        sys.stdout.write("\n".join(lock[name]) + "\n")


if __name__ == "__main__":
    main()
