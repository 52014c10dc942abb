"""A slip filled in as a family would, and what a reader may say of it without asking: the truth is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, Protocol, TypeAlias

import numpy as np

from consentdesk.model.layout import Box, BoxPair
from consentdesk.scanning.rehearsal.cases import CASES, CaseDrawn, choose_case, draw_case
from consentdesk.scanning.rehearsal.dice import chance
from consentdesk.scanning.rehearsal.hand import Hand, draw_hand
from consentdesk.scanning.rehearsal.pen import Canvas, Drawn, Rect
from consentdesk.scanning.rehearsal.writing import (
    initial,
    sign,
    strike_name,
    write,
    write_date,
    write_lines,
)

Word: TypeAlias = Literal["yes", "no"]

_WRITTEN = frozenset({"word yes", "word no", "condition"})
"""What is written beside boxes, by its name among `PAIR_MARKS`."""
_IN_CAPITALS = 0.8
_WITH_INITIALS = 0.08


class SlipPlaces(Protocol):
    """Where the parts of a printed slip stand, in mm: a layout of the model or a slip of a print's manifest."""

    @property
    def questions(self) -> tuple[BoxPair, ...]: ...
    @property
    def pupil_questions(self) -> tuple[BoxPair, ...]: ...
    @property
    def signature(self) -> Box: ...
    @property
    def pupil_signature(self) -> Box | None: ...
    @property
    def date(self) -> Box: ...
    @property
    def printed_name(self) -> Box: ...
    @property
    def relationship(self) -> Box: ...
    @property
    def comment(self) -> Box: ...
    @property
    def child(self) -> Box: ...
    @property
    def outline(self) -> Box: ...
    @property
    def codes(self) -> tuple[Box, Box]: ...


@dataclass(frozen=True)
class Part:
    """What one person means, by purpose, and whether they sign; a question that is left out stays blank.

    `doubtful` is the share of questions answered in some other way than by a plain tick or cross. `cases` (by
    purpose, names of `CASES`) are for an exam that wants to see just these, whatever is meant.
    """

    name: str
    answers: Mapping[str, Word]
    signs: bool = True
    doubtful: float = 0.0
    cases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filling:
    """All that a family writes on one slip; `pupil` None leaves the pupil's own part blank.

    `comment` goes into the comment space; `other_name` is written in for the printed name, which is struck out.
    """

    guardian: Part
    relationship: str
    day: date | None
    pupil: Part | None = None
    comment: str = ""
    other_name: str = ""

    @property
    def says_more(self) -> bool:
        """Whether the slip says more than its boxes: then no yes holds by itself (rule S4)."""
        return bool(self.comment or self.other_name)


@dataclass(frozen=True)
class AnswerTruth:
    """What a reader may answer by itself about one purpose; asking a person is always allowed.

    `clear` is a plain tick or cross that came out well, on a signed slip without another written word. `pen` is
    the name of the ink that the writer used.
    """

    purpose: str
    case: str
    allowed: frozenset[str]
    clear: bool
    pen: str = ""


@dataclass(frozen=True)
class SlipTruth:
    """What stands on one slip: the guardian's answers, and the pupil's where that part was printed.

    `means` and `pupil_means` are what a person reading the paper would key in; doubtful questions are not in it.
    """

    answers: tuple[AnswerTruth, ...]
    pupil_answers: tuple[AnswerTruth, ...]
    signed: bool
    pupil_signed: bool
    means: Mapping[str, Word]
    pupil_means: Mapping[str, Word]

    @property
    def every(self) -> tuple[AnswerTruth, ...]:
        """All answers on the slip, the guardian's first."""
        return self.answers + self.pupil_answers


@dataclass(frozen=True)
class Filled:
    """A slip as it was filled in, before any scan; `pens` are the guardian's and the pupil's inks by their names."""

    pairs: Mapping[str, CaseDrawn]
    pupil_pairs: Mapping[str, CaseDrawn]
    filling: Filling
    pens: tuple[str, str] = ("", "")

    def truth(self, *, faded: bool) -> SlipTruth:
        """What a reader may say who sees a scan that was `faded` (see `Scan.faded`) or not.

        No signature, a comment or another name for the printed one: no yes holds by itself (rule S4), and nothing
        on the slip is clear.
        """
        filling = self.filling
        held = filling.says_more
        own = filling.pupil
        signs, pupil_signs = filling.guardian.signs, own is not None and own.signs
        drawn = [*self.pairs.values(), *self.pupil_pairs.values()]
        # A reader may take a word beside one pair for a comment on all of them, but need not.
        plain = signs and not held and not any(one.case.across in _WRITTEN for one in drawn)
        return SlipTruth(
            _truths(self.pairs, self.pens[0], faded, held=held or not signs, plain=plain),
            _truths(self.pupil_pairs, self.pens[1], faded, held=held or not pupil_signs, plain=plain),
            signs,
            pupil_signs,
            _meant(self.pairs),
            _meant(self.pupil_pairs),
        )


