"""Reading YAML: lines, marks, and files that are none."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.municipality.yaml_source import YamlSource, read
from tests.config.folders import FILES, faults_of, written


def source(folder: Path, text: str | bytes) -> YamlSource:
    """The text as a file, read."""
    path = folder / "a.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path)


def test_plain_values_stay_as_written(tmp_path: Path) -> None:
    """YAML 1.1 makes 750, false, 342391 and a date of these."""
    data = source(tmp_path, "a: 12:30\nb: NO\nc: 01234567\nd: 2024-01-01\ne: 1_000\n").data

    assert data == {"a": "12:30", "b": "NO", "c": "01234567", "d": "2024-01-01", "e": "1_000"}


def test_nothing_is_none_and_quotes_are_text(tmp_path: Path) -> None:
    """`family: null` ignores messages; `device: "null"` is a device's strange name."""
    data = source(tmp_path, 'a:\nb: ~\nc: null\nd: "null"\ne: ""\n').data

    assert data == {"a": None, "b": None, "c": None, "d": "null", "e": ""}


def test_every_value_has_its_line(tmp_path: Path) -> None:
    """An entry of a mapping is where its key stands, also when its value begins further down."""
    found = source(tmp_path, "a:\n  - b: 1\n    c:\n      d: 2\n")

    assert [found.line(path) for path in (("a",), ("a", 0), ("a", 0, "c"), ("a", 0, "c", "d"))] == [1, 2, 3, 4]
    assert found.line(("a", 0, "missing")) == 2


def test_a_marked_value_is_the_value_and_its_mark(tmp_path: Path) -> None:
    """Anywhere where a plain value is expected."""
    found = source(tmp_path, "a: {value: 5200, example: true, note: x}\nb: [{value: 7, example: false}]\n")

    assert found.data == {"a": "5200", "b": ["7"]}
    assert found.marks == {("a",): True, ("b", 0): False}


def test_an_entry_with_a_value_of_its_own_is_no_mark(tmp_path: Path) -> None:
    """A factor has a value, a year and a mark; a goal's known value has a year."""
    found = source(tmp_path, "known: [{year: 2020, value: 3.13, mark: V}]\n")

    assert found.data == {"known": [{"year": "2020", "value": "3.13", "mark": "V"}]}
    assert found.marks == {}


NO_YAML = {
    "a tab": ("a: 1\n\tb: 2\n", 2),
    "an open bracket": ("a: [1, 2\nb: 3\n", 2),
    "two documents": ("a: 1\n---\nb: 2\n", 2),
    "broken UTF-8": (b"a: 1\nb: \xff\n", 2),
    "a control character": ("a: \x00\n", 1),
    "nested without end": ("[" * 100_000, 1),
    "braces without end": ("{a: " * 5_000, 1),
    "an alias of itself": ("a: &a [*a, *a]\n", 1),
    "another version": ("%YAML 9.9\n---\na: b\n", 1),
    "a key that is a list": ("? [x]\n: y\n", 1),
    "merging": ("a:\n  <<: {b: 1}\n", 2),
    "twice": ("a: 1\na: 2\n", 2),
}


@pytest.mark.parametrize(("text", "line"), NO_YAML.values(), ids=NO_YAML.keys())
def test_what_cannot_be_read_is_a_fault_with_its_line(tmp_path: Path, text: str | bytes, line: int) -> None:
    """Never a traceback: the file was written by a person."""
    faults = source(tmp_path, text).faults

    assert [fault.line for fault in faults] == [line]
    assert all(fault.sentence(language).isprintable() for fault in faults for language in ("sv", "en"))


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """Named, so that it can be made."""
    assert [fault.sentence() for fault in read(tmp_path / "b.yaml").faults] == [
        "b.yaml:1: cannot be read: No such file or directory"
    ]


def test_a_byte_order_mark_is_not_part_of_the_first_key(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    assert source(tmp_path, b"\xef\xbb\xbfa: 1\n").data == {"a": "1"}


WORDS = 'a|id: x|- |value: 1|{|}|[|]|:|\n|  |"|example: true|null|buildings:|points:|meters:|registers:|goals:|sources:'
PIECES = st.sampled_from([*WORDS.split("|"), "5", "-1e400", "2024-01-01", "å", "\x07", "&a", "*a", "|", ">"])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(FILES)), pieces=st.lists(PIECES, max_size=25))
def test_no_text_at_all_ends_in_a_traceback(tmp_path: Path, name: str, pieces: list[str]) -> None:
    """Whatever stands in a file, the answer is a list of faults with lines inside it."""
    text = "".join(pieces)
    folder = written(tmp_path / "m", **{name.removesuffix(".yaml"): text})

    faults = faults_of(folder)

    assert all(fault.sentence("sv").isprintable() and fault.sentence("en").isprintable() for fault in faults)
    assert all(1 <= fault.line <= text.count("\n") + 2 for fault in faults if fault.file == name)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(FILES)), data=st.data())
def test_no_line_at_all_ends_in_a_traceback(tmp_path: Path, name: str, data: st.DataObject) -> None:
    """One line of a right file lost, doubled, or with another value, is a fault or is not; never a traceback."""
    lines = FILES[name].splitlines(keepends=True)
    number = data.draw(st.integers(0, len(lines) - 1))
    key = lines[number].split(":")[0]
    changed = data.draw(
        st.sampled_from(
            ["", lines[number] * 2, f"{key}: []\n", f"{key}: {{a: b}}\n", f"{key}:\n", f"{key}: -1\n", f"{key}: x y\n"]
        )
    )
    folder = written(tmp_path / "m", **{name.removesuffix(".yaml"): "".join([*lines[:number], changed, *lines[number + 1 :]])})

    faults = faults_of(folder)

    assert all(fault.text and fault.text_sv for fault in faults)
