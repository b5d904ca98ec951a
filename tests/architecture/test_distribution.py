"""What is installed is all that is needed, and nothing else."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.architecture.test_house import PACKAGES, tracked
from tests.servers import ROOT

BUILD = "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in a wheel that is built from the project's own files, with the locked build tool and no network."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for path in tracked():
        if path.relative_to(ROOT).parts[0] in {*PACKAGES, "pyproject.toml", "README.md", "LICENSE"}:
            copy = source / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    built = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD, str(target)],
        cwd=source,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    with zipfile.ZipFile(target / built.stdout.splitlines()[-1]) as archive:
        return archive.namelist()


def test_every_file_of_the_packages_is_in_the_wheel(wheel: list[str]) -> None:
    """A template, a schema or a municipality that is forgotten works in a checkout and fails once installed."""
    ours = {str(path.relative_to(ROOT)) for path in tracked() if path.relative_to(ROOT).parts[0] in PACKAGES}

    assert ours - set(wheel) == set()


def test_nothing_else_is_in_the_wheel(wheel: list[str]) -> None:
    """Tests and benchmarks would be installed as top-level packages of everybody's."""
    tops = {name.split("/")[0] for name in wheel if ".dist-info/" not in name}

    assert tops == set(PACKAGES)


def test_the_wheel_carries_the_licence_and_the_command(wheel: list[str]) -> None:
    """MIT asks for its text to go along."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel)
    assert any(name.endswith(".dist-info/entry_points.txt") for name in wheel)
    assert project["scripts"] == {"energimonitor": "services.app.cli:main"}


def test_what_make_installs_is_what_the_lock_says() -> None:
    """`make` and the image install from the lock with hashes and nothing beside it."""
    makefile = (ROOT / "Makefile").read_text()
    installs = [line.split("pip", 1)[1] for line in makefile.splitlines() if "pip install" in line]

    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert {"--no-deps", "--no-build-isolation"} <= set(installs[1].split())


def test_the_scripts_are_understood_by_the_plainest_shell() -> None:
    """`sh -n` reads them without running them."""
    scripts = [ROOT / "docs" / "compose" / "first-start.sh", ROOT / ".ci" / "run"]
    for script in scripts:
        shell = "bash" if Path(script).read_text().startswith("#!/usr/bin/env bash") else "sh"

        assert subprocess.run([shell, "-n", str(script)], check=False).returncode == 0, script
