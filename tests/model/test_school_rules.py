"""The rules on which schools differ: one list, a reason each, a safe default, and nothing else is taken for a value."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from consentdesk.errors import KnownError
from consentdesk.model.school_rules import SCHOOL_RULES, RuleName, SchoolRule, kept_value, the_rule, value_of

each_rule = pytest.mark.parametrize("rule", SCHOOL_RULES, ids=lambda rule: rule.name)


def test_every_name_stands_once_in_the_list() -> None:
    assert [rule.name for rule in SCHOOL_RULES] == list(get_args(RuleName))


@each_rule
def test_a_rule_says_what_it_decides_why_and_where_it_belongs(rule: SchoolRule) -> None:
    assert rule.question.endswith("?")
    assert rule.why.endswith(".")
    assert re.fullmatch(r"[A-Z]\d", rule.rule)
    assert isinstance(rule.default, bool) or (rule.unit and rule.least <= rule.default <= rule.most)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("school-equipment-only", "no", False),
        ("withdrawal-in-writing", " YES ", True),
        ("images-kept-months", "12", 12),
        ("images-kept-months", "1", 1),
        ("images-kept-months", "24", 24),
        ("leavers-kept-months", "0", 0),
    ],
)
def test_a_value_within_its_bounds_is_taken(name: str, text: str, value: bool | int) -> None:
    assert value_of(the_rule(name), text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("school-equipment-only", "perhaps"),
        ("school-equipment-only", "1"),
        ("images-kept-months", "25"),
        ("images-kept-months", "0"),
        ("images-kept-months", "-1"),
        ("images-kept-months", "yes"),
        ("images-kept-months", "1.5"),
        ("images-kept-months", "²"),
        ("images-kept-months", ""),
    ],
)
def test_anything_else_is_refused_in_one_sentence(name: str, text: str) -> None:
    with pytest.raises(KnownError, match="nothing was changed"):
        value_of(the_rule(name), text)


@each_rule
@pytest.mark.parametrize("kept", [None, "x", -1, 10_000, [1], 1.5])
def test_what_cannot_be_a_value_counts_as_the_safe_default(rule: SchoolRule, kept: object) -> None:
    assert kept_value(rule, kept) == rule.default


def test_a_truth_is_no_number_and_a_number_no_truth() -> None:
    assert kept_value(the_rule("images-kept-months"), True) == 24
    assert kept_value(the_rule("school-equipment-only"), 0) is True


def test_an_unknown_rule_lists_those_there_are() -> None:
    with pytest.raises(KnownError) as caught:
        the_rule("images")
    assert all(rule.name in caught.value.sentence for rule in SCHOOL_RULES)
