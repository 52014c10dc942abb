"""The house rules that no linter knows: a model without a computer, small rooms that say what for."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).resolve()
PROJECT = HERE.parents[1]
PACKAGE = PROJECT / "consentdesk"
MODEL = PACKAGE / "model"
ROOMS = {file: ast.parse(file.read_bytes()) for file in sorted(PACKAGE.rglob("*.py"))}

LONGEST_ROOM = 330
WIDELY_USED = {"msgspec"}
"""Outside libraries that any floor may use."""

COMPUTER = {
    "asyncio", "fileinput", "getpass", "glob", "io", "locale", "logging", "multiprocessing", "os", "pathlib",
    "platform", "random", "secrets", "select", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess",
    "sys", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
"""Modules of the standard library that reach files, clocks, chance or other programs."""

CALLS_OF_THE_COMPUTER = {"open", "print", "input", "now", "utcnow", "today", "getenv", "urandom"}
"""Functions and methods that do so by whichever way they were imported."""


def named(file: Path) -> str:
    return file.relative_to(PROJECT).as_posix()


def imports_of(tree: ast.AST) -> set[str]:
    """The dotted names of all modules that `tree` imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            found.add(str(node.module))
    return found


def calls_of(tree: ast.AST) -> set[str]:
    """The last names of everything that `tree` calls: `today` for `datetime.date.today()`."""
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {function.id for function in functions if isinstance(function, ast.Name)} | {
        function.attr for function in functions if isinstance(function, ast.Attribute)
    }


def tracked_files() -> list[Path]:
    """Every file under version control, or about to be."""
    git = shutil.which("git")
    if git is None or not (PROJECT / ".git").exists():
        pytest.skip("this is no git checkout, so what belongs to the project is not known")
    listing = [git, "-C", str(PROJECT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own words
    return [PROJECT / name for name in names.split("\0") if name and (PROJECT / name).is_file()]


@pytest.mark.parametrize("room", ROOMS, ids=named)
def test_a_room_says_what_it_is_for_and_stays_small(room: Path) -> None:
    assert ast.get_docstring(ROOMS[room])
    assert len(room.read_text(encoding="utf-8").splitlines()) <= LONGEST_ROOM


@pytest.mark.parametrize("room", [room for room in ROOMS if room.is_relative_to(MODEL)], ids=named)
def test_the_model_knows_no_computer(room: Path) -> None:
    imports = imports_of(ROOMS[room])
    ours = {name for name in imports if name.startswith("consentdesk.")}
    others = {name.partition(".")[0] for name in imports - ours}
    assert all(name.startswith(("consentdesk.model", "consentdesk.errors")) for name in ours)
    assert others <= sys.stdlib_module_names - COMPUTER | WIDELY_USED
    assert not calls_of(ROOMS[room]) & CALLS_OF_THE_COMPUTER


def test_every_outside_library_has_its_wing() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    housed = {name for contract in contracts for name in contract.get("forbidden_modules", [])}
    imported = {name.partition(".")[0] for tree in ROOMS.values() for name in imports_of(tree)}
    assert imported - sys.stdlib_module_names - {"consentdesk"} <= housed | WIDELY_USED


def test_no_file_names_a_registry_or_a_folder_of_somebodys_machine() -> None:
    telling = re.compile(
        r"--(extra-)?index-url|pythonhosted|://pypi\.|://[^/\s]*/simple\b"
        r"|(?<![\w.:/])/(home|root|work|tmp|Users)/\w|[A-Z]:\\+Users\\",
    )
    found = []
    for file in tracked_files():
        if file == HERE:
            continue
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # pictures, fonts and test material in old encodings
        found += [f"{named(file)}: {line[:100]}" for line in lines if telling.search(line)]
    assert not found
