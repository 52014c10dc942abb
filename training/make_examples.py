"""Training data for the model that may object: boxes drawn, scanned and cut out as the reader sees them.

Run as `python -m training.make_examples SEED PAGES FILE.npz`: so many pages a level, every pair in a hand of its own.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from consentdesk.model.layout import Box, BoxPair
from consentdesk.scanning import boxes, veto
from consentdesk.scanning.align import Placement, place_by_codes, tighten
from consentdesk.scanning.codes import find_codes, reduced
from consentdesk.scanning.grouping import group_by_slip, sort_out
from consentdesk.scanning.pictures import Pixels, darkest
from consentdesk.scanning.rehearsal.cases import (
    CASES,
    CLEAR_SHARE,
    CLEAR_STRENGTH,
    CaseDrawn,
    MarkCase,
    draw_case,
)
from consentdesk.scanning.rehearsal.curves import curve
from consentdesk.scanning.rehearsal.fill_in import rect
from consentdesk.scanning.rehearsal.hand import draw_hand
from consentdesk.scanning.rehearsal.levels import LEVELS, LevelName
from consentdesk.scanning.rehearsal.marks import MARKS, PLAIN_KINDS
from consentdesk.scanning.rehearsal.pen import Canvas, Drawn, Rect, Stroke, lay, trace
from consentdesk.scanning.rehearsal.scanner import Setting, scan
from consentdesk.scanning.rehearsal.sheets import pages_of
from consentdesk.scanning.rehearsal.writing import letter_strokes
from consentdesk.scanning.templates import Template, prepare
from consentdesk.services.add_form import add_form
from consentdesk.services.demo_families import PrintedSlip
from tests.benchmarks.school import school

TICK, CROSS, OTHER = 0, 1, 2
"""What an example is, in the order of the model's scores."""

_QUESTIONS: Final = 11
_PLAIN: Final = [case for case in CASES.values() if case.plain]
_REST: Final = [case for case in CASES.values() if not case.plain]
_HARD_NAMES: Final = (
    "struck", "crossed-out", "scribble", "question", "arc", "ring", "slash", "stray", "Y in", "N in", "line through",
    "upright", "dash", "fill",
)  # fmt: skip
_HARD: Final = [case for case in _REST if any(name in case.name for name in _HARD_NAMES)]
_STRUCK: Final = [
    case for case in _REST if any(name in case.name for name in ("struck", "crossed-out", "arrow"))
]
"""Marks with a stroke or two too many are hardest to tell from plain ones."""
_UNTAUGHT: Final = frozenset(
    {"plus", "speck", "erased_tick", "erased_cross", "faint_tick", "faint_cross", "faint_dash", "beside"}
)
"""Kinds that are told by how dark they are or where they stand, or that either answer would be right for."""
_WORDS: Final = frozenset({"word yes", "word no", "condition"})
_UNTOUCHED: Final = 0.06
"""How many of the untouched boxes are kept."""
_LEAST_FIT: Final = 0.4


_LETTERS: Final = "ABCDEFGHIKMNOPQRSTWYZabcdefghikmnopqsyz0123456789?"
"""What may stand in a box and is no answer; left out is what looks like a tick or a cross: X, V, U, L, J, l, r, t."""
_STRANGE: Final = 0.15
"""How many of the pairs hold something that nobody thought of in the exam's cases."""


class Example(NamedTuple):
    """A box as the model sees it (48×48 uint8), what it is, and its level and case."""

    portrait: NDArray[np.uint8]
    kind: int
    source: str


class _Filled(NamedTuple):
    """A page as it was scanned, and what each pair holds: the case, or None for something strange in its yes box."""

    level: LevelName
    image: Pixels
    one_bit: bool
    pairs: tuple[tuple[BoxPair, MarkCase | None, CaseDrawn | None], ...]


