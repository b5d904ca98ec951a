"""The import contracts of pyproject.toml hold, and each of them is able to fail."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import pytest

from tests.servers import ROOT

PACKAGES = ("config", "collectors", "dashboards", "services")
RULES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LINT = [
    sys.executable,
    "-c",
    "from importlinter.cli import lint_imports_command; lint_imports_command()",
    "--no-logo",
]


def lint(folder: Path, cache: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Args: cache: of the files' imports, by their times; without one every file is read."""
    kept = ["--no-cache"] if cache is None else ["--cache-dir", f"{cache}"]
    return subprocess.run([*LINT, *kept], cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def breaks(contract: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Imports (from, to) that the contract must refuse: every source and every target of it at least once."""
    if contract["type"] == "forbidden":
        sources, targets = contract["source_modules"], contract["forbidden_modules"]
        yield from ((sources[0], target) for target in targets)
        yield from ((source, targets[0]) for source in sources[1:])
        return
    lines = [[member.strip() for member in line.split("|")] for line in contract["layers"]]
    for upper, lower in pairwise(lines):
        yield from ((member, upper[0]) for member in lower)
    for line in lines:
        yield from permutations(line, 2)


BREAKS = {
    f"{contract['name']}: {source} imports {target}": (contract["name"], source, target)
    for contract in RULES["contracts"]
    for source, target in breaks(contract)
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All but one file are the same in each case: copied with their times, they are read once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages' Python files and the rules, where they may be broken."""
    copied: Path = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            copied / package,
            ignore=lambda folder, names: [n for n in names if not (Path(folder) / n).is_dir() and not n.endswith(".py")],
        )
    shutil.copy(ROOT / "pyproject.toml", copied)
    return copied


def test_every_contract_holds() -> None:
    """One way through the house; `make lint` asks the same, but a test cannot be left out of a run of the tests."""
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


def test_every_package_of_ours_stands_under_the_contracts() -> None:
    """A package that the contracts do not name could import anything."""
    services = {f"services.{path.parent.name}" for path in ROOT.glob("services/*/__init__.py")}
    layers = next(contract for contract in RULES["contracts"] if contract["type"] == "layers")["layers"]
    named = {member.strip() for line in layers for member in line.split("|")}
    guarded = next(c for c in RULES["contracts"] if c["name"] == "only services.app knows collectors and dashboards")[
        "source_modules"
    ]

    assert set(RULES["root_packages"]) == set(PACKAGES)
    assert services == named
    assert services - {"services.app"} == set(guarded)


@pytest.mark.parametrize("case", BREAKS)
def test_a_contract_fails_when_one_import_breaks_it(case: str, tree: Path, cache: Path) -> None:
    """A contract that never fails (a misspelt module, a package that moved) guards nothing."""
    name, source, target = BREAKS[case]
    module = tree / source.replace(".", "/")
    file = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
    whole = file.read_text()
    file.write_text(f"{whole}\nimport {target}\n")

    result = lint(tree, cache)
    file.write_text(whole)

    assert result.returncode != 0
    assert f"{name} BROKEN" in result.stdout, result.stdout + result.stderr
    assert f"{source} -> {target}" in result.stdout or f"{source} is not allowed to import {target}" in result.stdout
