"""Whatever can happen with a pupil has its own words in the timeline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import msgspec
import pytest

from consentdesk.desktop.happened_words import TOLD, told
from consentdesk.model.consent import What
from consentdesk.services.timeline import Happened

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
OF_THE_SCHOOL = {
    "exported", "activity-planned", "activity-permitted", "equipment-allowed", "sheet-made", "published",
    "images-kept", "images-destroyed", "policy-acknowledged", "rule-changed", "erased", "key-changed", "put-back",
    "snapshot-issued", "snapshot-recalled",
}  # fmt: skip
"""What is no single pupil's, or leaves nobody whose timeline could be read."""
KINDS = {str(msgspec.inspect.type_info(kind).tag) for kind in get_args(What)}  # type: ignore[attr-defined]


def test_every_kind_of_event_is_told() -> None:
    assert set(TOLD) == KINDS - OF_THE_SCHOOL


DETAILS = {
    "birth-recorded": {"words": "2017-03-04"},
    "dated": {"how": "2026-09-14"},
    "taken-down": {"how": "asked-third-party"},
    "guardian-recorded": {"how": "no", "person": "Ada Okafor"},
}


@pytest.mark.parametrize("kind", sorted(TOLD))
def test_what_happened_has_a_title_and_says_who_and_when(kind: str) -> None:
    one = Happened(event="1", kind=kind, at=NOW, by="The office", **DETAILS.get(kind, {}))  # type: ignore[arg-type]
    words = told(one, NOW)
    assert words.title
    assert all(words.lines)
    assert "The office" in words.foot


def test_what_was_recorded_in_error_says_so() -> None:
    one = Happened(event="1", kind="reminded", at=NOW, by="The office", void=True)
    assert told(one, NOW).title == "Recorded in error: A reminder was printed"


def test_a_guardian_without_responsibility_is_named_as_that() -> None:
    one = Happened(event="1", kind="guardian-recorded", at=NOW, by="Head", person="Ben Carter", how="no")
    assert "Has no parental responsibility: a yes of theirs does not count." in told(one, NOW).lines
