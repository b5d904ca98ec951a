"""JSON Schemas and the configuration page: made of the models, and up to date."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from config.loading import FILES
from config.municipality.schemas import FOLDER, outdated, schemas, write
from config.settings import EXAMPLE
from tests.config import configuration_page
from tests.config.folders import FILES as RIGHT
from tests.config.folders import altered


def accepted(name: str, text: str) -> bool:
    """Whether the schema of the file accepts the text."""
    schema = json.loads((FOLDER / name.replace(".yaml", ".json")).read_text())
    # as an editor reads it: YAML 1.2 knows no dates
    loader = type("Editor", (yaml.SafeLoader,), {})
    loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return jsonschema.Draft202012Validator(schema).is_valid(yaml.load(text, Loader=loader))  # noqa: S506 - a SafeLoader without dates


def test_the_committed_schemas_are_up_to_date() -> None:
    """Make them again: energimonitor schemas --write"""
    assert outdated() == []
    assert {path.name for path in FOLDER.iterdir()} == {name.replace(".yaml", ".json") for name in FILES}


def test_an_old_schema_is_seen(tmp_path: Path) -> None:
    """The check above is worth what it sees."""
    write(tmp_path)
    (tmp_path / "goals.json").write_text("{}")
    (tmp_path / "sources.json").unlink()

    assert outdated(tmp_path) == ["sources.json", "goals.json"]


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_schema_is_one(name: str) -> None:
    """Editors ignore a broken one in silence."""
    assert jsonschema.Draft202012Validator.check_schema(json.loads(schemas()[name])) is None


def test_an_independent_checker_accepts_the_example() -> None:
    """check-jsonschema reads YAML as editors do."""
    answers = [
        subprocess.run(
            [sys.executable, "-m", "check_jsonschema", "--schemafile", FOLDER / name.replace(".yaml", ".json"), EXAMPLE / name],
            capture_output=True,
            text=True,
            check=False,
        )
        for name in FILES
    ]

    assert [answer.stdout + answer.stderr for answer in answers if answer.returncode] == []


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_what_the_loader_accepts_the_schema_accepts(name: str) -> None:
    """Else an editor underlines what is right."""
    assert accepted(name, RIGHT[name])


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("portfolio.yaml", "area_m2: 5200", "area_m2: {value: 5200, example: true, note: x}"),
        ("portfolio.yaml", "    name: Skolan\n", "    name: {value: Skolan, example: false}\n    example: true\n"),
        ("portfolio.yaml", "active_power.L1", "{quantity: active_power, channel: L1}"),
        ("sources.yaml", "family: amsleser", "family: null"),
        ("goals.yaml", "base_value: 100", "base_value: {value: 100, example: true}"),
    ],
)
def test_a_schema_knows_marks_and_short_forms(name: str, old: str, new: str) -> None:
    """They are the loader's, not pydantic's."""
    assert accepted(name, altered(RIGHT[name], old, new))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("portfolio.yaml", "area_m2: 5200", "aera_m2: 5200"),
        ("portfolio.yaml", "area_m2: 5200", "area_m2: stor"),
        ("portfolio.yaml", "kind: school", "kind: skool"),
        ("portfolio.yaml", "    name: Skolan\n", ""),
        ("portfolio.yaml", "id: skola\n", "id: Skola\n"),
        ("portfolio.yaml", "interval: 10 s", "interval: 10"),
        ("sources.yaml", "    family: amsleser\n", ""),
        ("factors.yaml", "mark: S", "mark: X"),
        ("tariffs.yaml", "kind: fixed", "kind: fast"),
        ("audiences.yaml", "id: board", "id: styrelse"),
    ],
)
def test_a_schema_sees_what_an_editor_can_see(name: str, old: str, new: str) -> None:
    """Shape and names; references are check-config's."""
    assert not accepted(name, altered(RIGHT[name], old, new))


def test_the_configuration_page_is_up_to_date() -> None:
    """Make it again: python -m tests.config.configuration_page"""
    assert configuration_page.PAGE.read_text() == configuration_page.page()


def test_the_configuration_page_has_a_table_for_every_kind_of_entry() -> None:
    """A key in no table is a key that nobody finds."""
    tables = configuration_page.TABLE.findall(configuration_page.PAGE.read_text())

    assert {name for _, name, _ in tables} == {model.__name__ for model in configuration_page.models()} | {"Settings", "Units"}
