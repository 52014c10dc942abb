"""Slips cut out and laid on the glass: whole, apart from each other, and where the matrices say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from consentdesk.scanning.rehearsal.pieces import A4_MM, Laid, Piece, Turns, cut_out, lay_out
from consentdesk.scanning.rehearsal.strangers import blank_back, letter_page

DPI = 75
SCALE = DPI / 25.4
SLIP = (15.0, 180.0, 195.0, 285.0)
SPOT = (40.0, 200.0)


def page() -> np.ndarray:
    sheet = np.full((round(297 * SCALE), round(210 * SCALE), 3), 255, np.uint8)
    cv2.circle(sheet, (round(SPOT[0] * SCALE), round(SPOT[1] * SCALE)), 6, (0, 0, 255), -1)
    return sheet


def corners(piece: Piece, matrix: np.ndarray) -> np.ndarray:
    """The paper's corners on the sheet, in mm."""
    x, y = piece.corner_mm
    w, h = piece.size_mm
    return np.array([(x, y, 1), (x + w, y, 1), (x + w, y + h, 1), (x, y + h, 1)]) @ matrix.T


@pytest.mark.parametrize("seed", range(6))
def test_scissors_stay_near_the_line(seed: int) -> None:
    piece = cut_out(page(), SLIP, DPI, np.random.default_rng(seed), wobble_mm=0.7)
    paper = np.argwhere(piece.mask > 0)[:, ::-1] / SCALE + piece.corner_mm
    assert np.abs(paper.min(axis=0) - SLIP[:2]).max() < 1.2
    assert np.abs(paper.max(axis=0) - SLIP[2:]).max() < 1.2
    inner = piece.mask[round(3 * SCALE) : -round(3 * SCALE), round(3 * SCALE) : -round(3 * SCALE)]
    assert (inner == 255).all()


def test_a_slip_at_the_page_edge_is_cut_within_the_page() -> None:
    piece = cut_out(page(), (0.0, 190.0, 210.0, 297.0), DPI, np.random.default_rng(0))
    assert piece.image.shape[1] <= page().shape[1]
    assert piece.corner_mm[0] == 0


@pytest.mark.parametrize("turns", ["any", "quarter", "upright"])
@pytest.mark.parametrize("seed", range(8))
def test_a_slip_lies_whole_on_the_sheet_and_its_matrix_finds_every_spot(turns: Turns, seed: int) -> None:
    rng = np.random.default_rng(seed)
    piece = cut_out(page(), SLIP, DPI, rng)
    laid = lay_out([piece], rng, turns=turns, lid=30)
    on_sheet = corners(piece, laid.matrices[0])
    assert (on_sheet > 0).all()
    assert (on_sheet < np.array(A4_MM)).all()
    red = (laid.image[:, :, 2] > 150) & (laid.image[:, :, 1] < 100)
    found = np.argwhere(red).mean(axis=0)[::-1] / SCALE + 0.5 / SCALE
    assert found == pytest.approx(laid.matrices[0] @ np.array([*SPOT, 1]), abs=0.4)


@pytest.mark.parametrize("seed", range(5))
def test_several_slips_never_overlap(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pieces = [cut_out(page(), (15.0, 190.0, 195.0, 265.0), DPI, rng) for _ in range(3)]
    laid = lay_out(pieces, rng, turns="quarter", lid=20)
    shadows = np.zeros(laid.image.shape[:2], np.uint8)
    for piece, matrix in zip(pieces, laid.matrices, strict=True):
        one = np.zeros_like(shadows)
        cv2.fillPoly(one, [np.rint(corners(piece, matrix) * SCALE).astype(np.int32)], 1)
        shadows += one
    assert shadows.max() == 1
    assert len(laid.matrices) == 3


def test_the_same_seed_lays_the_same_sheet() -> None:
    def once() -> Laid:
        rng = np.random.default_rng(5)
        return lay_out([cut_out(page(), SLIP, DPI, rng)], rng)

    assert once().image.tobytes() == once().image.tobytes()


def test_too_many_slips_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="do not fit"):
        lay_out([cut_out(page(), SLIP, DPI, rng) for _ in range(4)], rng)


def test_a_strangers_letter_has_print_and_is_its_own() -> None:
    first, again, other = (letter_page(np.random.default_rng(seed), DPI) for seed in (1, 1, 2))
    assert first.shape == (round(297 * SCALE), round(210 * SCALE))
    assert 0.01 < (first < 128).mean() < 0.2
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_blank_back_is_nearly_white() -> None:
    for seed in range(6):
        back = blank_back(page(), np.random.default_rng(seed))
        assert back.shape == page().shape
        assert back.min() > 200
