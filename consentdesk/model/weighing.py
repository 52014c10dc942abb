"""What keeps a yes from counting: signature, confirmation, name, pupil, social worker, time (A2 to C7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from consentdesk.model.consent import StatusWord
from consentdesk.model.decision import SENTENCES
from consentdesk.model.history import History
from consentdesk.model.statements import Statement, is_unnamed

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
    if yes.word == "review":
        word, reason = StatusWord.AWAITING_REVIEW, doubt_in_words(yes.doubt)
    elif yes.signed is None:
        word, reason = StatusWord.AWAITING_REVIEW, doubt_in_words("signature-unsure")
    elif not yes.signed:
        word, reason = StatusWord.UNSIGNED, "The answer is yes, but the slip is not signed. Ask again."
    elif not yes.seen:
        word, reason = StatusWord.UNCONFIRMED, "The machine read yes. It counts once a person confirms it."
    elif ended:
        word, reason = StatusWord.EXPIRED, ended
    else:
        word, reason = StatusWord.YES, f"Yes, signed and confirmed. It counts until {day_in_words(until)}."
    return Weighed(word, reason, yes, until)


def _ended(yes: Statement, history: History, on: date) -> str:
    """Rules C7 and D3: why a yes has come to its end; empty where it has not."""
    for ending in reversed(history.endings):
        if ending.moment is None or not yes.slip.moment.after(ending.moment):
            day = day_in_words(ending.on)
            if ending.why == "left":
                return f"The pupil left the school on {day}."
            return f"Part of this pupil’s record was erased on {day}. Ask again."
    return f"The yes counted until {day_in_words(yes.slip.until)}. Ask again." if on > yes.slip.until else ""


def weighed_with(pupil: Weighed | None, yes: Statement, purpose: str, history: History, on: date) -> Weighed:
    """A guardian's yes with what must go with it: a name, the pupil's own yes, the social worker's agreement.

    `pupil` is the best of the pupil's own answers; it may stand on another slip, and the earlier end counts.
    """
    alone = weighed(yes, history, on)
    needs_pupil = purpose in yes.slip.pupil_asked
    pending = _unnamed(yes, history) or _social_worker(yes, history)
    if needs_pupil and (pupil is None or pupil.word is StatusWord.UNSIGNED):
        pending = pending or "The pupil’s own part is not filled in or not signed. Ask the pupil."
    if pending:
        return alone._replace(word=StatusWord.PENDING, reason=pending)
    if not needs_pupil or pupil is None:
        return alone
    worse = min(alone, pupil, key=lambda one: (_PLACE[one.word], one.until))
    return worse._replace(statement=yes) if worse.counts else worse


def _unnamed(yes: Statement, history: History) -> str:
    """Rule A2: why a yes waits for a name; empty where it does not."""
    if history.restricted and is_unnamed(yes.person):
        return "A person must say which guardian signed before this yes counts."
    return ""


def _social_worker(yes: Statement, history: History) -> str:
    """Rule A5: the agreement must be younger than the carer's return and than the present care."""
    if history.in_care_since is None:
        return ""
    since = max(history.in_care_since, yes.returned)
    if any(one.place > since and one.slip in {None, yes.slip.id} for one in history.agreements):
        return ""
    return "The social worker’s agreement is not recorded yet. Ask for it, and record who gave it and when."


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
