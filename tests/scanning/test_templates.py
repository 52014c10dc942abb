"""A form version made ready: its blank print known, so that only what was added counts as ink."""

from __future__ import annotations

import numpy as np
import pytest

from consentdesk.model.layout import Box
from consentdesk.scanning.boxes import HALO, SCALE
from consentdesk.scanning.templates import prepare
from consentdesk.scanning.zones import VIEW, slices, view_box
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


def test_zones_own_every_box_and_leave_out_what_is_printed_for_a_child(many: Version) -> None:
    zones = many.ready.zones
    boxes = [box for pair in many.layout.pairs for box in (pair.yes, pair.no)]
    for number, box in enumerate(boxes, start=1):
        assert np.unique(zones.owner[part(many, box.grown(-0.3))]).tolist() == [number]
        assert zones.home[part(many, box)].all()
    for place in (many.layout.child, many.layout.typed_code, *many.layout.codes):
        assert not zones.free[part(many, place)].any()
    assert not zones.free[part(many, Box(0, 0, 210, many.layout.outline.y0))].any()
