"""Staff and volunteers: who may have access to the internet, and acknowledges the policy (rule N1)."""

from __future__ import annotations

from datetime import date

import msgspec

from consentdesk.model.people import fold


class StaffMember(msgspec.Struct, frozen=True):
    """Somebody who works at the school; `role` is what they do there, in the school's words.

    `since` is the day on which they came, `left` that on which they went, None while they work here.
    """

    id: str
    name: str
    role: str = ""
    volunteer: bool = False
    since: date | None = None
    left: date | None = None

    @property
    def sort_key(self) -> tuple[str, str]:
        """Where they stand in a list: by their last name, folded, then by the whole."""
        folded = fold(self.name)
        return folded.rsplit(" ", maxsplit=1)[-1], folded
