"""Random histories of a pupil, and what must hold of each: no yes from nothing, no withdrawal undone (C1 to C5, W5)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter
from typing import Any, Final

import msgspec

from consentdesk.model.circumstances import BirthRecorded
from consentdesk.model.consent import (
    PUPIL,
    Answered,
    CareChanged,
    Confirmed,
    Event,
    Invalidated,
    Issued,
    Restricted,
    Returned,
    Reviewed,
    SocialWorkerAgreed,
)
from consentdesk.model.paper_trail import Dated
from consentdesk.model.status import status_of
from consentdesk.model.voices import COMPETENT_ALONE, SOCIAL_WORKER
from tests.benchmarks.figures import Figure
from tests.model.story import DAD, INTERNET, LATER, MUM, WEBSITE, Story, open_slips, story

HISTORIES: Final = 10_000
BOTH: Final = (WEBSITE, INTERNET)
_SLIPS: Final = ("A", "B", "C", "W")
_GUARDIANS: Final = (None, None, MUM, DAD)
_PEOPLE: Final = (*_GUARDIANS, PUPIL)
_MARKED: Final = ("yes", "yes", "yes", "no", "faint", "blank")
_SIGNED: Final = (True, True, True, False, None)
_OF_RETURNS_OR_DAYS: Final = (CareChanged, SocialWorkerAgreed, Dated, BirthRecorded, Invalidated)


@dataclass
class Broken(Exception):
    """A history of which something does not hold; `seed` makes it again."""

    rule: str
    seed: int

    def __str__(self) -> str:
        return f"{self.rule}, in the history of seed {self.seed}"


def history(seed: int, steps: int = 14) -> Story:
    """An invented history: paper that goes out and comes back, decisions, and whatever happens around them."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    told = story()
    for slip in dice.sample(_SLIPS[:3], dice.randint(1, 2)):
        _consent(told, dice, slip)
    for _ in range(dice.randint(0, steps)):
        if dice.random() < 0.2:
            told.on(told.clock.date() + timedelta(days=dice.randint(1, 20)))
        _STEPS[dice.randrange(len(_STEPS))](told, dice)
    return told


def _printed(told: Story) -> set[str | None]:
    return {one.slip for one in told.events if one.kind in ("issued", "withdrawal-issued")}


def _consent(told: Story, dice: random.Random, slip: str) -> None:
    words = dice.choice(("old", "old", "new"))
    told.printed(slip, *BOTH, words=words, pupil=BOTH if dice.random() < 0.5 else ())
    told.yes(slip, who=dice.choice(_GUARDIANS), pupil="yes")


def _print(told: Story, dice: random.Random) -> None:
    slip = dice.choice(_SLIPS[:3])
    if slip not in _printed(told):
        told.printed(
            slip, *BOTH, words=dice.choice(("old", "new")), pupil=BOTH if dice.random() < 0.5 else ()
        )


def _way_back(told: Story, dice: random.Random) -> None:
    if "W" not in _printed(told):
        told.way_back_printed("W", *BOTH)
    told.back("W", dice.choice(("faint", "yes", "both-marked")), who=dice.choice(_GUARDIANS))


def _come_back(told: Story, dice: random.Random) -> None:
    out = sorted(slip for slip in _printed(told) if slip)
    if out:
        slip = dice.choice(out)
        own = dice.choice(_MARKED)
        told.back(
            slip, dice.choice(_MARKED), signed=dice.choice(_SIGNED), pupil=own, pupil_signed=dice.choice(_SIGNED),
            who=dice.choice(_GUARDIANS), how="keyed" if dice.random() < 0.2 else "scan",
        )  # fmt: skip
        if dice.random() < 0.6:
            told.confirmed(slip)


def _decide(told: Story, dice: random.Random) -> None:
    out = sorted(slip for slip in _printed(told) if slip)
    if out:
        said = dice.choice(("yes", "yes", "no", "unclear", None))
        told.reviewed(
            dice.choice(out), said, who=dice.choice(_PEOPLE), signed=dice.choice((None, True, False))
        )


def _note(told: Story, dice: random.Random) -> None:
    out = sorted(slip for slip in _printed(told) if slip)
    if not out:
        return
    slip = dice.choice(out)
    if dice.random() < 0.5:
        written = told.clock.date() - timedelta(days=dice.randint(-2, 20))
        told.dated(slip, written, noes_too=dice.random() < 0.3)
    else:
        told.signed_by(slip, dice.choice((MUM, DAD, PUPIL)))


def _void(told: Story, dice: random.Random) -> None:
    told.invalidated(dice.choice(told.events).id)


