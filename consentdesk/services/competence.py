"""Who was found able to decide alone, or not: the last assessment of each pupil who has one (rule A4)."""

from __future__ import annotations

from consentdesk.model.circumstances import Assessed
from consentdesk.model.consent import Invalidated
from consentdesk.services.office import Office
from consentdesk.store import ledger


def competences(office: Office) -> dict[str, bool]:
    """By pupil, whether the last assessment that counts found them competent."""
    void = {
        event.what.event
        for event in ledger.events_of_kind(office.db, "invalidated")
        if isinstance(event.what, Invalidated)
    }
    return {
        event.pupil: event.what.competent
        for event in ledger.events_of_kind(office.db, "competence-assessed")
        if event.pupil and event.id not in void and isinstance(event.what, Assessed)
    }
