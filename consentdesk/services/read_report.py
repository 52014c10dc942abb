"""What became of every page, as `read --json` tells it; the names and shapes are kept stable."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import UNSET, UnsetType

from consentdesk.model.consent import Answer, AnswerWord
from consentdesk.model.decision import SENTENCES, Decision
from consentdesk.model.reading import Outcome, Problem

TOTALS_ORDER = (
    Outcome.READ,
    Outcome.REVIEW,
    Outcome.DUPLICATE,
    Outcome.UNMATCHED,
    Outcome.UNREADABLE,
    Outcome.REFUSED,
    Outcome.FOREIGN,
    Outcome.LETTER,
    Outcome.BLANK,
)


class AnswerReport(msgspec.Struct, frozen=True):
    """What the machine would record by itself about one purpose; `text` is there where `reason` is."""

    purpose: str
    answer: AnswerWord
    confidence: float
    reason: str | None
    text: str | UnsetType = UNSET


class SlipReport(msgspec.Struct, frozen=True):
    """What became of one slip. `reading` names it for review where no code can.

    `answers` and `signed` are the guardian's; the pupil's own part is absent where it was not printed.
    """

    code: str | None
    pupil: str | None
    form: str | None
    outcome: Outcome
    reason: str | None
    reading: str
    signed: bool | None = None
    answers: tuple[AnswerReport, ...] = ()
    text: str | UnsetType = UNSET
    pupil_signed: bool | UnsetType | None = UNSET
    pupil_answers: tuple[AnswerReport, ...] | UnsetType = UNSET
    flags: tuple[str, ...] = ()


class PageReport(msgspec.Struct, frozen=True):
    """What became of one page: exactly one outcome, the worst of its slips' where it has any."""

    file: str
    page: int
    outcome: Outcome
    reason: str | None
    slips: tuple[SlipReport, ...] = ()
    text: str | UnsetType = UNSET


class ReadReport(msgspec.Struct, frozen=True):
    """A whole run: every page given, and how many ended in which outcome; `batch` waits for confirmation."""

    pages: tuple[PageReport, ...]
    totals: dict[str, int]
    batch: int | None = None


def totals(pages: Iterable[PageReport]) -> dict[str, int]:
    """How many pages there were, and of each outcome, zeros too; the outcomes add up to the pages."""
    outcomes = [page.outcome for page in pages]
    return {"pages": len(outcomes)} | {outcome.value: outcomes.count(outcome) for outcome in TOTALS_ORDER}


def answers_report(answers: dict[str, Answer]) -> tuple[AnswerReport, ...]:
    """Answers by purpose, each doubt with its sentence."""
    return tuple(
        AnswerReport(
            purpose,
            answer.answer,
            answer.confidence,
            answer.reason,
            SENTENCES[answer.reason] if answer.reason else UNSET,
        )
        for purpose, answer in answers.items()
    )


def problem_report(file: str, number: int, outcome: Outcome, problem: Problem | None) -> PageReport:
    """A page without a slip of ours, or one that could not be taken."""
    if problem is None:
        return PageReport(file, number, outcome, None)
    return PageReport(file, number, outcome, problem.reason, text=problem.text)


def first_reason(decision: Decision) -> str | None:
    """Why a slip goes to review: what concerns the whole sheet first, then the first answer in doubt."""
    if decision.doubts:
        return decision.doubts[0]
    answers = [*decision.answers.values(), *(decision.pupil_answers or {}).values()]
    return next((answer.reason for answer in answers if answer.reason), None)
