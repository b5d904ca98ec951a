"""What every file of the house keeps to, beside what ruff and mypy already ask."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import ROOT

PACKAGES = ("config", "collectors", "dashboards", "services")
TOP_FILES = {"docker-compose.yml", "pyproject.toml", "requirements.lock", "Makefile", "Dockerfile", ".dockerignore", ".gitignore"}
TOP_PAGES = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"}
TOP_LEVEL = {*PACKAGES, "tests", "docs", "benchmarks", ".ci"} | TOP_FILES | TOP_PAGES
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".conf", ".html", ".css", ".js", ".svg", ".txt", ".lock", ".sh", ""}
# Where an error that nobody foresaw must not stop the rest: a decoder's bug is one message's (dead letter, traceback, counter), a
# task's bug is one task's (run record; raised when the others are done), a thread's end is told by the one that started it.
CATCH_ALL = {"collectors/intake.py", "services/jobs/runner.py", "services/app/together.py"}


def tracked() -> list[Path]:
    """The files that belong to the project: git's, and what is new and not ignored."""
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout: what belongs to the project is not known")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Path and syntax tree of every module below the folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def test_the_top_level_is_the_given_one() -> None:
    """Who looks for a thing looks in four packages, not in a fifth that somebody added."""
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP_LEVEL


def test_every_module_says_what_it_is() -> None:
    """style.md section 4: the first lines say what it is, where its format is written down, what was left out."""
    silent = [
        name for name, tree in modules(*PACKAGES, "tests", "benchmarks", ".ci") if tree.body and not ast.get_docstring(tree)
    ]
    silent += [name for name, tree in modules(*PACKAGES) if not tree.body]

    assert silent == []


def test_package_files_hold_a_docstring_and_nothing_else() -> None:
    """Re-exports are where import cycles come from; a name is imported from the module where it lives."""
    full = [name for name, tree in modules(*PACKAGES, "tests") if name.endswith("__init__.py") and len(tree.body) > 1]

    assert full == []


def test_every_test_gives_its_reason() -> None:
    """The name is the claim; a reader who sees it fail must learn why it matters."""
    silent = [
        f"{name}: {node.name}"
        for name, tree in modules("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]

    assert silent == []


def test_every_test_asserts_something() -> None:
    """A test without an assertion passes whatever the code does."""

    def asserts(node: ast.AST) -> bool:
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).split(".")[-1]
            return called in {"raises", "fail", "check_call"} or called.startswith(("assert_", "check_", "expect"))
        return False

    empty = [
        f"{name}: {node.name}"
        for name, tree in modules("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not any(asserts(inner) for inner in ast.walk(node))
    ]

    assert empty == []


ANYTHING = {"Exception", "BaseException"}


def names(node: ast.expr | None) -> set[str]:
    """The classes that an `except` or an `isinstance` names; "Exception" where it names none."""
    if node is None:
        return {"Exception"}
    return {ast.unparse(part) for part in (node.elts if isinstance(node, ast.Tuple) else [node])}


def catches_all(node: ast.AST) -> bool:
    """Whether this holds back errors that nobody named: a handler, a look at the class in `__exit__`, or `suppress`."""
    if isinstance(node, ast.ExceptHandler):
        return bool(names(node.type) & ANYTHING)
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func).split(".")[-1]
        if called == "isinstance":
            return bool(names(node.args[1]) & ANYTHING)
        return called == "suppress" and any(names(argument) & ANYTHING for argument in node.args)
    return False


def test_only_the_named_places_catch_everything() -> None:
    """Anywhere else it hides a bug."""
    places = {name for name, tree in modules(*PACKAGES) for node in ast.walk(tree) if catches_all(node)}

    assert places <= CATCH_ALL


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("try: f()\nexcept: pass", True),
        ("try: f()\nexcept Exception: pass", True),
        ("try: f()\nexcept BaseException as error: pass", True),
        ("try: f()\nexcept (ValueError, Exception): pass", True),
        ("held = isinstance(error, Exception)", True),
        ("with contextlib.suppress(Exception): f()", True),
        ("try: f()\nexcept ValueError: pass", False),
        ("try: f()\nexcept (OSError, ValueError): pass", False),
        ("held = isinstance(error, MonitorError)", False),
        ("with suppress(OSError): f()", False),
    ],
)
def test_every_way_of_catching_everything_is_seen(source: str, expected: bool) -> None:
    """The check above is worth what it sees."""
    assert any(catches_all(node) for node in ast.walk(ast.parse(source))) is expected


def test_every_lint_exception_has_its_reason_beside_it() -> None:
    """An exception without a reason is copied; one with a reason is removed when the reason goes."""
    waiver = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b(?P<rest>.*)")
    with_reason = re.compile(r"^(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*|\[[a-z0-9, -]+\])\s*(?:-|#)\s*\S.*$")
    this = Path(__file__).resolve()
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix == ".py" and path.resolve() != this
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := waiver.search(line)) and not with_reason.match(found["rest"])
    ]

    assert bare == []


def test_every_ignored_rule_of_the_project_has_its_reason() -> None:
    """pyproject.toml: each line that switches a check off says why."""
    text = (ROOT / "pyproject.toml").read_text()
    ignored = text[text.index("ignore = [") : text.index("]", text.index("ignore = ["))].splitlines()[1:]
    per_file = text[text.index("[tool.ruff.lint.per-file-ignores]") :].split("\n\n")[0].splitlines()[1:]
    overrides = [line for line in text.splitlines() if line.startswith("[[tool.mypy.overrides]]")]

    assert ignored
    assert per_file
    assert [line for line in (*ignored, *per_file, *overrides) if not re.search(r"#\s*\S", line)] == []


def test_no_file_names_this_machine_or_a_package_registry() -> None:
    """A clone elsewhere has neither; the one lock file says what is installed, pip's own settings say from where."""
    # Spelt with a space, so that this file does not name them either.
    hosts = (
        "pypi .org",
        "pythonhosted .org",
        "npmjs .org",
        "npmjs .com",
        "crates .io",
        "golang .org",
        "debian .org",
        "maven .org",
    )
    registries = "|".join(re.escape(host.replace(" ", "")) for host in hosts)
    forbidden = re.compile(rf"(?<![\w.])/(?:work|root|home|Users)/\w|(?<![\w.])/tmp/\w|{registries}")
    named = [
        f"{path.relative_to(ROOT)}:{number}: {found[0]}"
        for path in tracked()
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if (found := forbidden.search(line))
    ]

    assert named == []


def test_no_line_of_code_knows_the_municipality() -> None:
    """design.md: another municipality is another folder of YAML. Only the default of the setting may name ours."""

    def documentation(tree: ast.Module) -> set[int]:
        holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        bodies = [node.body for node in ast.walk(tree) if isinstance(node, holders)]
        return {id(statement.value) for body in bodies for statement in body if isinstance(statement, ast.Expr)}

    named = {
        name
        for name, tree in modules(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search("borl[äa]nge", node.value, re.IGNORECASE)
        and id(node) not in documentation(tree)
    }

    assert named <= {"config/settings.py"}


def test_nothing_that_a_program_reads_is_executable_by_accident() -> None:
    """Only scripts are run."""
    executable = {str(path.relative_to(ROOT)) for path in tracked() if path.stat().st_mode & 0o111}

    assert executable <= {".ci/run"}
