"""The rules document has every rule by its number, whatever the code names is in it, and each rule has its test."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = {"P": 7, "A": 7, "C": 9, "W": 5, "I": 3, "N": 2, "S": 4, "D": 6}
RULES = {f"{family}{number}" for family, last in FAMILIES.items() for number in range(1, last + 1)}


def explained() -> list[str]:
    document = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    return re.findall(r"^- \*\*([A-Z]\d+)\*\* ", document, flags=re.MULTILINE)


def test_every_rule_is_explained_once() -> None:
    assert sorted(explained()) == sorted(RULES)


def test_every_rule_that_the_code_names_is_explained() -> None:
    named: dict[str, str] = {}
    for folder in ("consentdesk", "tests"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            listed = re.findall(
                r"\brules? ((?:(?:, | and | to )?[A-Z]\d+)+)", file.read_text(encoding="utf-8")
            )
            named |= {rule: file.name for one in listed for rule in re.findall(r"[A-Z]\d+", one)}
    assert len(named) > len(RULES) / 2
    assert {rule: file for rule, file in named.items() if rule not in RULES} == {}


@cache
def named_in_tests() -> dict[str, set[str]]:
    """The rules that tests name, in their own names (`test_c5_…`) or in those of their cases (`"C5: …"`), by file."""
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r"^def test((?:_[a-z]\d)+)_", text, flags=re.MULTILINE):
            for rule in name[1:].split("_"):
                found.setdefault(rule.upper(), set()).add(file.name)
        for rule in re.findall(r"\"([A-Z]\d): ", text):
            found.setdefault(rule, set()).add(file.name)
    return found


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_test_that_names_it(rule: str) -> None:
    assert named_in_tests().get(rule)


def test_no_test_names_a_rule_that_there_is_not() -> None:
    assert set(named_in_tests()) <= RULES


def test_nothing_is_said_to_be_missing_any_more() -> None:
    assert "not yet:" not in (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").casefold()
