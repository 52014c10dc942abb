"""What the database itself refuses: the one list of triggers, made after every migration, compared at every opening."""

from __future__ import annotations

from typing import Final

_UNCHANGED = (
    "seq", "id", "kind", "at", "on_day", "\"by\"", "pupil", "slip", "batch", "payload_hash", "chain_hash",
)  # fmt: skip
"""All of an event but its payload and salt."""

_IS_AN_ERASURE = " AND ".join(
    (
        "NEW.payload IS NULL AND NEW.salt IS NULL",
        "OLD.pupil IN (SELECT pupil FROM erasure)",
        *(f"NEW.{column} IS OLD.{column}" for column in _UNCHANGED),
    )
)


def _refuse(name: str, moment: str, table: str, why: str, unless: str = "") -> str:
    # "NOT (…)" would let pass what is neither true nor false, such as a comparison with NULL.
    when = f"\nWHEN ({unless}) IS NOT TRUE" if unless else ""
    return f"CREATE TRIGGER {name} BEFORE {moment} ON {table}{when}\nBEGIN SELECT RAISE(ABORT, '{why}'); END"


TRIGGERS: Final[dict[str, str]] = {
    "event_stays": _refuse("event_stays", "DELETE", "event", "an event is never deleted"),
    "event_stays_as_it_is": _refuse(
        "event_stays_as_it_is",
        "UPDATE",
        "event",
        "an event is never changed",
        _IS_AN_ERASURE,
    ),
    "erasure_comes_before_its_event": _refuse(
        "erasure_comes_before_its_event",
        "INSERT",
        "erasure",
        "an erasure is told by an event of its own",
        "NOT EXISTS (SELECT 1 FROM event WHERE id = NEW.event)",
    ),
    "erasure_stays": _refuse("erasure_stays", "DELETE", "erasure", "an erasure is never deleted"),
    "erasure_stays_as_it_is": _refuse(
        "erasure_stays_as_it_is", "UPDATE", "erasure", "an erasure is never changed"
    ),
    "form_version_stays": _refuse(
        "form_version_stays", "DELETE", "form_version", "what was printed is never deleted"
    ),
    "form_version_stays_as_it_is": _refuse(
        "form_version_stays_as_it_is", "UPDATE", "form_version", "what was printed is never changed"
    ),
}
"""By name. `recursive_triggers` must be on, or INSERT OR REPLACE deletes without asking them."""


def differences(present: dict[str, str]) -> tuple[str, ...]:
    """The names of triggers that are missing, changed or not ours, out of those `present` in the database."""
    names = sorted(TRIGGERS.keys() | present.keys())
    return tuple(name for name in names if TRIGGERS.get(name) != present.get(name))