def _truths(
    pairs: Mapping[str, CaseDrawn], pen: str, faded: bool, *, held: bool, plain: bool
) -> tuple[AnswerTruth, ...]:
    return tuple(
        AnswerTruth(
            purpose,
            drawn.case.name,
            drawn.allowed(faded=faded) - ({"yes"} if held else set()),
            drawn.clear and plain and not held,
            pen,
        )
        for purpose, drawn in pairs.items()
    )


def _meant(pairs: Mapping[str, CaseDrawn]) -> dict[str, Word]:
    return {purpose: drawn.case.truth for purpose, drawn in pairs.items() if drawn.case.truth != "ask"}


def fill_in(canvas: Canvas, slip: SlipPlaces, filling: Filling, rng: np.random.Generator) -> Filled:
    """Fill in `slip`, printed on `canvas`; each person writes with a hand of their own."""
    hand = draw_hand(rng)
    pairs = _answer(canvas, slip.questions, filling.guardian, hand, rng)
    parent = filling.guardian.name
    words = []
    if filling.guardian.signs:
        put = initial if chance(rng, _WITH_INITIALS) else sign
        words.append(put(canvas, rect(slip.signature), parent, hand, rng))
    if filling.day is not None:
        words.append(write_date(canvas, rect(slip.date), filling.day, hand, rng))
    printed = parent.upper() if chance(rng, _IN_CAPITALS) else parent
    words.append(write(canvas, rect(slip.printed_name), printed, hand, rng))
    words.append(write(canvas, rect(slip.relationship), filling.relationship, hand, rng))
    if filling.comment:
        words.append(write_lines(canvas, rect(slip.comment), filling.comment, hand, rng))
    if filling.other_name:
        words.append(strike_name(canvas, rect(slip.child), filling.other_name, hand, rng))

    own = filling.pupil or Part("", {}, signs=False)
    childs = draw_hand(rng)
    pupil_pairs = _answer(canvas, slip.pupil_questions, own, childs, rng)
    if own.signs and slip.pupil_signature is not None:
        words.append(sign(canvas, rect(slip.pupil_signature), own.name, childs, rng))
    marks = [*pairs.values(), *pupil_pairs.values()]
    return Filled(
        _untouched(pairs, slip.questions, marks, words),
        _untouched(pupil_pairs, slip.pupil_questions, marks, words),
        filling,
        (hand.ink.name, childs.ink.name),
    )


def _untouched(
    pairs: Mapping[str, CaseDrawn],
    places: Sequence[BoxPair],
    marks: Sequence[CaseDrawn],
    words: Sequence[Drawn],
) -> dict[str, CaseDrawn]:
    """The pairs, not clear where a line of another pair or of the writing on the slip ends in one of the boxes."""
    found = {}
    for place in places:
        drawn = pairs[place.purpose]
        others = [
            ink for mark in marks if mark is not drawn for ink in (mark.yes, mark.no, mark.across) if ink
        ]
        touched = any(ink.ink_in(rect(box)) for ink in (*others, *words) for box in (place.yes, place.no))
        found[place.purpose] = replace(drawn, clear=drawn.clear and not touched)
    return found


def _answer(
    canvas: Canvas, questions: Sequence[BoxPair], part: Part, hand: Hand, rng: np.random.Generator
) -> dict[str, CaseDrawn]:
    drawn = {}
    for question in questions:
        word = part.answers.get(question.purpose)
        if question.purpose in part.cases:
            case = CASES[part.cases[question.purpose]]
        else:
            case = CASES["blank"] if word is None else choose_case(rng, hand, word, part.doubtful)
        drawn[question.purpose] = draw_case(canvas, case, rect(question.yes), rect(question.no), hand, rng)
    return drawn


def rect(box: Box) -> Rect:
    """A box of the layout as the pen takes it."""
    return box.x0, box.y0, box.x1, box.y1
