"""pyproject.toml, requirements.lock, docs/dependencies.md and the image speak of the same packages."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, files, metadata, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.servers import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
TOOLS = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]
LOCK = (ROOT / "requirements.lock").read_text()
# Altair checks its charts with these, which our tests use too.
BROUGHT_BY_RUNTIME = {"jsonschema", "packaging"}
# How packages write a licence → its SPDX name.
SPDX = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
}


def documented(heading: str) -> dict[str, list[str]]:
    """Package → the other cells of its row in the table under a heading of docs/dependencies.md."""
    page = (ROOT / "docs" / "dependencies.md").read_text()
    section = page[page.index(f"## {heading}\n") :].split("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in cells}


def locked(text: str) -> dict[str, str]:
    """Package → version of a lock file's lines."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE))


def runtime_part() -> str:
    """What the Dockerfile installs."""
    return subprocess.run(
        [sys.executable, ".ci/runtime_requirements.py"], cwd=ROOT, input=LOCK, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize(("heading", "lines"), [("To run", RUNTIME), ("To develop", TOOLS)])
def test_every_dependency_has_its_row(heading: str, lines: list[Requirement]) -> None:
    """A line of pyproject.toml that nobody can give a reason for should not be there."""
    rows = documented(heading)

    assert set(rows) == {line.name for line in lines}
    assert [name for name, row in rows.items() if len(row) != 4 or len(row[0]) < 12] == []


@pytest.mark.parametrize("requirement", [*RUNTIME, *TOOLS], ids=lambda requirement: requirement.name)
def test_the_documented_licence_is_the_package_s_own(requirement: Requirement) -> None:
    """Procurement asks for it; a package may change its licence between two versions."""
    row = (documented("To run") | documented("To develop"))[requirement.name]
    about = metadata(requirement.name)
    stated = {line for key in ("License-Expression", "License") for line in about.get_all(key) or []}
    stated |= {line.rsplit("::", 1)[-1].strip() for line in about.get_all("Classifier") or [] if line.startswith("License ::")}
    if not stated:  # a package that says it in its licence's own first line only
        texts = (each.read_text() for each in files(requirement.name) or [] if each.name == "LICENSE")
        stated = {text.splitlines()[0].strip() for text in texts}

    assert row[1] in {SPDX.get(text, text) for text in stated}


@pytest.mark.parametrize("requirement", [*RUNTIME, *TOOLS], ids=lambda requirement: requirement.name)
def test_the_lock_satisfies_pyproject(requirement: Requirement) -> None:
    """An edited line without a renewed lock would install something else than was tested."""
    version = locked(LOCK)[canonicalize_name(requirement.name)]

    assert requirement.specifier.contains(version)


def test_every_locked_package_has_a_hash() -> None:
    """--require-hashes refuses the whole file where one is missing, on the day of the deployment."""
    blocks = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)

    assert [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []


def test_the_image_gets_all_that_the_runtime_needs() -> None:
    """Followed through the installed packages' own requirements, not through the lock's comments that the script reads."""
    part = locked(runtime_part())
    pending, seen = [(canonicalize_name(line.name), frozenset(line.extras)) for line in RUNTIME], set()
    while pending:
        name, extras = pending.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            wanted = [Requirement(line) for line in requires(name) or []]
        except PackageNotFoundError:
            pytest.fail(f"{name} is not installed here: make a new environment from requirements.lock")
        pending += [
            (canonicalize_name(line.name), frozenset(line.extras))
            for line in wanted
            if any(line.marker is None or line.marker.evaluate({"extra": extra}) for extra in ("", *extras))
        ]

    assert {name for name, _ in seen} <= set(part)


def test_the_image_gets_no_developers_tools() -> None:
    """A test runner, a compiler of types and a browser driver are no part of a service."""
    runtime_names = {canonicalize_name(line.name) for line in RUNTIME}
    tools = {canonicalize_name(line.name) for line in TOOLS} - runtime_names

    assert tools & set(locked(runtime_part())) == BROUGHT_BY_RUNTIME


def test_the_image_s_part_is_the_lock_s_own_lines() -> None:
    """Same versions, same hashes, same markers: a second truth about versions would drift."""
    whole = LOCK.splitlines()

    assert [line for line in runtime_part().splitlines() if line not in whole] == []
    assert locked(runtime_part()).items() <= locked(LOCK).items()


def test_a_package_that_the_lock_lacks_stops_the_build() -> None:
    """Better no image than one that fails at its first import."""
    result = subprocess.run(
        [sys.executable, ".ci/runtime_requirements.py", "no-such-package"],
        cwd=ROOT,
        input=LOCK,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode != 0
    assert "no-such-package" in result.stderr
