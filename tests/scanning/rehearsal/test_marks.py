"""Marks: every kind leaves ink where its name says, and one person's marks look alike."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from consentdesk.scanning.rehearsal.hand import INKS, draw_hand
from consentdesk.scanning.rehearsal.marks import FAINT, MARKS, PLAIN_KINDS, through
from consentdesk.scanning.rehearsal.pen import Canvas, Rect

Paper = Callable[..., Canvas]
SEEDS = range(12)


@pytest.mark.parametrize("kind", MARKS)
def test_the_same_seed_gives_the_same_mark(kind: str, paper: Paper, boxes: tuple[Rect, Rect]) -> None:
    def page(seed: int) -> bytes:
        rng = np.random.default_rng(seed)
        canvas = paper(printed=True)
        MARKS[kind](canvas, boxes[0], draw_hand(rng), rng)
        return canvas.page.tobytes()

    assert page(5) == page(5)
    assert page(5) != page(6)


@pytest.mark.parametrize("kind", MARKS)
def test_no_mark_lightens_the_page(kind: str, paper: Paper, boxes: tuple[Rect, Rect]) -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        canvas = paper(printed=True)
        before = canvas.page.copy()
        MARKS[kind](canvas, boxes[0], draw_hand(rng), rng)
        assert (canvas.page <= before).all()
        assert (canvas.page < before).any()


@pytest.mark.parametrize("kind", sorted(PLAIN_KINDS))
def test_plain_marks_lie_mostly_in_their_box(kind: str, paper: Paper, boxes: tuple[Rect, Rect]) -> None:
    """Long tails and overshooting crosses may not; everything else does in nearly every hand."""
    shares = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        shares.append(MARKS[kind](paper(), boxes[0], draw_hand(rng), rng).share_in(boxes[0]))
    assert np.median(shares) > (0.25 if kind in {"tick_long", "cross_over"} else 0.5)


def test_marks_beside_and_round_a_box_leave_it_empty(paper: Paper, boxes: tuple[Rect, Rect]) -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        hand = draw_hand(rng, INKS["blue ballpoint"])
        assert MARKS["beside"](paper(), boxes[0], hand, rng).ink_in(boxes[0]) == 0
        assert MARKS["ring"](paper(), boxes[0], hand, rng).share_in(boxes[0]) < 0.15


@pytest.mark.parametrize("kind", [kind for kind in MARKS if kind.startswith("faint")])
def test_faint_marks_are_as_faint_as_promised(kind: str, paper: Paper, boxes: tuple[Rect, Rect]) -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        drawn = MARKS[kind](paper(), boxes[0], draw_hand(rng), rng)
        assert FAINT[0] * 0.6 < drawn.strength < FAINT[1] * 1.1


def test_a_line_through_boxes_crosses_each(paper: Paper, boxes: tuple[Rect, Rect]) -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        drawn = through(paper(), boxes, draw_hand(rng), rng)
        assert all(drawn.ink_in(box) > 0.5 for box in boxes)


def test_one_hand_ticks_alike_and_another_differently(paper: Paper, boxes: tuple[Rect, Rect]) -> None:
    """Soft pictures of ticks by one person agree better among themselves than with those of other people."""

    def tick(person: int, seed: int) -> np.ndarray:
        canvas = paper(colour=False)
        hand = draw_hand(np.random.default_rng(person), INKS["black ballpoint"])
        MARKS["tick"](canvas, boxes[0], hand, np.random.default_rng(seed))
        x, y = (int(edge * canvas.scale) for edge in boxes[0][:2])
        patch = 255.0 - canvas.page[y - 20 : y + 52, x - 20 : x + 52]
        soft = patch.reshape(12, 6, 12, 6).mean(axis=(1, 3)).ravel()
        return (soft - soft.mean()) / soft.std()

    ticks = [[tick(person, 100 * person + n) for n in range(4)] for person in range(6)]
    own = np.mean([own[0] @ other / own[0].size for own in ticks for other in own[1:]])
    others = np.mean([a[0] @ b[0] / a[0].size for i, a in enumerate(ticks) for b in ticks[i + 1 :]])
    assert own > others + 0.05
