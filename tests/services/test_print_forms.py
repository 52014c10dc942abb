"""Forms on paper: who gets which print, and that no slip is on paper which the office does not know."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from consentdesk.errors import KnownError
from consentdesk.model.consent import Issued
from consentdesk.model.form import Variant
from consentdesk.model.layout import FormLayout
from consentdesk.model.people import Pupil
from consentdesk.services import print_forms as module
from consentdesk.services.forms import forms_in_force
from consentdesk.services.print_forms import Whom, print_forms, variant_for
from consentdesk.services.progress import finish
from consentdesk.store import forms, ledger, slips
from tests.services.made_up import Desk

TODAY = date(2026, 11, 2)


def test_everyone_by_class_and_surname_with_their_forms_together(desk: Desk) -> None:
    printed = desk.print("image-use", "web-publication")
    assert [(slip.name, slip.form) for slip in printed] == [
        ("Ada Okafor", "image-use"),
        ("Ada Okafor", "web-publication"),
        ("Ben O'Neill", "image-use"),
        ("Ben O'Neill", "web-publication"),
        ("Cleo Ünal", "image-use"),
        ("Cleo Ünal", "web-publication"),
    ]


def test_a_class_is_found_in_any_spelling(desk: Desk) -> None:
    assert {slip.name for slip in desk.print(whom=Whom(school_class="4 b"))} == {"Ada Okafor", "Ben O'Neill"}


def test_a_slip_is_issued_with_what_it_asks_until_when(desk: Desk) -> None:
    slip = desk.print_for("Cleo")
    (issued,) = [
        event.what
        for event in ledger.events_of(desk.office.db, desk.pupil("Cleo").id)
        if isinstance(event.what, Issued)
    ]
    assert list(issued.asked) == [question.purpose for question in slip.questions]
    assert issued.pupil_asked == tuple(question.purpose for question in slip.pupil_questions)
    assert "image.website" in issued.pupil_asked
    assert "image.full-name" not in issued.asked
    assert issued.until == date(2027, 8, 31)
    (kept,) = slips.slips_of(desk.office.db, desk.pupil("Cleo").id)
    assert (kept.school_class, kept.printed, kept.until) == ("10A", TODAY, issued.until)


@pytest.mark.parametrize(
    ("pupil", "stage", "part"),
    [
        (Pupil("1", "A", "B"), "younger", False),
        (Pupil("1", "A", "B", year_group=6), "younger", False),
        (Pupil("1", "A", "B", year_group=7), "older", False),
        (Pupil("1", "A", "B", year_group=8), "older", True),
        (Pupil("1", "A", "B", date_of_birth=date(2014, 11, 3)), "older", False),
        (Pupil("1", "A", "B", date_of_birth=date(2014, 11, 2)), "older", True),
        (Pupil("1", "A", "B", date_of_birth=date(2014, 11, 2), year_group=6), "younger", True),
    ],
)
def test_rules_go_by_year_and_the_pupils_part_by_certain_age(
    desk: Desk, pupil: Pupil, stage: str, part: bool
) -> None:
    image_use = forms_in_force(desk.office)["image-use"].definition
    assert variant_for(pupil, image_use, TODAY, None, large=False) == Variant("en", False, stage, part)


def test_a_form_that_asks_nothing_of_pupils_has_no_part_for_them(desk: Desk) -> None:
    image_use = forms_in_force(desk.office)["image-use"].definition
    silent = msgspec.structs.replace(image_use, pupil_part=None)
    pupil = Pupil("1", "A", "B", year_group=11)
    assert not variant_for(pupil, silent, TODAY, None, large=False).pupil_part


def test_the_same_form_printed_again_is_the_same_version(desk: Desk) -> None:
    first, second = desk.print_for("Ada"), desk.print_for("Ben")
    assert first.version == second.version
    assert first.code != second.code
    (version,) = forms.versions(desk.office.db)
    layout = msgspec.json.decode(version.layout, type=FormLayout)
    assert any(version.tag in run.text for page in layout.pages for run in page.texts)
    assert version.pdf.startswith(b"%PDF")


def test_other_wording_another_size_or_another_age_is_another_version(desk: Desk) -> None:
    desk.print_for("Ada")
    desk.print_for("Cleo")
    finish(
        print_forms(desk.office, ["image-use"], Whom(pupil="Ada Okafor"), desk.folder / "l.pdf", large=True)
    )
    assert len({version.tag for version in forms.versions(desk.office.db)}) == 3


def test_missing_are_those_whose_last_slip_has_not_come_back(desk: Desk) -> None:
    ada, ben, *_ = sorted(
        desk.print("web-publication", whom=Whom(school_class="4B")), key=lambda slip: slip.name
    )
    desk.take(desk.seen(ada))
    (again,) = desk.print("web-publication", whom=Whom())
    assert (again.name, again.code != ben.code) == ("Ben O'Neill", True)
    desk.take(desk.seen(again))
    with pytest.raises(KnownError, match="No slip of web-publication is outstanding"):
        desk.print("web-publication", whom=Whom())


@pytest.mark.parametrize(
    ("ids", "whom", "sentence"),
    [
        (["image-uses"], Whom(everyone=True), "There is no form image-uses.*image-use, internet-access"),
        (["image-use"], Whom(school_class="5C"), "There is no class 5C.*4B, 10A"),
        (["image-use"], Whom(pupil="Adah Okafor"), "There is no pupil Adah Okafor.*did you mean Ada Okafor"),
    ],
)
def test_what_is_unknown_is_answered_with_what_exists(
    desk: Desk, ids: list[str], whom: Whom, sentence: str
) -> None:
    before = desk.events
    with pytest.raises(KnownError) as caught:
        finish(print_forms(desk.office, ids, whom, desk.folder / "out.pdf"))
    assert re.search(sentence, caught.value.sentence)
    assert desk.events == before
    assert not (desk.folder / "out.pdf").exists()


def test_a_language_that_a_form_lacks_prints_nothing(desk: Desk) -> None:
    with pytest.raises(KnownError, match="no language cy"):
        finish(
            print_forms(desk.office, ["image-use"], Whom(everyone=True), desk.folder / "o.pdf", language="cy")
        )
    assert forms.versions(desk.office.db) == []


def test_a_leaver_gets_no_form(desk: Desk) -> None:
    desk.import_text("First name,Last name,Class\nBen,O'Neill,4B\n", leavers=True)
    with pytest.raises(KnownError, match="left the school"):
        desk.print_for("Ada")
    assert "Ada Okafor" not in {slip.name for slip in desk.print()}


def test_the_office_knows_every_slip_before_the_file_has_its_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = desk.folder / "out.pdf"
    seen = []
    keep = slips.keep_run

    def and_look(*arguments: object) -> None:
        seen.append(target.exists())
        keep(*arguments)

    monkeypatch.setattr(module.slips, "keep_run", and_look)
    finish(print_forms(desk.office, ["image-use"], Whom(everyone=True), target))
    assert seen == [False]
    assert target.exists()


def test_a_file_that_cannot_be_written_issues_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = desk.events
    with pytest.raises(KnownError, match="There is no folder"):
        finish(print_forms(desk.office, ["image-use"], Whom(everyone=True), desk.folder / "no" / "out.pdf"))

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "forms_written", full)
    with pytest.raises(KnownError, match="The disk is full"):
        finish(print_forms(desk.office, ["image-use"], Whom(everyone=True), desk.folder / "out.pdf"))
    assert desk.events == before
    assert not [file for file in desk.folder.iterdir() if file.suffix in (".pdf", ".part")]


def test_stopping_a_print_keeps_nothing(desk: Desk) -> None:
    before = desk.events
    job = print_forms(desk.office, ["image-use"], Whom(everyone=True), desk.folder / "out.pdf")
    next(job)
    next(job)
    job.close()
    assert desk.events == before
    assert not list(Path(desk.folder).glob("*out.pdf*"))
