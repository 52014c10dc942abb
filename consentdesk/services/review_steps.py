"""What is asked of a person about a doubtful slip, one step after the other, and what each answer comes to (S4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, Literal

import msgspec

from consentdesk.model.decision import SENTENCES, Decision
from consentdesk.services.doubts import Doubt, Who
from consentdesk.services.review import DecisionWord, Verdict
from consentdesk.services.take_slip import OF_SIGNATURE

StepKind = Literal["question", "signature", "note", "name", "look"]

_NOTE: Final = "comment"
_NAME: Final = "struck-out"
HELD_BY_SHEET: Final = OF_SIGNATURE | {_NOTE, _NAME}
"""Doubts about the sheet that hold back a yes whose own boxes were read without doubt."""


class Step(msgspec.Struct, frozen=True):
    """One thing to settle.

    A `question` is one purpose with its two boxes. A `signature` settles whether somebody has signed. A `note`
    is handwriting, and a `name` a child's name that looks struck out: both concern every yes in `purposes`,
    which were marked without doubt. A `look` has nothing left to answer: a person has to have seen the slip.
    `reasons` are the doubts' words, worst first, and `texts` their sentences.
    """

    kind: StepKind
    who: Who
    purposes: tuple[str, ...]
    reasons: tuple[str, ...]
    texts: tuple[str, ...]


def steps_of(
    decision: Decision, doubts: Sequence[Doubt], judged: Collection[Who], *, looked_at: bool = False
) -> tuple[Step, ...]:
    """The steps through what is still open on a reading.

    `doubts` are from `open_doubts`, `judged` whose signature a person has judged since the reading came in, and
    `looked_at` says that a person has decided about it before, and so has seen what else is on the sheet. What
    concerns the whole sheet comes first, since it may settle the rest.
    """
    steps: list[Step] = []
    for who in ("guardian", "pupil"):
        own = [doubt for doubt in doubts if doubt.who == who]
        if own:
            beside = () if looked_at or steps else _beside(decision.doubts)
            steps += _of_one(who, own, decision.doubts, judged, beside)
    return tuple(steps)


def _beside(of_sheet: Sequence[str]) -> tuple[str, ...]:
    """What is to be seen beside the boxes of a question, where nothing else asks about it."""
    return tuple(one for one in of_sheet if one in (_NAME, _NOTE))


def _of_one(
    who: Who,
    doubts: Sequence[Doubt],
    of_sheet: Sequence[str],
    judged: Collection[Who],
    beside: Sequence[str],
) -> list[Step]:
    if all(doubt.purpose is None for doubt in doubts):
        said = [doubt.reason for doubt in doubts]
        return [_step("signature" if OF_SIGNATURE.issuperset(said) else "look", who, (), said)]
    held = tuple(one.purpose for one in doubts if one.purpose and one.reason in HELD_BY_SHEET)
    # The sheet's word on the signature is about the guardian's.
    reasons = [*(of_sheet if who == "guardian" else ()), *(doubt.reason for doubt in doubts)]
    signature = [one for one in dict.fromkeys(reasons) if one in OF_SIGNATURE]
    sheet = _beside(of_sheet)
    steps: list[Step] = []
    if signature and who not in judged:
        steps.append(_step("signature", who, held, signature))
    if sheet and held:
        steps.append(_step("name" if _NAME in sheet else "note", who, held, sheet))
    elif held and not steps:
        # Judged already, and held back by something else besides: each is asked by itself.
        steps += [_step("question", who, (purpose,), signature or sheet) for purpose in held]
    steps += [
        _step("question", who, (one.purpose,), [one.reason, *(() if held else beside)])
        for one in doubts
        if one.purpose and one.reason not in HELD_BY_SHEET
    ]
    return steps


def _step(kind: StepKind, who: Who, purposes: tuple[str, ...], reasons: Sequence[str]) -> Step:
    known = tuple(dict.fromkeys(reasons))
    return Step(kind, who, purposes, known, tuple(SENTENCES[reason] for reason in known))


def verdict_of(step: Step, word: DecisionWord, *, guardian: str = "", condition: str = "") -> Verdict:
    """What a person's word about a step comes to.

    A `signature` that is there or not is a word on the signature alone; an unclear one leaves every answer that
    hangs on it unclear. A name of another child leaves every yes unclear, and the family is asked again. The
    `condition` written by hand narrows what was answered yes (rule C8); `guardian` names who signed (rule A2).
    """
    of_pupil = step.who == "pupil"
    if step.kind == "signature" and word != "unclear":
        return Verdict(signed=word == "yes", of_pupil=of_pupil, guardian=guardian)
    if step.kind == "look":
        return Verdict(of_pupil=of_pupil, guardian=guardian)
    meant: DecisionWord = "unclear" if step.kind == "name" and word == "no" else word
    answers = dict.fromkeys(step.purposes, meant)
    conditions = dict.fromkeys(step.purposes, condition) if condition and meant == "yes" else {}
    return Verdict(answers, conditions=conditions, of_pupil=of_pupil, guardian=guardian)
