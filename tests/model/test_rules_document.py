"""The rules document has every rule by its number, and whatever the code names is in it."""

from __future__ import annotations

import re
from pathlib import Path

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
