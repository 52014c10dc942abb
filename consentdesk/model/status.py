"""What holds for a pupil and a purpose on a day: rule C2's twelve `CHECKS`, of which the first decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

import msgspec

from consentdesk.model.consent import PUPIL, Event, NextStep, Status, StatusWord
from consentdesk.model.history import History, Withdrawal, history_of
from consentdesk.model.printed import Printed
from consentdesk.model.statements import Statement, StatementWord
from consentdesk.model.weighing import (
    Weighed,
    best,
    conditions,
    day_in_words,
    doubt_in_words,
    weighed,
    weighed_alone,
    weighed_with,
)

IMAGE_PREFIX: Final = "image."
"""A restriction forces no on every purpose that begins so (rule A6)."""


def status_of(events: Iterable[Event], on: date, purposes: Iterable[str] = ()) -> dict[str, Status]:
    """What holds for one pupil on the day `on`, by purpose (rules C1, C2).

    Covers every purpose that the pupil was ever asked, answered or withdrew, and `purposes` besides: a list
    names its columns there, since a restriction holds for what was never asked too. `events` are the pupil's,
    in any order; those of later days do not count. Raises `ValueError` where they are of more than one pupil.
    """
    history = history_of(events, on)
    asked = [purpose for slip in history.slips for purpose in slip.asked]
    withdrawn = [purpose for withdrawal in history.withdrawals for purpose in withdrawal.purposes]
    known = dict.fromkeys([*asked, *history.statements, *withdrawn, *purposes])
    return {purpose: _first_that_holds(_case(history, purpose, on)) for purpose in known}


def statuses_for(events: Iterable[Event], purposes: Iterable[str], on: date) -> dict[str, Status]:
    """The same for `purposes` alone, asked or not, in their order: a trip looks at few of all that was asked."""
    history = history_of(events, on)
    return {purpose: _first_that_holds(_case(history, purpose, on)) for purpose in dict.fromkeys(purposes)}


def status_for(events: Iterable[Event], purpose: str, on: date) -> Status:
    """What holds for one pupil and purpose on the day `on`, asked or not."""
    return statuses_for(events, (purpose,), on)[purpose]


def as_seen(status: Status, *, safeguarding: bool) -> Status:
    """The status as a user may see it: without safeguarding rights `restricted` and `no` are one plain no (A6, C2)."""
    if safeguarding or status.word not in (StatusWord.RESTRICTED, StatusWord.NO):
        return status
    # An ordinary no says as little: what it said more than a restriction would give the restriction away.
    return Status(StatusWord.NO, "The answer is no.")


class _Case(msgspec.Struct, frozen=True):
    """One purpose of one pupil on one day, as the checks look at it.

    `asked` are the slips that ask it. `against` is what was said in other words than yes, under the present
    wording (rule C6), and not overturned by the same person's later yes; `reworded` tells that something was
    said under another wording. `withdrawn` is the last withdrawal that no new slip has answered. `yeses` are
    those that may count, the pupil's too, and `best` is the guardian's to show.
    """

    restricted: bool
    asked: Sequence[Printed]
    against: Sequence[Statement]
    reworded: bool
    withdrawn: Withdrawal | None
    yeses: Sequence[Weighed]
    best: Weighed | None

    def first(self, word: StatementWord) -> Statement | None:
        """The first that was said in this word, of what stands against a yes."""
        return next((statement for statement in self.against if statement.word == word), None)


def _case(history: History, purpose: str, on: date) -> _Case:
    asked = [slip for slip in history.slips if purpose in slip.asked]
    said = history.statements.get(purpose, [])
    withdrawals = [one for one in history.withdrawals if purpose in one.purposes]

    # A no written on a slip that did not ask has no wording to compare, and stands.
    wording = asked[-1].asked[purpose] if asked else None
    current = [one for one in said if one.slip.asked.get(purpose, wording) == wording]
    others = [one for one in current if one.word != "yes"]
    against = [one for one in others if not any(_overturns(yes, one, history) for yes in current)]
    able = [one for one in current if one.word == "yes" and _able_to_count(one, purpose, asked, withdrawals)]
    in_doubt = [one for one in against if one.word == "review"]
    pupil = [weighed(one, history, on) for one in able + in_doubt if one.person == PUPIL]
    guardians = [weighed_with(best(pupil), one, purpose, history, on) for one in able if one.person != PUPIL]
    if history.voices.pupil_suffices:
        own = [one for one in able if one.person == PUPIL]
        guardians += [weighed_alone(one, history, on) for one in own]
    uncleared = [one for one in withdrawals if not any(_clears(yes, one, history) for yes in said)]
    return _Case(
        restricted=history.restricted and purpose.startswith(IMAGE_PREFIX),
        asked=asked,
        against=against,
        reworded=len(current) < len(said),
        withdrawn=uncleared[-1] if uncleared else None,
        yeses=guardians + pupil,
        best=best(guardians),
    )


def _proven(yes: Statement) -> bool:
    """Rule C4: a clear yes, signed, and seen by a person."""
    return yes.word == "yes" and yes.signed is True and yes.seen


def _overturns(yes: Statement, earlier: Statement, history: History) -> bool:
    """Rule C5: a yes said after the same person's no, or doubtful answer, came in.

    Where a person may not answer any more, somebody who may takes their place on a slip printed since.
    """
    if not _proven(yes):
        return False
    if yes.person == earlier.person:
        return yes.said.after(earlier.came)
    takes_over = history.voices.outspoken(earlier.person, yes.slip, yes.person)
    return takes_over and yes.slip.moment.after(earlier.came)


def _clears(yes: Statement, withdrawal: Withdrawal, history: History) -> bool:
    """Rule W5: a yes on a slip printed since, by who withdrew, or any guardian where nobody said who did."""
    who = withdrawal.person
    by_the_right_one = yes.person != PUPIL if who is None else yes.person == who
    by_the_right_one = by_the_right_one or history.voices.outspoken(who or "", yes.slip, yes.person)
    return _proven(yes) and by_the_right_one and yes.slip.moment.after(withdrawal.moment)


def _able_to_count(
    yes: Statement, purpose: str, asked: Sequence[Printed], withdrawals: Sequence[Withdrawal]
) -> bool:
    """Rules C6 and W5: in words that no slip since has changed, and printed after whatever was withdrawn."""
    words = yes.slip.asked.get(purpose)
    since = [slip for slip in asked if slip.moment.place > yes.slip.moment.place]
    return (
        words is not None
        and all(slip.asked[purpose] == words for slip in since)
        and all(yes.slip.moment.after(withdrawal.moment) for withdrawal in withdrawals)
    )


class _Found(NamedTuple):
    """That a check holds, and what the status says besides its word."""

    reason: str
    slip: str | None = None
    until: date | None = None
    condition: str | None = None
    todo: NextStep = NextStep.NOTHING


def _restricted(case: _Case) -> _Found | None:
    """Rule A6. The reason for the restriction is not told here."""
    if not case.restricted:
        return None
    return _Found(
        "A safeguarding restriction is in force. Ask the safeguarding lead before anything else.",
        todo=NextStep.ASK_SAFEGUARDING,
    )


def _withdrawn(case: _Case) -> _Found | None:
    """Rules W1 and W5."""
    if case.withdrawn is None:
        return None
    day = day_in_words(case.withdrawn.on)
    return _Found(f"Withdrawn on {day}. To give it again takes a signed and confirmed yes on a new slip.")


def _no(case: _Case) -> _Found | None:
    """Rule C3: a no that stands outweighs every yes."""
    no = case.first("no")
    if no is None:
        return None
    who = "The pupil" if no.person == PUPIL else "A guardian"
    others = any(yes.counts and yes.statement.person != no.person for yes in case.yeses)
    task = " Someone else answered yes: speak with the family." if others else ""
    return _Found(
        f"{who} answered no.{task}", no.slip.id, todo=NextStep.SPEAK if others else NextStep.NOTHING
    )


def _conflicting(case: _Case) -> _Found | None:
    """Rule S4: one slip, read twice with different marks."""
    doubt = case.first("conflicting")
    if doubt is None:
        return None
    return _Found(doubt_in_words("different-marks"), doubt.slip.id, todo=NextStep.REVIEW)


def _awaiting_review(case: _Case) -> _Found | None:
    """Rule S4: an answer that the reader was not sure of, or a yes with a signature that may be none."""
    doubt = case.first("review")
    if doubt is None:
        return _kept_back(StatusWord.AWAITING_REVIEW)(case)
    return _Found(doubt_in_words(doubt.doubt), doubt.slip.id, todo=NextStep.REVIEW)


def _kept_back(word: StatusWord) -> Callable[[_Case], _Found | None]:
    """The check that holds where no yes counts, and this is what keeps the best one back."""

    def check(case: _Case) -> _Found | None:
        if case.best is None or case.best.word is not word:
            return None
        until = case.best.until if word is StatusWord.EXPIRED else None
        return _Found(case.best.reason, case.best.statement.slip.id, until, todo=case.best.todo)

    return check


def _yes(case: _Case) -> _Found | None:
    """Rules C4, C7 and C8: a yes that counts, with its end and every condition."""
    if case.best is None or not case.best.counts:
        return None
    return _Found(case.best.reason, case.best.statement.slip.id, case.best.until, conditions(case.yeses))


def _no_reply(case: _Case) -> _Found | None:
    """Asked, and nothing that came back says anything under the present wording."""
    if not case.asked:
        return None
    slip = case.asked[-1]
    unclear = case.first("unclear")
    if unclear is not None:
        return _Found(
            "A person could not tell what the answer is meant to be. Ask again.",
            unclear.slip.id,
            todo=NextStep.ASK_AGAIN,
        )
    since = " in new words" if case.reworded else ""
    return _Found(
        f"Asked{since} on {day_in_words(slip.on)}; no answer has come back that counts.",
        slip.id,
        todo=NextStep.REMIND,
    )


def _not_asked(_case: _Case) -> _Found:
    """Rule C2: and therefore no."""
    return _Found("Nobody has been asked, so it counts as no.", todo=NextStep.PRINT)


CHECKS: Final[tuple[tuple[StatusWord, Callable[[_Case], _Found | None]], ...]] = (
    (StatusWord.RESTRICTED, _restricted),
    (StatusWord.WITHDRAWN, _withdrawn),
    (StatusWord.NO, _no),
    (StatusWord.CONFLICTING, _conflicting),
    (StatusWord.PENDING, _kept_back(StatusWord.PENDING)),
    (StatusWord.AWAITING_REVIEW, _awaiting_review),
    (StatusWord.UNSIGNED, _kept_back(StatusWord.UNSIGNED)),
    (StatusWord.UNCONFIRMED, _kept_back(StatusWord.UNCONFIRMED)),
    (StatusWord.EXPIRED, _kept_back(StatusWord.EXPIRED)),
    (StatusWord.YES, _yes),
    (StatusWord.NO_REPLY, _no_reply),
    (StatusWord.NOT_ASKED, _not_asked),
)
"""Rule C2: the first that holds is the status. The last always does."""


def _first_that_holds(case: _Case) -> Status:
    return next(
        Status(word, found.reason, found.slip, found.until, found.condition, found.todo)
        for word, check in CHECKS
        if (found := check(case)) is not None
    )
