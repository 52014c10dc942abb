"""Roles and errands: who may do what in an office (rules A6, D1)."""

from __future__ import annotations

from typing import Final, Literal

from consentdesk.store.slots import Role

Errand = Literal[
    "import-pupils", "change-forms", "print-forms", "read-scans", "review-answers", "confirm-answers",
    "key-answers", "record-withdrawal", "see-status", "see-reasons", "export-lists", "restrict-pupils",
    "see-restrictions", "manage-users", "change-settings", "keep-safe",
    "plan-activities", "permit-activities", "record-publications", "keep-access-record", "count-pupils",
    "hand-over-files", "erase-records", "keep-people",
]  # fmt: skip

IN_WORDS: Final[dict[Errand, str]] = {
    "import-pupils": "import class lists",
    "change-forms": "change the school’s forms",
    "print-forms": "print forms",
    "read-scans": "read scans",
    "review-answers": "decide about doubtful answers",
    "confirm-answers": "confirm answers",
    "key-answers": "key answers by hand",
    "record-withdrawal": "record withdrawals",
    "see-status": "see what is allowed",
    "see-reasons": "see the reasons behind a status",
    "export-lists": "export lists",
    "restrict-pupils": "record safeguarding restrictions",
    "see-restrictions": "see safeguarding restrictions",
    "manage-users": "add and remove users",
    "change-settings": "change the school’s settings",
    "keep-safe": "make and restore backups",
    "plan-activities": "plan activities at which pictures are taken",
    "permit-activities": "permit pictures at activities",
    "record-publications": "record publications, take-downs and where pictures are kept",
    "keep-access-record": "keep the record of who may use the internet",
    "count-pupils": "count answers for governors",
    "hand-over-files": "hand over a pupil’s whole file",
    "erase-records": "erase pupils’ records",
    "keep-people": "change what is known of pupils, guardians and staff",
}

MAY: Final[dict[Role, frozenset[Errand]]] = {
    Role.HEAD: frozenset(IN_WORDS),
    Role.OFFICE: frozenset(IN_WORDS)
    - {"restrict-pupils", "see-restrictions", "manage-users"}
    - {"permit-activities", "hand-over-files", "erase-records"},
    Role.TEACHER: frozenset({"see-status", "export-lists", "plan-activities"}),
    Role.SAFEGUARDING: frozenset(
        {
            "see-status",
            "see-reasons",
            "export-lists",
            "restrict-pupils",
            "see-restrictions",
            "plan-activities",
        }
    ),
}
"""Who may run which errand (rules A6, D1). A guard-rail and a signature of who did what, not a lock: see
docs/safekeeping.md."""
