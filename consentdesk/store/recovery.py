"""The recovery sheet's secret: 160 random bits as eight groups of five letters, each with its own check letter."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from consentdesk.errors import WrongPassword
from consentdesk.model.slip import ALPHABET

GROUPS = 8
LETTERS = 4
"""Letters of a group that carry the secret; a check letter follows them."""
SECRET_BYTES = GROUPS * LETTERS * 5 // 8

_LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_FIELD = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)


def _powers() -> tuple[int, ...]:
    """The powers of x in GF(32), the field whose elements are the alphabet's 32 letters."""
    values, value = [], 1
    for _ in range(31):
        values.append(value)
        value <<= 1
        if value & 32:
            value ^= _FIELD
    return tuple(values)


_POWERS = _powers()
_LOGARITHMS = {value: power for power, value in enumerate(_POWERS)}


def _times(left: int, right: int) -> int:
    if not left or not right:
        return 0
    return _POWERS[(_LOGARITHMS[left] + _LOGARITHMS[right]) % 31]


def _check_letter(group: int, letters: str) -> str:
    """The letter that finds any one wrong letter, two letters swapped, or a group in another's place.

    A weighted sum in GF(32): every weight is another power of x, so no single change and no swap cancels out.
    """
    total = group + 1
    for place, letter in enumerate(letters, start=1):
        total ^= _times(_POWERS[place], ALPHABET.index(letter))
    return ALPHABET[total]


def new_secret() -> bytes:
    """A secret with 160 bits of chance: it needs no stretching to withstand guessing."""
    return secrets.token_bytes(SECRET_BYTES)


def groups_of(secret: bytes) -> tuple[str, ...]:
    """The groups to print on the recovery sheet, such as `7F3KQ`, in their order."""
    number = int.from_bytes(secret, "big")
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (GROUPS * LETTERS - 1), -1, -5))
    parts = [letters[at : at + LETTERS] for at in range(0, len(letters), LETTERS)]
    return tuple(part + _check_letter(group, part) for group, part in enumerate(parts))


def secret_of(untrusted_groups: str | Sequence[str]) -> bytes:
    """The secret from the groups as typed, in one string or several; case, spaces and hyphens do not matter.

    Raises `WrongPassword`, naming the group, where one was not copied right.
    """
    typed = untrusted_groups if isinstance(untrusted_groups, str) else " ".join(untrusted_groups)
    plain = "".join(typed.split()).replace("-", "").upper().translate(_LOOK_ALIKES)
    length = LETTERS + 1
    if len(plain) != GROUPS * length:
        raise WrongPassword(
            f"the recovery sheet has {GROUPS} groups of {length} letters, and {len(plain)} letters were typed",
            "nothing was changed",
            "type all the groups, in their order",
        )
    number = 0
    for group in range(GROUPS):
        part = plain[group * length : (group + 1) * length]
        if any(letter not in ALPHABET for letter in part) or _check_letter(group, part[:-1]) != part[-1]:
            raise WrongPassword(
                f"group {group + 1} is not as printed on the recovery sheet",
                "nothing was changed",
                "check that group and type it again",
            )
        for letter in part[:-1]:
            number = number << 5 | ALPHABET.index(letter)
    return number.to_bytes(SECRET_BYTES, "big")