def _lift(told: Story, dice: random.Random) -> None:
    made = [one.id for one in told.events if isinstance(one.what, Restricted)]
    if made:
        told.lifted(dice.choice(made))


def _rule(told: Story, dice: random.Random) -> None:
    told.rule(dice.choice((COMPETENT_ALONE, SOCIAL_WORKER)), value=dice.random() < 0.5)


_STEPS: Final[tuple[Callable[[Story, random.Random], object], ...]] = (
    _print, _way_back, _come_back, _come_back, _come_back, _decide, _decide, _note, _void, _lift, _rule,
    lambda told, dice: told.withdrawn(*BOTH, by=dice.choice(_PEOPLE)),
    lambda told, _: told.restricted(),
    lambda told, dice: told.care(looked_after=dice.random() < 0.5),
    lambda told, _: told.social_worker_agreed(),
    lambda told, _: told.left(),
    lambda told, _: told.joined(),
    lambda told, dice: told.guardian(dice.choice((MUM, DAD)), dice.choice(("yes", "no", "unknown"))),
    lambda told, dice: told.guardian_ended(dice.choice((MUM, DAD))),
    lambda told, dice: told.assessed(competent=dice.random() < 0.5),
    lambda told, dice: told.born(date(dice.choice((2008, 2012)), 10, dice.randint(1, 28))),
)  # fmt: skip
_NO_PAPER_OUT: Final = tuple(step for step in _STEPS if step is not _print)


def yeses(events: Sequence[Event], on: date = LATER) -> set[str]:
    """The purposes that act as yes."""
    return {purpose for purpose, one in status_of(events, on, BOTH).items() if one.acts_as == "yes"}


def check(seed: int) -> int:
    """Check everything that must hold of one history; how many purposes are yes in it. Raises `Broken`."""
    told = history(seed)
    dice = random.Random(seed + 1)  # noqa: S311 - no secret
    held = yeses(told.events)
    _never_from_nothing(told, held, seed)
    _only_with_a_warrant(told, held, seed)
    _withdrawn_for_good(told, dice, seed)
    _a_no_outweighs(told, dice, held, seed)
    again = [msgspec.json.decode(msgspec.json.encode(one), type=Event) for one in told.events]
    dice.shuffle(again)
    if status_of(again, LATER, BOTH) != status_of(told.events, LATER, BOTH):
        raise Broken("C1: the same events give the same status", seed)
    _the_past_stays(told, dice, seed)
    _late_is_as_good_as_early(told, held, seed)
    return len(held)


def _without(events: Sequence[Event], kinds: Sequence[type]) -> list[Event]:
    return [one for one in events if not isinstance(one.what, tuple(kinds))]


def _never_from_nothing(told: Story, held: set[str], seed: int) -> None:
    """Rule C2: take away the printing, the returns, every yes or every confirmation, and no yes is left."""
    if not held:
        return
    unseen = [
        msgspec.structs.replace(one, what=msgspec.structs.replace(one.what, how="scan"))
        if isinstance(one.what, Answered)
        else one
        for one in _without(told.events, (Confirmed, Reviewed))
    ]
    unsaid = [
        one for one in told.events if not (isinstance(one.what, Answered | Reviewed) and _says_yes(one.what))
    ]
    for kind, events in (
        ("issued", _without(told.events, (Issued,))),
        ("returned", _without(told.events, (Returned,))),
        ("said", unsaid),
        ("seen", unseen),
    ):
        if yeses(events):
            raise Broken(f"C2: a yes without anything {kind}", seed)


def _says_yes(what: Any) -> bool:
    return any(getattr(answer, "answer", answer) == "yes" for answer in what.answers.values())


def _only_with_a_warrant(told: Story, held: set[str], seed: int) -> None:
    """The least that any yes needs, told without the rules' own code: see `_warranted`."""
    for purpose in held:
        if not _warranted(told, purpose):
            raise Broken(f"C4: {purpose} is a yes without a slip that warrants it", seed)


def _warranted(told: Story, purpose: str) -> bool:
    """Whether one slip, printed after every withdrawal and departure and still in time, carries a yes by anyone.

    A yes that was read, keyed or decided, signed, and seen by a person; and no restriction for pictures.
    """
    return any(_carries_yes(of_slip, purpose) for of_slip in open_slips(told, purpose, LATER))


