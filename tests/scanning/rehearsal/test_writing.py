"""Handwriting: every field gets ink, inside it, in the person's own hand, whatever the name's script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from consentdesk.scanning.rehearsal.hand import draw_hand
from consentdesk.scanning.rehearsal.letters import glyphs
from consentdesk.scanning.rehearsal.pen import Canvas, Drawn, Rect
from consentdesk.scanning.rehearsal.writing import initial, sign, strike_name, write, write_date, write_lines

Paper = Callable[..., Canvas]
FIELD: Rect = (8.0, 12.0, 62.0, 24.0)
WRITERS: dict[str, Callable[..., Drawn]] = {
    "signature": lambda canvas, hand, rng: sign(canvas, FIELD, "Priya Raghunathan", hand, rng),
    "one name": lambda canvas, hand, rng: sign(canvas, FIELD, "Grace", hand, rng),
    "initials": lambda canvas, hand, rng: initial(canvas, FIELD, "Tom Ash", hand, rng),
    "name": lambda canvas, hand, rng: write(canvas, FIELD, "Anneliese Brontë-Hughes O’Neill", hand, rng),
    "date": lambda canvas, hand, rng: write_date(canvas, FIELD, date(2026, 9, 4), hand, rng),
    "comment": lambda canvas, hand, rng: write_lines(
        canvas, FIELD, "Website only, please. Ring me!", hand, rng
    ),
}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_writing_lies_in_its_field_and_is_the_same_for_the_same_seed(
    writer: Callable[..., Drawn], paper: Paper
) -> None:
    pages = []
    for _ in range(2):
        canvas = paper()
        for seed in range(6):
            rng = np.random.default_rng(seed)
            drawn = writer(canvas, draw_hand(rng), rng)
            x0, y0, x1, y1 = FIELD
            assert drawn.ink_mm2 > 0.5
            assert drawn.share_in((x0 - 1, y0 - 4, x1 + 2, y1 + 4)) > 0.95
        pages.append(canvas.page.tobytes())
    assert pages[0] == pages[1]


def test_long_words_are_squeezed_into_the_field(paper: Paper) -> None:
    rng = np.random.default_rng(1)
    drawn = write(
        paper(), FIELD, "Wolfeschlegelsteinhausenbergerdorff the Younger of That Ilk", draw_hand(rng), rng
    )
    assert drawn.share_in((FIELD[0] - 1, 0, FIELD[2] + 1, 35)) > 0.99


def test_a_comment_too_long_for_its_lines_still_ends_in_the_field(paper: Paper) -> None:
    rng = np.random.default_rng(1)
    drawn = write_lines(paper(), FIELD, "not in the newspaper " * 8, draw_hand(rng), rng)
    assert drawn.share_in((FIELD[0] - 1, FIELD[1] - 2, FIELD[2] + 1, FIELD[3] + 3)) > 0.97


def test_a_struck_name_is_crossed_out_and_another_stands_above(paper: Paper) -> None:
    rng = np.random.default_rng(5)
    printed: Rect = (10.0, 20.0, 45.0, 24.0)
    drawn = strike_name(paper(), printed, "Marcus Adeyemi", draw_hand(rng), rng)
    assert drawn.ink_in(printed) > 5
    assert drawn.ink_in((10.0, 12.0, 60.0, 19.8)) > 5


@pytest.mark.parametrize(
    "name", ["Zoë", "Siobhán O’Neill", "José Núñez", "Łukasz Żółć", "Øystein", "Çağla", "Dvořák"]
)
def test_accents_belong_to_their_letter(name: str) -> None:
    assert len(glyphs(name)) == len(name)
    plain = glyphs("o")[0]
    accented = glyphs("ö")[0]
    assert plain is not None
    assert accented is not None
    assert len(accented.strokes) == len(plain.strokes) + 2


@pytest.mark.parametrize("name", ["محمد علي", "李伟", "Олена"])
def test_letters_of_other_scripts_become_a_scrawl(name: str, paper: Paper) -> None:
    rng = np.random.default_rng(3)
    assert write(paper(), FIELD, name, draw_hand(rng), rng).ink_mm2 > 0.5
    assert sign(paper(), FIELD, name, draw_hand(rng), rng).ink_mm2 > 0.5


def test_nothing_to_write_leaves_no_ink(paper: Paper) -> None:
    rng = np.random.default_rng(3)
    canvas = paper()
    assert write(canvas, FIELD, "  ", draw_hand(rng), rng).ink_mm2 == 0
    assert write_lines(canvas, FIELD, "", draw_hand(rng), rng).ink_mm2 == 0
    assert (canvas.page == 255).all()