def make_examples(seed: int, pages: int) -> Iterator[Example]:
    """So many pages a level, printed, filled in, scanned and read as far as the boxes."""
    chance, rng = Random(seed), np.random.default_rng(seed)  # noqa: S311 - rehearsal
    with tempfile.TemporaryDirectory() as folder, school(Path(folder), 30, seed) as made:
        drill = Path(folder) / "drill.toml"
        drill.write_text(_drill(), encoding="utf-8")
        add_form(made.office, drill)
        prints = [made.print(["drill"]), made.print(["drill"], large=True)]
        templates = {template.tag: prepare(template) for template in made.templates()}
        for _ in range(pages):
            for level in LEVELS:
                path, sent = chance.choices(prints, (7, 3))[0]
                filled = _fill_in(path, chance.choice(sent.slips), level, chance, rng)
                yield from _cut_out(filled, templates, chance)


def _drill() -> str:
    questions = "".join(
        f'\n[[questions]]\npurpose = "drill.q{at}"\nname = "Question {at}"\npupil_too = true\n'
        f'text = "May we do what question {at} asks?"\n'
        for at in range(_QUESTIONS)
    )
    return (
        'id = "drill"\nfamily = "other"\ntitle = "Drill"\nletter = ["Please fill in."]\npublic = "Public."\n'
        'withdraw = "Tell us."\n[rules]\nyounger = ["Be kind."]\nolder = ["Be kind."]\n'
        f'[pupil_part]\nfrom_age = 5\ntext = "Pupils: please answer in the last two columns."\n{questions}'
    )


def _fill_in(
    path: Path, printed: PrintedSlip, level: LevelName, chance: Random, rng: np.random.Generator
) -> _Filled:
    modes = LEVELS[level].modes
    mode = chance.choices(list(modes), list(modes.values()))[0]
    dpi, slip = chance.choice((150, 200, 200, 200, 300)), printed.slip
    with pdfium.PdfDocument(path) as document:
        page = pages_of(document, dpi, colour=mode == "colour")(printed.page)
    canvas = Canvas(page, dpi)
    pairs: list[tuple[BoxPair, MarkCase | None, CaseDrawn | None]] = []
    for pair in (*slip.questions, *slip.pupil_questions):
        if chance.random() < _STRANGE:
            _draw_something(canvas, rect(pair.yes), rng)
            pairs.append((pair, None, None))
            continue
        cases = chance.choices((_PLAIN, _STRUCK, _HARD, _REST), (45, 25, 20, 10))[0]
        case = chance.choice(cases)
        drawn = draw_case(canvas, case, rect(pair.yes), rect(pair.no), draw_hand(rng), rng)
        pairs.append((pair, case, drawn))
    around, scale = slip.outline.grown(6), dpi / 25.4
    part = page[
        max(0, int(around.y0 * scale)) : int(around.y1 * scale),
        max(0, int(around.x0 * scale)) : int(around.x1 * scale),
    ]
    scanned = scan(
        np.ascontiguousarray(part), dpi, level, rng, Setting(chance.choice((0, 0, 0, 2)), dpi, mode)
    )
    return _Filled(level, scanned.image, scanned.one_bit, tuple(pairs))


def _draw_something(canvas: Canvas, box: Rect, rng: np.random.Generator) -> None:
    """A letter, a figure, a star, two marks in one box, a mark struck out any way, a zigzag, a mark upside down."""
    hand = draw_hand(rng)
    low, size = np.array(box[:2]), box[2] - box[0]

    def pull(*lines: NDArray[np.float64]) -> list[Stroke]:
        return [trace(curve(low + line * size), hand, rng) for line in lines]

    def through(angle: float, reach: float) -> NDArray[np.float64]:
        way = reach * np.array([np.cos(angle), np.sin(angle)])
        middle = 0.5 + rng.normal(0, 0.07, 2)
        return np.vstack([middle - way, middle + rng.normal(0, 0.04, 2), middle + way])

    plain = ("tick", "cross", "tick_vee", "cross_sloppy", "tick_rounded")
    start = rng.uniform(0, np.pi)
    match int(rng.integers(0, 8)):
        case 0 | 1:
            lay(canvas, letter_strokes(box, str(rng.choice(list(_LETTERS))), hand, rng), hand, rng)
        case 2:
            lines = [through(start + turn, rng.uniform(0.3, 0.6)) for turn in (0, np.pi / 3, 2 * np.pi / 3)]
            lay(canvas, pull(*lines), hand, rng)
        case 3:
            x0, y0, x1, y1 = box
            middle = (x0 + x1) / 2
            for half in ((x0, y0, middle, y1), (middle, y0, x1, y1)):
                MARKS[str(rng.choice(plain))](canvas, half, hand, rng)
        case 4 | 5:
            kind = str(rng.choice(plain))
            MARKS[kind](canvas, box, hand, rng)
            # Level or upright through a cross, level or falling through a tick: along an arm it would not be seen.
            lean = float(rng.choice([0.0, np.pi / 2] if "cross" in kind else [0.0, 0.6, 0.3]))
            lay(canvas, pull(through(lean + rng.normal(0, 0.12), rng.uniform(0.6, 0.9))), hand, rng)
        case 6:
            lay(canvas, pull(rng.uniform(-0.05, 1.05, (int(rng.integers(6, 11)), 2))), hand, rng)
        case _:
            upside_down = np.array([(0.1, 0.85), (0.35, 0.2), (0.4, 0.15), (0.95, 0.8)])
            lay(canvas, pull(upside_down + rng.normal(0, 0.06, (4, 2))), hand, rng)


