"""What a pair of boxes can hold and what it means: the exam's questions with the only answers allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from consentdesk.scanning.rehearsal.dice import chance, pick
from consentdesk.scanning.rehearsal.hand import Hand
from consentdesk.scanning.rehearsal.marks import MARKS, PLAIN_KINDS, arrow, ring_round, through
from consentdesk.scanning.rehearsal.pen import Canvas, Drawn, Rect
from consentdesk.scanning.rehearsal.writing import write

Truth: TypeAlias = Literal["yes", "no", "ask"]

CLEAR_STRENGTH = 1 / 3
"""A clear mark is at least this dark, as a share of the form's own print."""
CLEAR_SHARE = 0.5
"""More than this share of a clear mark's ink lies inside its box."""
FADING = 0.35
"""Marks lighter than this, thin as strokes are, may be lost by a scan that is one-bit."""


@dataclass(frozen=True)
class MarkCase:
    """Marks on a pair of boxes: kinds of `MARKS`, "" for an untouched box, and `across` one of `PAIR_MARKS`.

    `truth` is what a careful person would say, "ask" where they would ring the parent up. `fades_to` is what would be
    left to see if the mark that makes it doubtful were lost in scanning, "" where nothing would be.
    """

    name: str
    yes_kind: str
    no_kind: str
    truth: Truth
    across: str = ""
    fades_to: Literal["", "yes", "no"] = ""

    @property
    def allowed(self) -> frozenset[str]:
        """Answers that a reader may give by itself; none for "ask". Asking is always allowed."""
        return frozenset() if self.truth == "ask" else frozenset({self.truth})

    @property
    def plain(self) -> bool:
        """One plain tick or cross and nothing else; `CaseDrawn.clear` says whether it came out clear."""
        return (
            not self.across
            and "" in (self.yes_kind, self.no_kind)
            and self.yes_kind + self.no_kind in PLAIN_KINDS
        )


@dataclass(frozen=True)
class CaseDrawn:
    """A case as it came out on paper; None for a box that was left alone.

    `clear`: one box holds a plain tick or cross, mostly inside and a third as dark as print; the other no ink.
    """

    case: MarkCase
    yes: Drawn | None
    no: Drawn | None
    across: Drawn | None
    clear: bool

    def allowed(self, *, faded: bool) -> frozenset[str]:
        """Answers that a reader may give by itself, having seen a scan that was `faded` (see `Scan.faded`) or not."""
        doubt = self.no if self.case.fades_to == "yes" else self.yes
        if faded and self.case.fades_to and doubt is not None and doubt.strength < FADING:
            return self.case.allowed | {self.case.fades_to}
        return self.case.allowed


PairMark: TypeAlias = Callable[[Canvas, Rect, Rect, Hand, np.random.Generator], Drawn]


def _round_both(one: Rect, other: Rect) -> Rect:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _between(one: Rect, other: Rect) -> Rect:
    """A box as large as `one`, half-way to the other."""
    dx, dy = (other[0] - one[0]) / 2, (other[1] - one[1]) / 2
    return one[0] + dx, one[1] + dy, one[2] + dx, one[3] + dy


def _word(text: str, canvas: Canvas, yes: Rect, no: Rect, hand: Hand, rng: np.random.Generator) -> Drawn:
    """A word just right of the pair, squeezed towards the page's edge; left of it where there is hardly any room."""
    x0, y0, x1, y1 = _round_both(yes, no)
    gap, long = rng.uniform(1.5, 3), 3.2 * len(text)
    room = canvas.size_mm[0] - 3 - x1 - gap
    left, long = (x1 + gap, min(long, room)) if room > min(long, _SQUEEZED_MM) else (x0 - gap - long, long)
    return write(canvas, (left, y0, left + long, y1), text, hand, rng, height_mm=float(rng.uniform(2.6, 4)))


_SQUEEZED_MM = 15.0

