"""Other people's names taken out of words that are handed over (rule D2)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from consentdesk.model.circumstances import GuardianRecorded
from consentdesk.model.people import Pupil, fold
from consentdesk.services.office import Office
from consentdesk.store import ledger, people, school
from consentdesk.store import staff as staff_store

SOMEBODY = "[another person]"
_SHORTEST_PART = 3


class Blinds:
    """Takes the names of everybody but one pupil out of texts.

    Guardians, users and staff go by whole name and by each part of it that is not the pupil's own; other pupils
    by their whole names. A name that the school does not know stays: somebody reads what is handed over.
    """

    def __init__(self, office: Office, pupil: Pupil) -> None:
        own = {fold(part) for name in _names_of(pupil) for part in name.split()}
        users = [account.user.name for account in school.accounts(office.db).values()]
        adults = [one.name for one in people.guardians_of(office.db, pupil.id)]
        # Guardians of earlier days too, of whom only the ledger still knows.
        events = ledger.events_of(office.db, pupil.id)
        adults += [event.what.name for event in events if isinstance(event.what, GuardianRecorded)]
        adults += [one.name for one in staff_store.staff(office.db, include_left=True)]
        # A user may be called “office”: one word of theirs is no name to look for.
        adults += [name for name in users if " " in name]
        parts = {part for name in adults for part in name.split() if len(part) >= _SHORTEST_PART}
        self._whole = _pattern(adults, re.IGNORECASE)
        # Alone, a part is only a name where it is written as one: “May we” is none.
        self._parts = _pattern({part for part in parts if fold(part) not in own})
        others = (one for one in people.pupils(office.db, include_left=True) if one.id != pupil.id)
        self._pupils = {name: fold(name) for one in others for name in _names_of(one) if " " in name}

    def over(self, text: str) -> str:
        """`text` with every name that the school knows replaced by `[another person]`."""
        if not text.strip():
            return text
        folded = fold(text)
        named = [name for name, as_folded in self._pupils.items() if as_folded in folded]
        if named:
            text = _pattern(named, re.IGNORECASE).sub(SOMEBODY, text)
        return self._parts.sub(SOMEBODY, self._whole.sub(SOMEBODY, text))


def _names_of(pupil: Pupil) -> set[str]:
    firsts = {pupil.legal_first, pupil.preferred_first or pupil.legal_first}
    lasts = {pupil.legal_last, pupil.preferred_last or pupil.legal_last}
    return {f"{first} {last}".strip() for first in firsts for last in lasts}


def _pattern(names: Iterable[str], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """The names as words of their own, the longest first; without any, what nothing matches."""
    words = sorted((r"\s+".join(map(re.escape, name.split())) for name in names if name.strip()), key=len)
    return re.compile(rf"(?<!\w)(?:{'|'.join(reversed(words)) or '(?!)'})(?!\w)", flags)
