"""A form version made ready: its blank print known, so that only what was added counts as ink."""

from __future__ import annotations

import numpy as np
import pytest

from consentdesk.model.layout import Box
from consentdesk.scanning.blank_print import settled
from consentdesk.scanning.boxes import HALO, SCALE
from consentdesk.scanning.templates import prepare
from consentdesk.scanning.zones import BOX, FIELD, VIEW, fields_of, slices, view_box
from tests.scanning.made_up import Version


def part(version: Version, box: Box) -> tuple[slice, slice]:
    """Where a box (mm) lies in the slip's view."""
    around = view_box(version.layout)
    return slices(box, (around.x0, around.y0), version.ready.printed.shape)


@pytest.mark.parametrize("name", ["many", "pupil", "large", "few"])
def test_the_view_of_a_slip_is_its_frame_and_a_little_more(name: str, versions: dict[str, Version]) -> None:
    version = versions[name]
    outline = version.layout.outline
    height, width = version.ready.blank.shape
    assert (width, height) == pytest.approx(((outline.width + 4) * VIEW, (outline.height + 4) * VIEW), abs=1)
    frame = version.ready.printed[
        part(version, Box(outline.x0 - 0.3, outline.y0, outline.x0 + 0.3, outline.y1))
    ]
    assert frame.all()


@pytest.mark.parametrize("name", ["many", "pupil", "large", "few"])
def test_nothing_is_printed_where_people_write(name: str, versions: dict[str, Version]) -> None:
    version = versions[name]
    layout = version.layout
    fields = [layout.signature, layout.date, layout.printed_name, layout.relationship, layout.comment]
    for field in fields:
        assert not version.ready.printed[part(version, field.grown(-1.0))].any()
    for pair in layout.pairs:
        for box in (pair.yes, pair.no):
            assert not version.ready.printed[part(version, box.grown(-1.2))].any()
            assert version.ready.printed[part(version, box.grown(0.2))].any()


def test_every_box_has_a_mask_of_what_is_printed_beside_it(versions: dict[str, Version]) -> None:
    for version in versions.values():
        masks = version.ready.beside
        assert len(masks) == len(version.layout.pairs)
        for pair, sides in zip(version.layout.pairs, masks, strict=True):
            for box, mask in zip((pair.yes, pair.no), sides, strict=True):
                side = round((box.width + 2 * HALO) * SCALE)
                assert mask.shape == pytest.approx((side, side), abs=1)
                middle = mask[
                    round(HALO * SCALE) : -round(HALO * SCALE), round(HALO * SCALE) : -round(HALO * SCALE)
                ]
                assert not middle.any(), "the box itself is looked for where it is found"


def test_a_version_is_made_ready_the_same_each_time(few: Version) -> None:
    once, again = prepare(few.template), prepare(few.template)
    assert np.array_equal(once.blank, again.blank)
    assert np.array_equal(once.printed, again.printed)


def test_zones_know_every_box_and_field_and_leave_out_what_is_printed_for_a_child(
    versions: dict[str, Version],
) -> None:
    for version in versions.values():
        place = version.ready.zones.place
        boxes = [box for pair in version.layout.pairs for box in (pair.yes, pair.no)]
        for number, box in enumerate(boxes):
            assert np.unique(place[half(version, box.grown(-0.3))]).tolist() == [BOX + number]
        for number, field in enumerate(fields_of(version.layout)):
            assert np.unique(place[half(version, field.grown(-0.8))]).tolist() == [FIELD + number]
        for printed in (version.layout.child, version.layout.typed_code, *version.layout.codes):
            assert not place[half(version, printed.grown(-0.5))].any()
        assert not place[half(version, Box(0, 0, 210, version.layout.outline.y0))].any()


def half(version: Version, box: Box) -> tuple[slice, slice]:
    """Where a box (mm) lies in a mask of half the view's scale."""
    around = view_box(version.layout)
    return slices(box, (around.x0, around.y0), version.ready.zones.place.shape, VIEW / 2)


@pytest.mark.parametrize("moved", [(0, 0), (2, 4), (-4, -3)])
def test_print_that_has_moved_by_a_millimetre_is_found_again(moved: tuple[int, int], many: Version) -> None:
    blank = many.ready.print
    ink = np.roll(np.asarray(255 - many.ready.blank, np.uint8), moved, axis=(0, 1))
    masked, near = settled(blank, ink, range(len(blank.tiles)))
    assert (masked[ink > 120] > 0).mean() > 0.97
    assert (near[ink > 120] > 0).mean() > 0.99
