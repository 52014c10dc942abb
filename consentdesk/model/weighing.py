"""What keeps a yes from counting: signature, confirmation, name, pupil, social worker, time (A2 to C7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from consentdesk.model.consent import NextStep, StatusWord
from consentdesk.model.decision import SENTENCES
from consentdesk.model.history import History
from consentdesk.model.printed import is_unnamed
from consentdesk.model.statements import Statement
from consentdesk.model.voices import SOCIAL_WORKER

_PLACE: Final = {word: place for place, word in enumerate(StatusWord)}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Weighed(NamedTuple):
    """What is, or may be, a yes: `word` is `yes`, or what keeps it from counting. It ends with `until`."""

    word: StatusWord
    reason: str
    statement: Statement
    until: date
    todo: NextStep = NextStep.NOTHING

    @property
    def counts(self) -> bool:
        """Whether nothing keeps it from counting."""
        return self.word is StatusWord.YES


def day_in_words(day: date) -> str:
    """A day as people write it, `31 August 2027`: in English whatever the computer's language (rule C1)."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def doubt_in_words(doubt: str | None) -> str:
    """What the reader was not sure of, and what to do."""
    return f"{SENTENCES.get(doubt or '', SENTENCES['unsure'])} A person must look at it."


def weighed(yes: Statement, history: History, on: date) -> Weighed:
    """A yes by itself: whether it is clear, signed and seen by a person, and has not come to its end."""
    until = yes.slip.until
    ended = _ended(yes, history, on)
    todo = NextStep.NOTHING
    if yes.word == "review":
        word, reason, todo = StatusWord.AWAITING_REVIEW, doubt_in_words(yes.doubt), NextStep.REVIEW
    elif yes.signed is None:
        word, reason, todo = (
            StatusWord.AWAITING_REVIEW,
            doubt_in_words("signature-unsure"),
            NextStep.REVIEW,
        )
    elif not yes.signed:
        word, reason = StatusWord.UNSIGNED, "The answer is yes, but the slip is not signed. Ask again."
        todo = NextStep.ASK_AGAIN
    elif not yes.seen:
        word, reason = StatusWord.UNCONFIRMED, "The machine read yes. It counts once a person confirms it."
        todo = NextStep.CONFIRM
    elif ended:
        word, reason, todo = StatusWord.EXPIRED, ended, NextStep.ASK_AGAIN
    else:
        word, reason = StatusWord.YES, f"Yes, signed and confirmed. It counts until {day_in_words(until)}."
    return Weighed(word, reason, yes, until, todo)


def _ended(yes: Statement, history: History, on: date) -> str:
    """Rules C7 and D3: why a yes has come to its end; empty where it has not."""
    for ending in reversed(history.endings):
        if ending.moment is None or not yes.slip.moment.after(ending.moment):
            day = day_in_words(ending.on)
            if ending.why == "left":
                return f"The pupil left the school on {day}."
            return f"Part of this pupil’s record was erased on {day}. Ask again."
    if yes.person in history.voices.ended:
        return "Who said yes is no guardian of the pupil any more. Ask again."
    return f"The yes counted until {day_in_words(yes.slip.until)}. Ask again." if on > yes.slip.until else ""


def weighed_with(pupil: Weighed | None, yes: Statement, purpose: str, history: History, on: date) -> Weighed:
    """A guardian's yes with what must go with it: a name, the right to decide, the pupil's own yes, agreement.

    `pupil` is the best of the pupil's own answers; it may stand on another slip, and the earlier end counts.
    """
    alone = weighed(yes, history, on)
    needs_pupil = purpose in yes.slip.pupil_asked or history.voices.pupil_needed
    pending = _unnamed(yes, history) or _of_age(yes, history) or _no_right(yes, history)
    pending = pending or _social_worker(yes, history)
    if needs_pupil and (pupil is None or pupil.word is StatusWord.UNSIGNED):
        pending = pending or (
            "The pupil’s own part is not filled in or not signed. Ask the pupil.",
            NextStep.ASK_PUPIL,
        )
    if pending:
        return alone._replace(word=StatusWord.PENDING, reason=pending[0], todo=pending[1])
    if not needs_pupil or pupil is None:
        return alone
    worse = min(alone, pupil, key=lambda one: (_PLACE[one.word], one.until))
    return worse._replace(statement=yes) if worse.counts else worse


_Pending = tuple[str, NextStep]
"""Why a yes waits, and for what."""


def _unnamed(yes: Statement, history: History) -> _Pending | None:
    """Rule A2: a yes that waits for a name."""
    if is_unnamed(yes.person) and (history.restricted or history.voices.wants_names):
        return "A person must say which guardian signed before this yes counts.", NextStep.NAME_GUARDIAN
    return None


def _of_age(yes: Statement, history: History) -> _Pending | None:
    """Rule A4: a guardian's yes for a pupil who answers alone; on an unnamed slip it may be the pupil's own."""
    if not history.voices.of_age:
        return None
    if is_unnamed(yes.person) and not yes.slip.pupil_asked:
        return "The pupil is 18 and answers alone. Say whether the pupil signed.", NextStep.NAME_GUARDIAN
    return "The pupil is 18 and answers alone. Ask the pupil.", NextStep.ASK_PUPIL


def _no_right(yes: Statement, history: History) -> _Pending | None:
    """Rule A2: the yes of a guardian of whom it is known that they may not decide."""
    if not history.voices.without_responsibility(yes.person):
        return None
    return (
        "The guardian who said yes has no parental responsibility. Ask one who has.",
        NextStep.ASK_HOLDER,
    )


def _social_worker(yes: Statement, history: History) -> _Pending | None:
    """Rule A5: the agreement must be younger than the carer's return and than the present care.

    The authority that stands in for parents needs nobody's agreement to its own yes.
    """
    voices = history.voices
    if history.in_care_since is None or not voices.rules[SOCIAL_WORKER] or voices.is_corporate(yes.person):
        return None
    since = max(history.in_care_since, yes.returned)
    if any(one.place > since and one.slip in {None, yes.slip.id} for one in history.agreements):
        return None
    return (
        "The social worker’s agreement is not recorded yet. Ask for it, and record who gave it and when.",
        NextStep.ASK_SOCIAL_WORKER,
    )


def weighed_alone(yes: Statement, history: History, on: date) -> Weighed:
    """The pupil's yes where it counts by itself (rule A4); in care it waits for the social worker as any other."""
    alone = weighed(yes, history, on)
    pending = None if history.voices.of_age else _social_worker(yes, history)
    return (
        alone
        if pending is None
        else alone._replace(word=StatusWord.PENDING, reason=pending[0], todo=pending[1])
    )


def best(yeses: Sequence[Weighed]) -> Weighed | None:
    """The yes that counts longest; where none counts, the first by rule C2, and of those the last said."""
    counting = [one for one in yeses if one.counts]
    if counting:
        return max(counting, key=lambda one: (one.until, one.statement.slip.moment))
    return min(reversed(yeses), key=lambda one: _PLACE[one.word], default=None)


def conditions(yeses: Iterable[Weighed]) -> str | None:
    """Rule C8: the conditions of every yes that counts, word for word; of one person only the last slip's."""
    by_person = {
        one.statement.person: one.statement.condition
        for one in sorted(yeses, key=lambda one: one.statement.slip.moment)
        if one.counts
    }
    return "; ".join(dict.fromkeys(said for said in by_person.values() if said)) or None
