"""Who may answer for a pupil on a day: guardians, what is noted of them, competence, and age (rules A2, A4, A5, C1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from consentdesk.model.circumstances import Assessed, BirthRecorded, GuardianEnded, GuardianRecorded
from consentdesk.model.consent import PUPIL, named_guardian
from consentdesk.model.people import birthday
from consentdesk.model.printed import Entry, Moment, Printed
from consentdesk.model.school_events import RuleChanged

OF_AGE: Final = 18
COMPETENT_ALONE: Final = "competent-pupil-alone"
"""A rule of the school: a competent pupil's yes needs no guardian's beside it (rule A4)."""
SOCIAL_WORKER: Final = "social-worker-agrees"
"""A rule of the school: a carer's yes for a looked-after pupil waits for the social worker (rule A5)."""
RULES_OF_STATUS: Final = {COMPETENT_ALONE: False, SOCIAL_WORKER: True}
"""The rules of the school that a status hangs on, with what holds until the school says otherwise."""


class Voices(msgspec.Struct, frozen=True):
    """Who may answer, as it stands at the end of a day.

    `guardians` are the facts last recorded of each, by person (`guardian:…`), `ended` when somebody stopped being
    one. `competent` is the last assessment, None where there is none. `of_age_since` is the day on which the
    pupil answers alone, None while that is not known or lies ahead.
    """

    guardians: dict[str, GuardianRecorded]
    ended: dict[str, Moment]
    competent: bool | None
    of_age_since: date | None
    rules: dict[str, bool]

    @property
    def wants_names(self) -> bool:
        """Rule A2: whether a yes counts only once a person has said who signed."""
        return any(
            one.court_note or one.responsibility == "no"
            for person, one in self.guardians.items()
            if person not in self.ended
        )

    @property
    def of_age(self) -> bool:
        """Rule A4: whether the pupil is 18 and answers alone."""
        return self.of_age_since is not None

    @property
    def pupil_needed(self) -> bool:
        """Rule A4: whether no yes counts without the pupil's own, whatever a slip asked."""
        return self.of_age or self.competent is True

    @property
    def pupil_suffices(self) -> bool:
        """Rule A4: whether the pupil's yes counts without a guardian's."""
        return self.of_age or (self.competent is True and self.rules[COMPETENT_ALONE])

    def without_responsibility(self, person: str) -> bool:
        """Rule A2: whether it is known that this guardian may not decide."""
        known = self.guardians.get(person)
        return known is not None and known.responsibility == "no"

    def is_corporate(self, person: str) -> bool:
        """Rule A5: whether this is the authority itself, which needs nobody's agreement."""
        known = self.guardians.get(person)
        return known is not None and known.corporate

    def outspoken(self, person: str, slip: Printed, by: str) -> bool:
        """Whether `by`, answering on `slip`, may take the place of what `person` said before it was printed.

        So it is where `person` has lost their voice since: no guardian any more, or the pupil has come of age.
        """
        if person == PUPIL:
            return False
        if self.of_age_since is not None:
            return by == PUPIL and slip.on >= self.of_age_since
        ended = self.ended.get(person)
        may_answer = by not in {PUPIL, *self.ended} and not self.without_responsibility(by)
        return ended is not None and may_answer and slip.moment.after(ended)


def voices_of(entries: Sequence[Entry], on: date) -> Voices:
    """Who may answer on the day `on`, by what was recorded up to then."""
    guardians: dict[str, GuardianRecorded] = {}
    ended: dict[str, Moment] = {}
    rules = dict(RULES_OF_STATUS)
    competent: bool | None = None
    born: date | None = None
    for moment, event in entries:
        match event.what:
            case GuardianRecorded() as what:
                guardians[named_guardian(what.guardian)] = what
                ended.pop(named_guardian(what.guardian), None)
            case GuardianEnded() as what:
                ended[named_guardian(what.guardian)] = moment
            case Assessed() as what:
                competent = what.competent
            case BirthRecorded() as what:
                born = what.born
            case RuleChanged() as what if what.rule in rules:
                rules[what.rule] = bool(what.value)
            case _:
                pass
    of_age = None if born is None else birthday(born, OF_AGE)
    return Voices(guardians, ended, competent, of_age if of_age is not None and of_age <= on else None, rules)
