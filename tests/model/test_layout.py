"""The geometry that printing and reading share: boxes in millimetres, and the pairs of a slip."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk.model.layout import A4, Box, BoxPair, FormLayout, PageLayout, SlipLayout

# Multiples of a quarter of a millimetre: exact in binary, so that sums compare.
mm = st.integers(-400, 1600).map(lambda quarters: quarters / 4)
size = st.integers(1, 800).map(lambda quarters: quarters / 4)
boxes = st.builds(lambda x, y, width, height: Box(x, y, x + width, y + height), mm, mm, size, size)

BOX = Box(10, 20, 15, 26)


def test_width_height_and_centre() -> None:
    assert (BOX.width, BOX.height, BOX.centre) == (5, 6, (12.5, 23))


@given(boxes, st.integers(0, 40).map(lambda quarters: quarters / 4))
def test_a_grown_box_grows_on_each_side_and_keeps_its_centre(box: Box, by: float) -> None:
    grown = box.grown(by)
    assert (grown.width, grown.height, grown.centre) == (box.width + 2 * by, box.height + 2 * by, box.centre)
    assert grown.grown(-by) == box
    assert grown.holds(box)


@given(boxes, mm, mm)
def test_a_moved_box_keeps_its_size(box: Box, dx: float, dy: float) -> None:
    moved = box.moved(dx, dy)
    assert (moved.width, moved.height) == (box.width, box.height)
    assert moved.centre == (box.centre[0] + dx, box.centre[1] + dy)
    assert moved.moved(-dx, -dy) == box


@pytest.mark.parametrize(
    ("other", "held", "shares"),
    [
        pytest.param(Box(10, 20, 15, 26), True, True, id="the same box"),
        pytest.param(Box(11, 21, 14, 25), True, True, id="inside"),
        pytest.param(Box(9, 20, 15, 26), False, True, id="out on the left"),
        pytest.param(Box(10, 19, 15, 26), False, True, id="out at the top"),
        pytest.param(Box(10, 20, 16, 26), False, True, id="out on the right"),
        pytest.param(Box(10, 20, 15, 27), False, True, id="out at the bottom"),
        pytest.param(Box(0, 0, 100, 100), False, True, id="round it"),
        pytest.param(Box(15, 20, 20, 26), False, False, id="side by side: a common edge is no area"),
        pytest.param(Box(10, 26, 15, 30), False, False, id="one above the other"),
        pytest.param(Box(15, 26, 20, 30), False, False, id="corner to corner"),
        pytest.param(Box(14.9, 25.9, 20, 30), False, True, id="a corner overlaps"),
        pytest.param(Box(30, 20, 35, 26), False, False, id="apart in x"),
        pytest.param(Box(10, 40, 15, 46), False, False, id="apart in y"),
    ],
)
def test_what_a_box_holds_and_touches(other: Box, held: bool, shares: bool) -> None:
    assert BOX.holds(other) is held
    assert BOX.touches(other) is other.touches(BOX) is shares


@given(boxes, boxes)
def test_boxes_touch_where_they_share_area(one: Box, other: Box) -> None:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    assert one.touches(other) is (width > 0 and height > 0)
    assert not one.holds(other) or one.touches(other)


@pytest.mark.parametrize(("slack", "held"), [(0.0, False), (0.25, True), (0.5, True)])
def test_a_box_holds_with_slack_what_stands_out_by_less(slack: float, held: bool) -> None:
    for out in (
        Box(9.75, 20, 15, 26),
        Box(10, 19.75, 15, 26),
        Box(10, 20, 15.25, 26),
        Box(10, 20, 15, 26.25),
    ):
        assert BOX.holds(out, slack) is held


def slip() -> SlipLayout:
    pair = BoxPair("image.website", Box(150, 180, 155, 185), Box(170, 180, 175, 185))
    own = BoxPair("image.website", Box(150, 200, 155, 205), Box(170, 200, 175, 205))
    field = Box(10, 210, 60, 218)
    return SlipLayout(
        page=1,
        outline=Box(8, 150, 202, 290),
        codes=(Box(10, 152, 30, 172), Box(180, 268, 200, 288)),
        child=field,
        typed_code=field,
        questions=(pair,),
        signature=field,
        date=field,
        printed_name=field,
        relationship=field,
        comment=field,
        pupil_questions=(own,),
    )


def test_a_slips_pairs_are_the_guardians_first() -> None:
    assert [pair.yes.y0 for pair in slip().pairs] == [180, 200]


def test_a_layout_survives_being_kept_as_json() -> None:
    layout = FormLayout((PageLayout(), PageLayout()), slip())
    assert msgspec.json.decode(msgspec.json.encode(layout), type=FormLayout) == layout
    assert (layout.pages[0].width, layout.pages[0].height) == A4


def test_a_box_is_kept_as_four_numbers() -> None:
    assert msgspec.json.encode(BOX) == b"[10,20,15,26]"
