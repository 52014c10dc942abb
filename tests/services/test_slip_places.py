"""Where a slip's boxes stand on its picture."""

from __future__ import annotations

import pytest

from consentdesk.services.slip_places import all_places, places_on
from tests.services.made_up import Desk


def test_every_question_has_its_two_boxes_side_by_side(desk: Desk) -> None:
    slip = desk.print_for("Cleo")
    places = places_on(desk.office, slip.version)
    asked = {("guardian", one.purpose) for one in slip.questions}
    asked |= {("pupil", one.purpose) for one in slip.pupil_questions}
    assert set(places.pairs) == asked
    for pair in places.pairs.values():
        assert pair.yes.right < pair.no.right
        assert pair.both.left == pair.yes.left
        assert pair.both.right == pair.no.right


def test_the_boxes_are_where_the_manifest_says_they_are_printed(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    places = places_on(desk.office, slip.version)
    around = slip.outline.grown(2.0)
    wide, high = around.width, around.height
    for question in slip.questions:
        x, y = question.yes.centre
        spot = places.pairs["guardian", question.purpose].yes
        middle = (x - around.x0) / wide, (y - around.y0) / high
        assert ((spot.left + spot.right) / 2, (spot.top + spot.bottom) / 2) == pytest.approx(
            middle, abs=0.003
        )
    assert places.shape == pytest.approx(wide / high, rel=0.001)


def test_everything_lies_on_the_picture(desk: Desk) -> None:
    desk.print("image-use", "web-publication", "internet-access")
    for places in all_places(desk.office):
        spots = [*places.fields.values(), *(pair.both for pair in places.pairs.values())]
        assert all(0 <= value <= 1 for spot in spots for value in spot)
        assert all(spot.left < spot.right and spot.top < spot.bottom for spot in spots)


def test_a_version_that_nobody_printed_has_no_places(desk: Desk) -> None:
    with pytest.raises(LookupError):
        places_on(desk.office, "ZZZZ")