PAIR_MARKS: dict[str, PairMark] = {
    "line": lambda canvas, yes, no, hand, rng: through(canvas, (yes, no), hand, rng),
    "ring": lambda canvas, yes, no, hand, rng: ring_round(canvas, _round_both(yes, no), hand, rng),
    "arrow": arrow,
    "tick between": lambda canvas, yes, no, hand, rng: MARKS["tick"](canvas, _between(yes, no), hand, rng),
    "word yes": partial(_word, "Yes"),
    "word no": partial(_word, "No"),
    "condition": partial(_word, "website only"),
}
"""Marks over or beside the yes and the no box; drawn in place."""


def _both_ways() -> list[MarkCase]:
    """Cases that mean the same with yes and no exchanged."""
    swapped: dict[Truth, Truth] = {"yes": "no", "no": "yes", "ask": "ask"}
    rows: list[tuple[str, str, str, Truth]] = [
        *((kind, kind, "", "yes") for kind in sorted(PLAIN_KINDS)),
        ("plus", "plus", "", "yes"),
        ("faint tick", "faint_tick", "", "yes"),
        ("faint cross", "faint_cross", "", "yes"),
        ("tick, speck in the other", "tick", "speck", "yes"),
        ("tick, rubbed out in the other", "tick", "erased_tick", "yes"),
        ("cross, rubbed out in the other", "cross", "erased_cross", "yes"),
        ("ringed tick", "ringed_tick", "", "ask"),
        ("solid fill", "fill_solid", "", "ask"),
        ("hatched fill", "fill_hatched", "", "ask"),
        ("scribble", "scribble", "", "ask"),
        ("scribbled out, nothing else", "scribbled_out", "", "ask"),
        ("scribbled out, other ticked", "scribbled_out", "tick", "ask"),
        ("scribbled out, other crossed", "scribbled_out", "cross", "ask"),
        ("struck tick", "struck_tick", "", "ask"),
        ("struck tick, other ticked", "struck_tick", "tick", "ask"),
        ("struck cross", "struck_cross", "", "ask"),
        ("struck cross, other crossed", "struck_cross", "cross", "ask"),
        ("struck twice", "struck_twice", "", "ask"),
        ("struck twice, other ticked", "struck_twice", "tick", "ask"),
        ("both ticked, one ringed", "ringed_tick", "tick", "ask"),
        ("crossed-out tick, other ticked", "crossed_tick", "tick", "ask"),
        ("filled, other ticked", "fill_solid", "tick", "ask"),
        ("slash", "slash", "", "ask"),
        ("backslash", "backslash", "", "ask"),
        ("dash", "dash", "", "ask"),
        ("upright", "upright", "", "ask"),
        ("arc", "arc", "", "ask"),
        ("dot", "dot", "", "ask"),
        ("speck", "speck", "", "ask"),
        ("ring", "ring", "", "ask"),
        ("small ring", "small_ring", "", "ask"),
        ("tick, ring round the other", "tick", "ring", "ask"),
        ("stray line", "stray", "", "ask"),
        ("tick beside", "beside", "", "ask"),
        ("rubbed out", "erased_tick", "", "ask"),
        ("question mark", "question", "", "ask"),
        ("tick and cross", "tick", "cross", "ask"),
    ]
    found = []
    for name, one, other, truth in rows:
        found.append(MarkCase(f"yes: {name}", one, other, truth))
        found.append(MarkCase(f"no: {name}", other, one, swapped[truth]))
    for kind in ("dash", "slash", "dot", "stray", "faint_tick", "faint_cross", "faint_dash"):
        name = f"tick, {kind.replace('_', ' ')} in the other"
        found.append(MarkCase(f"yes: {name}", "tick", kind, "ask", fades_to="yes"))
        found.append(MarkCase(f"no: {name}", kind, "tick", "ask", fades_to="no"))
    for kind in ("dash", "dot", "stray", "faint_cross"):
        name = f"cross, {kind.replace('_', ' ')} in the other"
        found.append(MarkCase(f"yes: {name}", "cross", kind, "ask", fades_to="yes"))
        found.append(MarkCase(f"no: {name}", kind, "cross", "ask", fades_to="no"))
    return found


