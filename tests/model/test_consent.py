"""The ledger's words: every event survives being kept, and people and statuses have the names that rules give them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import get_args

import msgspec
import pytest

from consentdesk.model.circumstances import (
    Assessed,
    BirthRecorded,
    GuardianEnded,
    GuardianRecorded,
    PeopleWhat,
    Renamed,
    RestrictionSeen,
    ViewsRecorded,
)
from consentdesk.model.consent import (
    PUPIL,
    Answer,
    Answered,
    CareChanged,
    Confirmed,
    Event,
    Exported,
    Invalidated,
    Issued,
    Joined,
    Left,
    Lifted,
    Moved,
    Restricted,
    Returned,
    Reviewed,
    SocialWorkerAgreed,
    Status,
    StatusWord,
    What,
    Withdrawn,
    kind_of,
    named_guardian,
    unnamed_guardian,
)
from consentdesk.model.paper_trail import (
    Acknowledged,
    Dated,
    PaperWhat,
    Proposed,
    Reminded,
    SignatoryNamed,
    WithdrawalIssued,
)
from consentdesk.model.status import CHECKS

EVERYTHING: dict[str, What] = {
    "joined": Joined("4B", looked_after=True),
    "moved": Moved("5B"),
    "care-changed": CareChanged(looked_after=False),
    "social-worker-agreed": SocialWorkerAgreed("the social worker", "ref 7"),
    "left": Left(),
    "issued": Issued("image-use", "7F3K", {"image.press": "00ff"}, ("image.press",), date(2027, 8, 31)),
    "returned": Returned(
        "r1", "scan", None, pupil_signed=False, image="i1", image_sha256="ab", flags=("date-blank",)
    ),
    "answered": Answered("r1", PUPIL, {"image.press": Answer("review", "faint", 0.25)}, "keyed"),
    "reviewed": Reviewed("guardian:g1", {"image.press": "unclear"}, True, {"image.press": "“no faces”"}),
    "confirmed": Confirmed("r1"),
    "withdrawn": Withdrawn(("image.press",), "letter", None, "a grandmother", "came on paper"),
    "invalidated": Invalidated("e1", "another child"),
    "restricted": Restricted("known to the safeguarding lead"),
    "lifted": Lifted("e1"),
    "exported": Exported("4B", "pdf", 30, encrypted=True),
    "renamed": Renamed("Zoë", "O’Example", None, "Example"),
    "birth-recorded": BirthRecorded(date(2010, 2, 28)),
    "guardian-recorded": GuardianRecorded(
        "g1", "Ida O’Example", "mother", "no", "no contact", corporate=True
    ),
    "guardian-ended": GuardianEnded("g1", "the order ended"),
    "competence-assessed": Assessed(True, "the deputy head", date(2026, 9, 1), "talked it over"),
    "views-recorded": ViewsRecorded("not with my glasses", "the form tutor", ("image.press",)),
    "restriction-seen": RestrictionSeen("e1"),
    "withdrawal-issued": WithdrawalIssued("withdraw-image-use", "7F3K", {"image.press": "00ff"}, ()),
    "dated": Dated(date(2026, 9, 1), True, "the postmark agrees"),
    "signatory-named": SignatoryNamed(PUPIL),
    "proposed": Proposed("r1", "s1"),
    "acknowledged": Acknowledged("e1"),
    "reminded": Reminded(("image-use",)),
}


def test_the_list_above_is_everything_that_can_happen_to_people_and_paper() -> None:
    listed = {type(what) for what in EVERYTHING.values()}
    assert listed >= {*get_args(PeopleWhat), *get_args(PaperWhat)}
    of_consent = {one for one in get_args(What) if one.__module__ == "consentdesk.model.consent"}
    assert listed >= of_consent


def test_no_two_things_that_can_happen_are_kept_under_one_name() -> None:
    tags = [one.__struct_config__.tag for one in get_args(What)]
    assert len(tags) == len(set(tags))


@pytest.mark.parametrize("kind", list(EVERYTHING))
def test_c1_an_event_survives_being_kept_as_json(kind: str) -> None:
    what = EVERYTHING[kind]
    event = Event(
        "e9",
        kind,
        datetime(2026, 9, 1, 8, 30, tzinfo=UTC),
        date(2026, 9, 1),
        "office",
        what,
        "p1",
        "s1",
        3,
        9,
    )
    assert kind_of(what) == kind
    assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event
    assert msgspec.json.decode(msgspec.json.encode(what), type=What) == what


def test_c1_an_event_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        EVERYTHING["confirmed"].reading = "r2"


def test_d3_an_erased_event_is_kept_without_what_happened() -> None:
    event = Event("e9", "withdrawn", datetime(2026, 9, 1, tzinfo=UTC), date(2026, 9, 1), "office", None, "p1")
    assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event


def test_p5_there_is_no_answer_but_yes_no_and_review() -> None:
    with pytest.raises(msgspec.ValidationError, match="Invalid enum value"):
        msgspec.json.decode(b'{"answer": "opt-out"}', type=Answer)


def test_a2_the_unnamed_guardians_of_two_slips_and_a_named_one_are_three_people() -> None:
    people = {unnamed_guardian("S1"), unnamed_guardian("S2"), named_guardian("S1"), PUPIL}
    assert len(people) == 4


def test_c2_the_twelve_statuses_in_their_order() -> None:
    assert [str(word) for word in StatusWord] == [
        "restricted",
        "withdrawn",
        "no",
        "conflicting",
        "pending",
        "awaiting-review",
        "unsigned",
        "unconfirmed",
        "expired",
        "yes",
        "no-reply",
        "not-asked",
    ]
    assert [word for word, _ in CHECKS] == list(StatusWord)


@pytest.mark.parametrize("word", list(StatusWord))
def test_c2_only_yes_acts_as_yes(word: StatusWord) -> None:
    assert Status(word, "").acts_as == ("yes" if word is StatusWord.YES else "no")