def _cut_out(filled: _Filled, templates: Mapping[str, Template], chance: Random) -> Iterator[Example]:
    grey = darkest(filled.image)
    found = _found(grey, templates)
    if found is None:
        return
    template, placement = found
    every = [box for pair in template.layout.pairs for box in (pair.yes, pair.no)]
    masks = [mask for pair in template.beside for mask in pair]
    views = boxes.without_dots(boxes.centred_views(grey, placement, every), one_bit=filled.one_bit)
    seen = boxes.see_boxes(views, every[0], boxes.contrast_of(views, every[0]))
    for at, (pair, case, drawn) in enumerate(filled.pairs):
        if case is None or drawn is None:
            view = seen[2 * at]
            if view.fit > _LEAST_FIT:
                yield Example(veto.portrait(view, masks[2 * at]), OTHER, f"{filled.level}|strange|0")
            continue
        for side, (kind, mark, box) in enumerate(
            ((case.yes_kind, drawn.yes, pair.yes), (case.no_kind, drawn.no, pair.no))
        ):
            taught = _taught(case, kind, mark, box)
            untouched = not kind and not case.across
            if taught is None or (untouched and chance.random() > _UNTOUCHED):
                continue
            view = seen[2 * at + side]
            if view.fit > _LEAST_FIT:
                yield Example(
                    veto.portrait(view, masks[2 * at + side]), taught, f"{filled.level}|{case.name}|{side}"
                )


def _found(grey: Pixels, templates: Mapping[str, Template]) -> tuple[Template, Placement] | None:
    ours, _, _ = sort_out(find_codes(*reduced(grey)))
    groups = group_by_slip(ours, templates)
    if not groups:
        return None
    template = templates[groups[0][0].code.tag]
    seen = [("AB".index(one.code.part.value), one.found.corners) for one in groups[0]]
    matrix = place_by_codes(template.layout, seen)
    if matrix is None:
        return None
    placement = tighten(grey, template.layout, matrix, reach=7.0 if len(seen) == 1 else 3.0)
    return (template, placement) if placement.fit > _LEAST_FIT else None


def _taught(case: MarkCase, kind: str, mark: Drawn | None, box: Box) -> int | None:
    """What the model is told of a box; None for what it is not asked about."""
    if case.across in _WORDS or kind in _UNTAUGHT:
        return None
    if case.across or kind not in PLAIN_KINDS or mark is None:
        return OTHER
    if mark.strength < CLEAR_STRENGTH or mark.share_in(rect(box)) <= CLEAR_SHARE:
        return None
    return TICK if kind.startswith("tick") else CROSS


def main() -> None:
    """Make the examples of one seed and write them to a file."""
    seed, pages, target = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CONSENTDESK_DATA"] = folder
        examples = list(make_examples(seed, pages))
    np.savez_compressed(
        target,
        portraits=np.stack([one.portrait for one in examples]),
        kinds=np.array([one.kind for one in examples]),
        sources=np.array([one.source for one in examples]),
    )
    print(f"{len(examples)} examples: {np.bincount([one.kind for one in examples])} ticks, crosses, others")


if __name__ == "__main__":
    main()