def _carries_yes(of_slip: Sequence[Event], purpose: str) -> bool:
    whats = [one.what for one in of_slip]
    back = [what for what in whats if isinstance(what, Returned)]
    decided = [what for what in whats if isinstance(what, Reviewed)]
    answers = [what for what in whats if isinstance(what, Answered) and purpose in what.answers]
    confirmed = {what.reading for what in whats if isinstance(what, Confirmed)}
    by_decision = any(what.answers.get(purpose) == "yes" for what in decided)
    read = [what for what in answers if what.answers[purpose].answer == "yes"]
    seen = by_decision or any(what.how == "keyed" or what.reading in confirmed for what in read)
    signed = any(what.signed or getattr(what, "pupil_signed", None) for what in [*back, *decided])
    return bool(back) and (by_decision or bool(read)) and seen and signed


def _copy(told: Story) -> Story:
    """The same story so far, to be told on in another way; events never change."""
    after = copy(told)
    after.events = list(told.events)
    after._asked = dict(told._asked)
    after._readings = {slip: list(readings) for slip, readings in told._readings.items()}
    return after


def _withdrawn_for_good(told: Story, dice: random.Random, seed: int) -> None:
    """Rule W5: after a withdrawal nothing but a slip printed since brings a yes, whatever else happens."""
    after = _copy(told)
    after.withdrawn(*BOTH, by=dice.choice(_PEOPLE))
    withdrawal = after.last
    for _ in range(dice.randint(1, 8)):
        _NO_PAPER_OUT[dice.randrange(len(_NO_PAPER_OUT))](after, dice)
    undone = any(isinstance(one.what, Invalidated) and one.what.event == withdrawal for one in after.events)
    words = {one.word for one in status_of(after.events, LATER, BOTH).values()}
    if not undone and not words <= {"withdrawn", "restricted"}:
        raise Broken("W5: a withdrawal was undone without a slip printed since", seed)


def _a_no_outweighs(told: Story, dice: random.Random, held: set[str], seed: int) -> None:
    """Rules C3 and C4: one no more never makes a yes, and one that is read from a slip holds at once."""
    less = _copy(told)
    less.withdrawn(WEBSITE, by=dice.choice(_PEOPLE))
    if not yeses(less.events) <= held:
        raise Broken("C3: a withdrawal made a yes", seed)
    last = [one.what.asked[WEBSITE] for one in told.events if isinstance(one.what, Issued)][-1]
    said = _copy(told)
    said.printed("N", *BOTH, words=last).back("N", "no", signed=None)
    if yeses(said.events):
        raise Broken("C3: a yes in spite of a no", seed)


def _the_past_stays(told: Story, dice: random.Random, seed: int) -> None:
    """Rule C1: what held at the end of a day holds whatever is recorded later."""
    days = sorted({one.on for one in told.events})
    day = dice.choice(days)
    before = [one for one in told.events if one.on <= day]
    if status_of(before, day, BOTH) != status_of(told.events, day, BOTH):
        raise Broken("C1: what came later changed what held", seed)


def _late_is_as_good_as_early(told: Story, held: set[str], seed: int) -> None:
    """Rule C5: a yes counts as said when its slip was printed, so it does not matter when its return is recorded.

    Not where the social worker is asked (who agrees to returns), nor where days are compared.
    """
    if any(isinstance(one.what, _OF_RETURNS_OR_DAYS) for one in told.events):
        return
    stamps = [(one.at, one.on, one.seq) for one in told.events]
    for slip in _SLIPS[:3]:
        paper = [one for one in told.events if one.slip == slip and one.kind != "issued"]
        plain = [one.kind for one in paper] == ["returned", "answered", "answered", "confirmed"]
        if not plain or not all(_only_yes(one.what) for one in paper):
            continue
        rest = [one for one in told.events if one not in paper]
        late = [
            msgspec.structs.replace(one, at=at, on=on, seq=seq)
            for one, (at, on, seq) in zip([*rest, *paper], stamps, strict=True)
        ]
        if yeses(late) != held:
            raise Broken("C5: the order of recording made a difference", seed)


def _only_yes(what: Any) -> bool:
    return not isinstance(what, Answered) or all(one.answer == "yes" for one in what.answers.values())


def run(first: int, count: int) -> tuple[int, int]:
    """Check `count` histories from the seed `first` on: how many of them hold a yes, and how many have none."""
    with_yes = sum(check(seed) > 0 for seed in range(first, first + count))
    return with_yes, count - with_yes


def history_figures(first: int = 1, count: int = HISTORIES) -> list[Figure]:
    """How many histories were checked, and how many of them a second; one that breaks a rule ends the run."""
    began = perf_counter()
    with_yes, without = run(first, count)
    took = perf_counter() - began
    return [
        Figure(
            "random histories that break a rule", 0, f"of {with_yes + without}, {with_yes} with a yes", goal=0
        ),
        Figure("random histories checked", round(count / took), "a second"),
    ]
