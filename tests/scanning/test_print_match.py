"""A slip's own print proves where it lies: right places are seen, wrong ones found out, bent paper drawn flat."""

from __future__ import annotations

import numpy as np
import pytest

from consentdesk.scanning.align import Matrix
from consentdesk.scanning.bends import Bend, drawn_flat
from consentdesk.scanning.print_match import Settled, settle
from consentdesk.scanning.rehearsal.strangers import letter_page
from tests.scanning.bad_pages import BadPage, crumpled, filled_in, grainy, one_bit, toned
from tests.scanning.made_up import MM_PER_INCH, Raster, Version, moved, on_paper, to_pixels, turned_by

PROVEN = 0.65


def shifted(x: float, y: float) -> Matrix:
    """From the layout's mm to the page's px, so many mm off."""
    return to_pixels(200) @ np.array([[1.0, 0, x], [0, 1, y], [0, 0, 1]])


def boxes_of(version: Version) -> Matrix:
    return np.array([box.centre for pair in version.layout.pairs for box in (pair.yes, pair.no)])


@pytest.mark.parametrize("name", ["many", "pupil", "large", "few"])
@pytest.mark.parametrize("light", [toned(0, 255), toned(150, 255), toned(20, 150), one_bit(0.6), grainy])
def test_a_slip_in_its_place_shows_its_print_whatever_is_written_on_it(
    name: str, light: object, versions: dict[str, Version]
) -> None:
    assert callable(light)
    settled = settle(light(filled_in(versions[name])), versions[name].ready, shifted(0, 0))
    assert settled.seen > 0.9
    assert settled.bend is None


@pytest.mark.parametrize("name", ["many", "pupil", "large", "few"])
def test_a_slip_a_question_off_or_with_no_under_yes_is_found_out_or_set_right(
    name: str, versions: dict[str, Version]
) -> None:
    version = versions[name]
    page, pair = filled_in(version), version.layout.pairs[0]
    across = pair.no.x0 - pair.yes.x0
    rows = sorted({one.yes.y0 for one in version.layout.pairs})
    down = rows[1] - rows[0] if len(rows) > 1 else 8.4
    for x, y in ((0, down), (0, -down), (0, 2 * down), (across, 0), (-across, 0), (5, 4), (40, -30)):
        settled = settle(page, version.ready, shifted(x, y))
        assert settled.seen < PROVEN or off_mm(settled, version, shifted(0, 0)) < 1.2


def off_mm(settled: Settled, version: Version, truth: Matrix) -> float:
    """How far the worst box lies off, bend and all."""
    boxes = boxes_of(version)
    here = boxes if settled.bend is None else boxes + settled.bend.at(boxes)
    off = on_paper(settled.matrix, here) - on_paper(truth, boxes)
    return float(np.linalg.norm(off, axis=1).max()) * MM_PER_INCH / 200


def test_a_place_a_little_off_is_set_right(many: Version) -> None:
    page = filled_in(many)
    matrix = turned_by(page, 1.2)
    settled = settle(moved(page, matrix), many.ready, shifted(1.5, -1.0))
    assert settled.seen > 0.9
    assert off_mm(settled, many, matrix @ to_pixels(200)) < 0.7


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_paper_without_print_proves_nothing(shade: int, few: Version) -> None:
    assert settle(np.full((2339, 1654), shade, np.uint8), few.ready, shifted(0, 0)).seen == 0


def test_somebody_elses_words_prove_nothing(many: Version, few: Version) -> None:
    letter = letter_page(np.random.default_rng(3), 200)
    assert settle(letter, many.ready, shifted(0, 0)).seen < 0.4
    assert settle(filled_in(few), many.ready, shifted(0, 0)).seen < PROVEN


def off_flat(bad: BadPage, version: Version) -> tuple[float, float, Raster]:
    """How far (mm) the worst box lies off before and after the paper is drawn flat, and the page then."""
    settled = settle(bad.image, version.ready, shifted(0, 0))
    assert settled.seen > PROVEN
    assert settled.bend is not None
    boxes = boxes_of(version)

    def off(places: Matrix) -> float:
        lifted = np.column_stack([places, np.ones(len(places))]) @ settled.matrix.T
        return float(np.linalg.norm(bad.to_paper(lifted[:, :2] / lifted[:, 2:]) - boxes, axis=1).max())

    flat = drawn_flat(bad.image, version.layout, settled.matrix, settled.bend)
    return off(boxes), off(boxes + settled.bend.at(boxes)), flat


@pytest.mark.parametrize("name", ["many", "few"])
def test_bent_paper_is_drawn_flat(name: str, versions: dict[str, Version]) -> None:
    version = versions[name]
    bad = crumpled(version, filled_in(version))
    before, after, flat = off_flat(bad, version)
    assert after < 0.7 < before
    again = settle(flat, version.ready, shifted(0, 0))
    assert again.seen > 0.9
    if again.bend is not None:
        assert np.abs(again.bend.shifts).max() < 1.0
    assert flat.shape == bad.image.shape
    assert np.array_equal(flat[:200], bad.image[:200]), "beyond the slip nothing moves"


def test_a_bend_is_what_the_places_around_say_and_fades_out() -> None:
    ones = np.ones((2, 2))
    bend = Bend(np.array([(50.0, 50.0), (60.0, 50.0)]), np.array([(1.0, 0.0), (1.0, 0.5)]), ones)
    near, between, far = bend.at(np.array([(50.0, 50.0), (55.0, 50.0), (150.0, 150.0)]))
    assert near[0] == pytest.approx(1.0, abs=0.05)
    assert 0 < near[1] < between[1] < 0.5
    assert far == pytest.approx((0, 0), abs=1e-6)


def test_a_place_on_a_side_of_the_frame_tells_of_its_own_direction_alone() -> None:
    bend = Bend(np.array([(10.0, 50.0)]), np.array([(0.8, 0.0)]), np.array([(1.0, 0.0)]))
    (told,) = bend.at(np.array([(10.0, 50.0)]))
    assert told == pytest.approx((0.8, 0.0), abs=0.05)
