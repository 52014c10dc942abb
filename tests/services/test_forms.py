"""Which forms there are, and a school's own in their place or beside them (rules P1, P4)."""

from __future__ import annotations

import pytest

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.services.add_form import add_form
from consentdesk.services.forms import forms_in_force, questions, the_purposes
from tests.services.made_up import Desk

OWN = """\
id = "school-play"
family = "other"
title = "The school play"
letter = ["Dear parent or carer,"]
withdraw = "Tell the school office."

[[questions]]
purpose = "play.take-part"
name = "School play"
text = "May your child take part in the school play?"
"""


def test_what_ships_is_in_force(desk: Desk) -> None:
    assert sorted(forms_in_force(desk.office)) == ["image-use", "internet-access", "web-publication"]
    assert len(questions(desk.office)) >= 12


def test_a_schools_own_form_can_be_printed_and_asked_about(desk: Desk) -> None:
    file = desk.folder / "play.toml"
    file.write_text(OWN, encoding="utf-8")
    assert add_form(desk.office, file).id == "school-play"
    assert forms_in_force(desk.office)["school-play"].own
    slip = desk.print_for("Ada", "school-play")
    desk.take(desk.seen(slip))
    assert desk.words("Ada") == {"unconfirmed"}


def test_a_form_of_the_same_id_takes_the_shipped_ones_place(desk: Desk) -> None:
    text = (paths.shipped("forms") / "image-use.toml").read_text("utf-8")
    file = desk.folder / "ours.toml"
    file.write_text(text.replace("asked = false", "asked = true"), encoding="utf-8")
    add_form(desk.office, file)
    assert "image.full-name" in [question.purpose for question in desk.print_for("Ada").questions]


def test_slips_printed_before_new_wording_are_recorded_and_flagged(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    text = (paths.shipped("forms") / "web-publication.toml").read_text("utf-8")
    file = desk.folder / "ours.toml"
    file.write_text(text.replace('text = "May', 'text = "Please, may'), encoding="utf-8")
    add_form(desk.office, file)
    assert desk.take_one(desk.seen(slip, "no")).flags == ()
    desk.print_for("Ben", "web-publication")
    assert desk.take_one(desk.seen(slip, "yes")).flags == ("older-version",)


def test_a_purpose_belongs_to_one_form(desk: Desk) -> None:
    file = desk.folder / "play.toml"
    file.write_text(OWN.replace("play.take-part", "image.website"), encoding="utf-8")
    with pytest.raises(KnownError, match=r"asks about image\.website"):
        add_form(desk.office, file)


def test_a_shipped_form_that_was_broken_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.folder / "image-use.toml").write_text("id = ", encoding="utf-8")
    monkeypatch.setattr(paths, "shipped", lambda *_: desk.folder)
    with pytest.raises(KnownError, match=r"The shipped form image-use\.toml was changed"):
        forms_in_force(desk.office)


def test_a_forms_id_stands_for_what_it_asks(desk: Desk) -> None:
    assert the_purposes(desk.office, ["web-publication", "web.work"]) == ["web.work", "web.first-name"]
    assert "image.full-name" not in the_purposes(desk.office, ["image-use"])
    with pytest.raises(KnownError) as caught:
        the_purposes(desk.office, ["image.webside"])
    assert "image.website" in caught.value.sentence
