"""What is installed: locks that agree with what is asked for, a hash for each, every licence written down."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parents[1]
RUNTIME = PROJECT / "installer" / "requirements.txt"
DEVELOPMENT = PROJECT / "installer" / "requirements-dev.txt"
LICENCES = PROJECT / "docs" / "decisions" / "0001-libraries-and-locks.md"
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))

PIN = re.compile(
    r"^([a-z0-9-]+)==([^ ]+)(?: ;[^\\]*)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE
)


def pins(lock: Path) -> dict[str, str]:
    """Name and version of everything that `lock` installs."""
    return dict(PIN.findall(lock.read_text(encoding="utf-8")))


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT], ids=["runtime", "development"])
def test_a_lock_holds_hashed_pins_and_nothing_else(lock: Path) -> None:
    rest = PIN.sub("", lock.read_text(encoding="utf-8"))
    assert pins(lock)
    assert not [line for line in rest.splitlines() if line.strip() and not line.strip().startswith("#")]


@pytest.mark.parametrize(
    ("asked", "lock"),
    [(METADATA["project"]["dependencies"], RUNTIME), (METADATA["dependency-groups"]["dev"], DEVELOPMENT)],
    ids=["runtime", "development"],
)
def test_a_lock_holds_what_the_project_asks_for(asked: list[str], lock: Path) -> None:
    locked = pins(lock)
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(locked[requirement.name]), f"{requirement}: run ./dev lock"


def test_the_development_lock_includes_the_runtime_lock() -> None:
    assert pins(RUNTIME).items() <= pins(DEVELOPMENT).items()


def test_every_library_has_its_licence_written_down() -> None:
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (\S.*?) \|", LICENCES.read_text(encoding="utf-8"), re.MULTILINE)
    table = {name: licence for name, licence in rows if name != "library"}
    assert table.keys() == pins(RUNTIME).keys()
    assert all(re.match(r"(MIT|BSD|Apache|ISC|PSF|LGPL|MPL|Zlib)", licence) for licence in table.values())
