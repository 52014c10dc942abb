"""A short part of the random histories, and proof that they find a rule that is broken (rules C1 to C5, W5)."""

from __future__ import annotations

import msgspec
import pytest

from consentdesk.model import status, weighing
from consentdesk.model.statements import Statement
from tests.benchmarks.histories import Broken, history, run


def test_c2_no_random_history_breaks_a_rule_and_many_hold_a_yes() -> None:
    with_yes, without = run(1, 150)
    assert with_yes > 20
    assert without > 20


def test_a_seed_makes_the_same_history_again() -> None:
    assert history(7).events == history(7).events
    assert history(7).events != history(8).events


@pytest.mark.parametrize(
    ("room", "name", "broken", "rule"),
    [
        (status, "_overturns", lambda *_: True, "C3"),
        (status, "_clears", lambda *_: True, "W5"),
        (status, "_restricted", lambda _case: None, "C4"),
        (weighing, "_ended", lambda *_: "", "C4"),
    ],
)
def test_a_broken_rule_is_found(
    monkeypatch: pytest.MonkeyPatch, room: object, name: str, broken: object, rule: str
) -> None:
    monkeypatch.setattr(room, name, broken)
    if name == "_restricted":
        checks = tuple((word, broken if word == "restricted" else check) for word, check in status.CHECKS)
        monkeypatch.setattr(status, "CHECKS", checks)
    with pytest.raises(Broken, match=rule):
        run(1, 300)


def test_a_yes_that_nobody_has_seen_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    proven = weighing.weighed

    def believing(yes: Statement, *around: object) -> object:
        return proven(msgspec.structs.replace(yes, seen=True), *around)  # type: ignore[arg-type]

    monkeypatch.setattr(status, "weighed", believing)
    monkeypatch.setattr(weighing, "weighed", believing)
    with pytest.raises(Broken, match=r"C2|C4"):
        run(1, 300)
