"""Letters are told from lines by their shape, whatever pen wrote them and however they ran into each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from consentdesk.model.reading import Presence
from consentdesk.scanning.align import Placement
from consentdesk.scanning.handwriting import is_line, letters, presence_of, words_of
from consentdesk.scanning.ink import ink_of
from consentdesk.scanning.patches import Patches, patches_of
from consentdesk.scanning.rehearsal.hand import INKS
from consentdesk.scanning.rehearsal.pen import Canvas
from consentdesk.scanning.rehearsal.writing import write
from consentdesk.scanning.slip_view import view_slip
from tests.scanning.made_up import BLUE, MM_PER_INCH, STEADY, Line, Raster, Version, draw, put_words

DPI = 200
X, Y = 66.0, 143.0
"""A place of the slip (mm from the page's top left); to its right and below some 12 mm are bare and nobody's."""
FELT = replace(STEADY, ink=INKS["black felt tip"], width_mm=0.9)
PENCIL = replace(STEADY, ink=INKS["pencil"])


def patches_on(page: Raster, version: Version) -> Patches:
    scale = DPI / MM_PER_INCH
    view = view_slip(page, Placement(np.diag([scale, scale, 1.0]), 1.0), version.layout)
    return patches_of(ink_of(view, version.ready), version.ready.zones)


@pytest.fixture
def drawn(many: Version) -> Callable[..., Patches]:
    """Patches of strokes drawn on free paper, from points in mm off (`X`, `Y`)."""

    def patches(*lines: Line, width_mm: float = 0.45) -> Patches:
        page = many.page(dpi=DPI)
        hand = replace(STEADY, width_mm=width_mm)
        draw(page, [[(X + x, Y + y) for x, y in line] for line in lines], hand)
        return patches_on(page, many)

    return patches


def round_about(radius: float, start: float, end: float, steps: int = 40) -> Line:
    """A part of a circle, its angles in degrees, high enough to stand on free paper."""
    angles = np.deg2rad(np.linspace(start, end, steps))
    return [(radius * float(np.cos(a)), radius * float(np.sin(a)) + 2.5) for a in angles]


@pytest.mark.parametrize("width_mm", [0.4, 0.7, 1.1])
@pytest.mark.parametrize("long", [6.0, 20.0])
def test_a_strokes_length_and_width_are_those_it_was_drawn_with(
    long: float, width_mm: float, drawn: Callable[..., Patches]
) -> None:
    (stroke,) = words_of(drawn([(0, 2), (long, 3.5)], width_mm=width_mm))
    true = np.hypot(long, 1.5)
    assert float(stroke.length[0]) == pytest.approx(true, rel=0.2)
    assert float(stroke.width[0]) == pytest.approx(width_mm, abs=0.4)


def test_turning_back_is_part_of_a_strokes_length(drawn: Callable[..., Patches]) -> None:
    zigzag = [(0, 0), (2, 4), (4, 0), (6, 4), (8, 0)]
    (stroke,) = words_of(drawn(zigzag))
    assert float(stroke.length[0]) == pytest.approx(4 * np.hypot(2, 4), rel=0.15)
    assert float(letters(stroke)[0]) > 10


@pytest.mark.parametrize(
    ("line", "width_mm"),
    [
        pytest.param([(0, 1), (14, 3)], 0.45, id="straight"),
        pytest.param([(0, 1), (14, 3)], 1.1, id="straight and broad"),
        pytest.param(round_about(12, 240, 300), 0.45, id="bent, as a hair is"),
        pytest.param(round_about(38, 255, 272), 0.9, id="the rim of a cup"),
    ],
)
def test_one_stroke_is_a_line_and_no_letters(
    line: Line, width_mm: float, drawn: Callable[..., Patches]
) -> None:
    lowest = min(y for _, y in line)
    (word,) = words_of(drawn([(x, y - lowest) for x, y in line], width_mm=width_mm))
    assert is_line(word)
    assert not letters(word).any()
    assert presence_of(word) is not Presence.PRESENT


@pytest.mark.parametrize("hand", [BLUE, FELT, PENCIL], ids=lambda hand: hand.ink.name)
@pytest.mark.parametrize("text", ["no", "OK", "ask me", "website only"])
@pytest.mark.parametrize("height_mm", [2.6, 3.8])
def test_words_are_words_in_any_pen(text: str, hand: object, height_mm: float, many: Version) -> None:
    page, field = many.page(dpi=DPI), (X, Y, X + 50, Y + 8)
    write(Canvas(page, DPI), field, text, hand, np.random.default_rng(5), height_mm=height_mm)
    said = [presence_of(word) for word in words_of(patches_on(page, many))]
    assert any(presence is not Presence.ABSENT for presence in said)


@pytest.mark.parametrize("blur", [1.0, 2.0, 3.0])
def test_letters_that_a_bad_scan_ran_together_are_told_by_their_core(blur: float, many: Version) -> None:
    page = many.page(dpi=DPI)
    put_words(page, (X, Y, X + 40, Y + 8), "no", STEADY)
    soft = np.asarray(cv2.GaussianBlur(page, (0, 0), blur), np.uint8)
    said = [presence_of(word) for word in words_of(patches_on(soft, many))]
    assert Presence.PRESENT in said


def test_strokes_near_each_other_are_one_word(drawn: Callable[..., Patches]) -> None:
    near = [(0, 0), (0, 4)], [(1.5, 0), (1.5, 4)]
    far = [(12, 0), (12, 4)]
    assert sorted(len(word) for word in words_of(drawn(*near, far))) == [1, 2]


def test_a_line_is_followed_from_end_to_end(drawn: Callable[..., Patches]) -> None:
    (word,) = words_of(drawn([(0, 4), (20, 0)]))
    course = word.course()
    ends = sorted(course[[0, -1]].tolist())
    across = np.subtract(ends[1], ends[0]) / 4
    assert across == pytest.approx((20, -4), abs=0.8)