CASES: dict[str, MarkCase] = {
    case.name: case
    for case in [
        *_both_ways(),
        MarkCase("blank", "", "", "ask"),
        MarkCase("both ticked", "tick", "tick", "ask"),
        MarkCase("both crossed", "cross", "cross", "ask"),
        MarkCase("both faint", "faint_tick", "faint_tick", "ask"),
        MarkCase("both rubbed out", "erased_tick", "erased_cross", "ask"),
        MarkCase("both dashed", "dash", "dash", "ask"),
        MarkCase("line through both", "", "", "ask", across="line"),
        MarkCase("ring round both", "", "", "ask", across="ring"),
        MarkCase("ticked, line through both", "tick", "", "ask", across="line"),
        MarkCase("yes ticked, arrow to no", "tick", "", "ask", across="arrow"),
        MarkCase("ticked between the boxes", "", "", "ask", across="tick between"),
        MarkCase("word yes beside blanks", "", "", "ask", across="word yes"),
        MarkCase("word no beside blanks", "", "", "ask", across="word no"),
        MarkCase("yes ticked, word no beside", "tick", "", "ask", across="word no"),
        MarkCase("no ticked, word yes beside", "", "tick", "ask", across="word yes"),
        MarkCase("yes ticked, condition beside", "tick", "", "ask", across="condition"),
        MarkCase("Y in yes", "letter_y", "", "yes"),
        MarkCase("Y in no", "", "letter_y", "ask"),
        MarkCase("N in no", "", "letter_n", "no"),
        MarkCase("N in yes", "letter_n", "", "ask"),
    ]
}
"""Every case by its name; shapes that mean the same either way come once as "yes: …" and once as "no: …"."""


def draw_case(
    canvas: Canvas, case: MarkCase, yes: Rect, no: Rect, hand: Hand, rng: np.random.Generator
) -> CaseDrawn:
    """Draw `case` into the pair of boxes (mm) with one hand, and judge whether it came out clear."""
    drawn_yes = MARKS[case.yes_kind](canvas, yes, hand, rng) if case.yes_kind else None
    drawn_no = MARKS[case.no_kind](canvas, no, hand, rng) if case.no_kind else None
    across = PAIR_MARKS[case.across](canvas, yes, no, hand, rng) if case.across else None
    if case.truth == "yes":
        clear = _is_clear(case.yes_kind, drawn_yes, drawn_no, yes, no)
    elif case.truth == "no":
        clear = _is_clear(case.no_kind, drawn_no, drawn_yes, no, yes)
    else:
        clear = False
    return CaseDrawn(case, drawn_yes, drawn_no, across, clear)


def _is_clear(kind: str, mark: Drawn | None, other: Drawn | None, box: Rect, partner: Rect) -> bool:
    return (
        kind in PLAIN_KINDS
        and mark is not None
        and other is None
        and mark.strength >= CLEAR_STRENGTH
        and mark.share_in(box) > CLEAR_SHARE
        and mark.ink_in(partner) == 0
    )


def choose_case(
    rng: np.random.Generator, hand: Hand, answer: Literal["yes", "no"], doubtful: float = 0.15
) -> MarkCase:
    """A case for a parent who means `answer`: mostly their usual mark, but all else in a `doubtful` share."""
    if chance(rng, doubtful):
        rest = [case for case in CASES.values() if case.truth in ("ask", answer) and not case.plain]
    else:
        rest = [case for case in CASES.values() if case.truth == answer and case.plain]
        usual = pick(hand.habit("mark"), rest)
        if chance(rng, 0.85):
            return usual
    return pick(rng, rest)
