"""Whose slip is it: what its codes claim is proved against the school's keys and the slips it printed (rule S4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from consentdesk.model import slip as codes
from consentdesk.model.reading import Outcome, Problem
from consentdesk.model.slip import CodeKey, Part, Slip, SlipCode

SENTENCES: Final[dict[str, str]] = {
    "no-code": "No code of this slip could be read; its typed code can be keyed by hand.",
    "damaged-code": "A code on this slip was altered or is no code of ConsentDesk.",
    "letter-code": "The code on this slip belongs to a letter, not to a slip.",
    "other-school": "This slip belongs to another school.",
    "forged": "A code on this slip was not made by this office.",
    "two-codes": "The two codes on this slip name different slips.",
    "unknown-slip": "This office has never printed a slip with this code.",
}
"""One sentence for each reason that a slip has no owner."""


class Ownerless(NamedTuple):
    """A slip that is nobody's, and why; `claimed` is the id in a proven code that no slip has."""

    outcome: Outcome
    problem: Problem
    claimed: str | None = None


def _refused(reason: str, claimed: str | None = None) -> Ownerless:
    return Ownerless(Outcome.REFUSED, Problem(reason, SENTENCES[reason]), claimed)


def identify(
    untrusted_codes: Sequence[str],
    school_tag: str,
    keys: Mapping[str, CodeKey],
    find_slip: Callable[[str], Slip | None],
) -> Slip | Ownerless:
    """The slip that the QR texts on it name, if each of them is whole, ours, proven, and they agree.

    `keys` are the school's by version. One spoiled code refuses the slip even beside a sound one: codes mend
    themselves when they are dirty, so one that reads wrong was made so. A stranger's code is no code of it.
    """
    ours = [text for text in untrusted_codes if codes.is_ours(text)]
    if not ours:
        return Ownerless(Outcome.UNMATCHED, Problem("no-code", SENTENCES["no-code"]))
    parsed = [codes.parse(text) for text in ours]
    whole = [code for code in parsed if code is not None]
    if len(whole) < len(ours):
        return _refused("damaged-code")
    reason = next((reason for code in whole if (reason := _unproven(code, school_tag, keys))), None)
    if reason:
        return _refused(reason)
    if any(code.part is Part.LETTER for code in whole):
        return _refused("letter-code")
    if len({(code.slip, code.tag) for code in whole}) > 1:
        return _refused("two-codes")
    first = whole[0]
    slip = find_slip(first.slip)
    if slip is None:
        return _refused("unknown-slip", first.slip)
    if slip.version != first.tag:
        return _refused("forged")
    return slip


def _unproven(code: SlipCode, school_tag: str, keys: Mapping[str, CodeKey]) -> str | None:
    if code.school != school_tag:
        return "other-school"
    key = keys.get(code.key_version)
    return None if key is not None and codes.proves(key, code) else "forged"
