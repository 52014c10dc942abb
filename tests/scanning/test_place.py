"""Where the slip of some codes lies is proved or not told: never read from boxes that may be another question's."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from consentdesk.model.decision import decide
from consentdesk.scanning.codes import find_codes, reduced
from consentdesk.scanning.grouping import group_by_slip, sort_out
from consentdesk.scanning.page import Page
from consentdesk.scanning.place import Placed, Unplaced, place
from consentdesk.scanning.read_page import read_page
from consentdesk.scanning.rehearsal.fill_in import rect
from consentdesk.scanning.templates import Template
from tests.scanning.bad_pages import BadPage, covered, crumpled, filled_in, photographed
from tests.scanning.made_up import MM_PER_INCH, Raster, Version, cover, with_codes

Templates = dict[str, Template]


def places(image: Raster, templates: Templates) -> list[Placed | Unplaced]:
    page = Page.of(image)
    found = find_codes(page.small, page.factor)
    ours, _, _ = sort_out(found)
    return [
        place(page, group, templates[group[0].code.tag], found) for group in group_by_slip(ours, templates)
    ]


def off_mm(slip: Placed, bad: BadPage) -> float:
    middles = np.array([box.centre for pair in bad.layout.pairs for box in (pair.yes, pair.no)])
    here = middles if slip.bend is None else middles + slip.bend.at(middles)
    return float(np.linalg.norm(bad.to_paper(slip.placement.to_page(here)) - middles, axis=1).max())


LEANS = [(-0.16, 0.05), (0.14, 0.15), (0.0, 0.19), (-0.1, 0.1), (-0.05, 0.09), (0.17, -0.12)]


@pytest.mark.parametrize("lean", LEANS)
@pytest.mark.parametrize("code", [0, 1])
def test_from_one_code_of_a_slip_photographed_askew_it_is_placed_right_or_not_at_all(
    code: int, lean: tuple[float, float], versions: dict[str, Version], templates: Templates
) -> None:
    """A code's 18 mm tell nothing of perspective: from them alone the boxes are up to 30 mm away."""
    for name in ("many", "few"):
        version = versions[name]
        bad = photographed(version, covered(filled_in(version), version.layout, [code]), lean=lean, degrees=6)
        for slip in places(bad.image, templates):
            assert isinstance(slip, Unplaced) or off_mm(slip, bad) < 1.2


def only_codes(version: Version, codes: Sequence[int] = (0, 1)) -> Raster:
    """Codes cut from a slip and glued on empty paper."""
    page, glued = version.page(), np.full((2339, 1654), 255, np.uint8)
    scale = 200 / MM_PER_INCH
    for code in codes:
        x0, y0, x1, y1 = (round(edge * scale) for edge in rect(version.layout.codes[code].grown(3.0)))
        glued[y0:y1, x0:x1] = page[y0:y1, x0:x1]
    return glued


@pytest.mark.parametrize("codes", [(0,), (1,), (0, 1)])
def test_codes_without_their_slip_place_nothing(
    codes: tuple[int, ...], few: Version, templates: Templates
) -> None:
    for slip in places(only_codes(few, codes), templates):
        assert isinstance(slip, Unplaced)
    (read,) = read_page(only_codes(few, codes), 1, templates).slips
    assert set(read.codes) == {few.codes()[code] for code in codes}
    assert (read.tag, read.pairs) == (None, ())
    assert read.crop
    assert decide(read).answers == {}


def test_codes_glued_on_another_forms_slip_place_nothing(
    versions: dict[str, Version], templates: Templates
) -> None:
    """Its own frame and boxes lie elsewhere, and its words are others."""
    host, codes = versions["many"], versions["few"]
    page, said = filled_in(host), only_codes(codes)
    cover(page, host.layout.codes[0].grown(3))
    page = np.minimum(page, said)
    for slip in places(page, templates):
        assert isinstance(slip, Unplaced)


def test_the_other_code_is_looked_for_where_it_should_be(few: Version, templates: Templates) -> None:
    page = filled_in(few)
    scale = 200 / MM_PER_INCH
    x0, y0, x1, y1 = (round(edge * scale) for edge in rect(few.layout.codes[1].grown(1.0)))
    # Blurred enough to be missed on the reduced page, and no more.
    page[y0:y1, x0:x1] = cv2.GaussianBlur(page[y0:y1, x0:x1], (0, 0), 2.4)
    assert few.codes()[1] not in {code.text for code in find_codes(*reduced(page))}
    (slip,) = places(page, templates)
    assert isinstance(slip, Placed)
    assert set(slip.texts) == set(few.codes())


def test_another_slips_code_at_the_other_place_is_told(few: Version, templates: Templates) -> None:
    mixed = with_codes(few, (few.codes(0)[0], few.codes(1)[1]))
    page = filled_in(mixed)
    assert [set(slip.texts) for slip in places(page, templates)] == [{few.codes(0)[0], few.codes(1)[1]}] * 2
    (read,) = read_page(page, 1, templates).slips
    assert set(read.codes) == {few.codes(0)[0], few.codes(1)[1]}, "and it is one slip"


def test_bent_paper_is_handed_on_flat(few: Version, templates: Templates) -> None:
    bad = crumpled(few, filled_in(few))
    (slip,) = places(bad.image, templates)
    assert isinstance(slip, Placed)
    assert slip.bend is not None
    assert not np.array_equal(slip.page.grey, bad.image)
    assert off_mm(slip, bad) < 0.7
    assert slip.placement.fit > 0.8


def test_flat_paper_is_handed_on_as_it_is(few: Version, templates: Templates) -> None:
    page = filled_in(few)
    (slip,) = places(page, templates)
    assert isinstance(slip, Placed)
    assert slip.bend is None
    assert slip.page.grey is page
