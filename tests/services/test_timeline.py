"""One pupil as data: what holds and why, everything that happened, and who may see it (rules A6, D1)."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from consentdesk.errors import KnownError, NotAllowed
from consentdesk.model.consent import Invalidated, Restricted, StatusWord
from consentdesk.services.confirm import confirm
from consentdesk.services.guardians import GuardianChange, change_guardian, end_guardian
from consentdesk.services.office import Office
from consentdesk.services.people_changes import NameChange, assess, record_views, rename
from consentdesk.services.progress import finish
from consentdesk.services.pupil_record import pupil_record
from consentdesk.services.record import Happening, record
from consentdesk.services.review import Verdict, decide
from consentdesk.services.rules import set_rule
from consentdesk.services.timeline import Said, evidence, latest_picture, timeline
from consentdesk.services.withdraw import withdraw
from consentdesk.store.slots import Role
from tests.services.made_up import Desk


def signed_in_as(desk: Desk, role: Role) -> Office:
    return replace(desk.office, user=msgspec.structs.replace(desk.office.user, role=role))


def ada(desk: Desk) -> str:
    return desk.pupil("Ada").id


def test_the_whole_story_newest_first(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, {"web.work": "yes", "web.first-name": "both"}))
    decide(desk.office, slip.code, Verdict(rest="no"))
    finish(confirm(desk.office))
    withdraw(desk.office, ada(desk), ["web.work"], "phone", by="Ngozi Okafor", note="rang at noon")
    story = timeline(desk.office, ada(desk))
    assert [one.kind for one in story] == [
        "withdrawn",
        "confirmed",
        "reviewed",
        "returned",
        "issued",
        "joined",
    ]
    withdrawn, _confirmed, reviewed, returned, issued, joined = story
    assert (withdrawn.person, withdrawn.how, withdrawn.words) == ("Ngozi Okafor", "phone", "rang at noon")
    assert withdrawn.purposes == ("Work on the website",)
    assert reviewed.said == (Said("First name beside work", "no"),)
    assert returned.said == (Said("Work on the website", "yes"), Said("First name beside work", "review"))
    assert (returned.signed, returned.how, returned.code) == (True, "scan", slip.code)
    assert issued.form == "Your child’s work on our website"
    assert joined.words == "4B"
    assert {one.by for one in story} == {"head"}


def test_the_evidence_is_the_picture_that_was_kept(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip))
    returned = next(one for one in timeline(desk.office, ada(desk)) if one.evidence)
    assert evidence(desk.office, returned.event) == b"a picture of " + slip.code.encode()
    assert latest_picture(desk.office, ada(desk), ["Work on the website"]) == (
        returned,
        b"a picture of " + slip.code.encode(),
    )
    assert latest_picture(desk.office, ada(desk), ["Inside school"]) is None


def test_what_has_no_picture_says_so(desk: Desk) -> None:
    joined = timeline(desk.office, ada(desk))[-1]
    for event in (joined.event, "none such"):
        with pytest.raises(KnownError, match="No picture of this was kept"):
            evidence(desk.office, event)


def test_what_was_recorded_in_error_stays_and_is_marked(desk: Desk) -> None:
    desk.print_for("Ada", "web-publication")
    withdraw(desk.office, ada(desk), ["web.work"], "phone")
    mistaken = timeline(desk.office, ada(desk))[0]
    record(desk.office, [Happening(Invalidated(mistaken.event, "the wrong child"), ada(desk))])
    undone, withdrawn, *_ = timeline(desk.office, ada(desk))
    assert (undone.kind, undone.words) == ("invalidated", "the wrong child")
    assert withdrawn.void


def test_a_restriction_shows_to_safeguarding_alone_and_never_why(desk: Desk) -> None:
    (restricted,) = record(desk.office, [Happening(Restricted("a court order"), ada(desk))])
    record(desk.office, [Happening(Invalidated(restricted.id, "court order lifted"), ada(desk))])
    told = timeline(desk.office, ada(desk))
    assert [one.kind for one in told] == ["invalidated", "restricted", "joined"]
    assert "a court order" not in str(told)
    office = signed_in_as(desk, Role.OFFICE)
    assert [one.kind for one in timeline(office, ada(desk))] == ["joined"]


def test_a_teacher_sees_what_holds_and_nothing_behind_it(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip))
    teacher = signed_in_as(desk, Role.TEACHER)
    seen = pupil_record(teacher, ada(desk))
    assert seen.guardians == ()
    assert {(one.reason, one.code) for form in seen.forms for one in form.purposes} == {(None, None)}
    for look in (lambda: timeline(teacher, ada(desk)), lambda: evidence(teacher, "any")):
        with pytest.raises(NotAllowed):
            look()


def test_the_record_goes_form_by_form_and_leaves_out_what_nobody_asks(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip))
    seen = pupil_record(desk.office, ada(desk))
    assert [form.form for form in seen.forms] == ["image-use", "internet-access", "web-publication"]
    purposes = {one.purpose: one for form in seen.forms for one in form.purposes}
    assert "image.full-name" not in purposes
    assert purposes["web.work"].status is StatusWord.UNCONFIRMED
    assert purposes["web.work"].withdrawable
    assert not purposes["image.website"].withdrawable
    assert [one.name for one in seen.guardians] == ["Ngozi Okafor", "Emeka Okafor"]


def test_an_unknown_pupil_is_said_to_be_unknown(desk: Desk) -> None:
    for look in (pupil_record, timeline):
        with pytest.raises(KnownError, match="no such pupil"):
            look(desk.office, "nobody")


def test_what_is_known_of_people_is_told_and_what_was_known_on_joining_is_not(desk: Desk) -> None:
    pupil = ada(desk)
    assert [one.kind for one in timeline(desk.office, pupil)] == ["joined"]
    record_views(desk.office, "101", "not me", "Ms Tutor")
    assess(desk.office, "101", "the deputy head", desk.office.today, competent=False, note="too young")
    rename(desk.office, "101", NameChange(preferred_first="Addie"))
    change_guardian(desk.office, "101", "Ngozi Okafor", GuardianChange(responsibility="no"))
    end_guardian(desk.office, "101", "Emeka Okafor", "moved away")
    set_rule(desk.office, "social-worker-agrees", "no")
    told = [(one.kind, one.person, one.how, one.words) for one in timeline(desk.office, pupil)]
    assert told == [
        ("guardian-ended", "Emeka Okafor", "", "moved away"),
        ("guardian-recorded", "Ngozi Okafor", "no", ""),
        ("renamed", "", "", "Addie Okafor"),
        ("competence-assessed", "", "not-competent", "the deputy head. too young"),
        ("views-recorded", "pupil", "", "not me (told to Ms Tutor)"),
        ("joined", "", "", "4B"),
    ]
