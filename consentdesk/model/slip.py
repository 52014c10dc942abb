"""One pupil's slip and what its codes say: an opaque id, check characters, and a short MAC; never a name."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, datetime
from enum import StrEnum

import msgspec

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that what is written down is typed back right."""

ID_LENGTH = 10
MAC_LENGTH = 16
TAG_LENGTH = 4
SCHOOL_LENGTH = 6
PAYLOAD_LENGTH = 3 + 1 + SCHOOL_LENGTH + TAG_LENGTH + ID_LENGTH + 1 + MAC_LENGTH + 2
_PREFIX = "CD1"
_LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_CHECK_PRIME = 1021  # the largest prime below 32 * 32: one wrong or two swapped letters never pass


class Part(StrEnum):
    """Which code of the paper this is."""

    FIRST = "A"
    SECOND = "B"
    LETTER = "C"


class Slip(msgspec.Struct, frozen=True):
    """One pupil's printed return. `id` is ten Crockford letters; `school_class` is the class when printed."""

    id: str
    pupil: str
    form: str
    version: str
    run: str
    printed: date
    until: date
    school_class: str


class PrintRun(msgspec.Struct, frozen=True):
    """One printing: when, by whom, and how many slips."""

    id: str
    at: datetime
    by: str
    slips: int


class SlipCode(msgspec.Struct, frozen=True):
    """What a QR code says, once its length, alphabet and check characters are right; its MAC is still unproven."""

    key_version: str
    school: str
    tag: str
    slip: str
    part: Part
    mac: str


class CodeKey(msgspec.Struct, frozen=True):
    """The secret that codes are made and proved with: 32 random bytes and their one-letter version."""

    version: str
    secret: bytes


def encode(number: int, length: int) -> str:
    """`number` as `length` letters of Crockford's base 32."""
    letters = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        letters.append(ALPHABET[digit])
    return "".join(reversed(letters))


def _number(text: str) -> int:
    value = 0
    for letter in text:
        value = value * 36 + int(letter, 36)
    return value


def check_letters(text: str) -> str:
    """Two letters that prove `text` (digits and capitals) was copied right."""
    return encode(_number(text) % _CHECK_PRIME, 2)


def typed_code(slip: str) -> str:
    """The code printed for people: the slip's id and two check letters, as in `7F3K-22QX-19AB`."""
    full = slip + check_letters(slip)
    return "-".join(full[at : at + 4] for at in range(0, len(full), 4))


def slip_of_typed(text: str) -> str | None:
    """The slip's id from a typed code; None where a letter is wrong, missing or too many.

    Case, spaces and hyphens do not matter; I, L, O and U are taken for the letters they are mistaken for.
    """
    plain = "".join(text.split()).replace("-", "").upper().translate(_LOOK_ALIKES)
    if len(plain) != ID_LENGTH + 2 or any(letter not in ALPHABET for letter in plain):
        return None
    slip = plain[:ID_LENGTH]
    return slip if check_letters(slip) == plain[ID_LENGTH:] else None


def _mac(key: CodeKey, body: str) -> str:
    digest = hmac.new(key.secret, body.encode("ascii"), hashlib.sha256).digest()
    return encode(int.from_bytes(digest[:10], "big"), MAC_LENGTH)


def payload(key: CodeKey, school: str, tag: str, slip: str, part: Part) -> str:
    """The text of a QR code: 43 letters, HMAC-SHA256 cut to 80 bits, in the QR alphanumeric set."""
    body = f"{_PREFIX}{key.version}{school}{tag}{slip}{part.value}"
    signed = body + _mac(key, body)
    return signed + check_letters(signed)


def parse(untrusted_text: str) -> SlipCode | None:
    """What a QR text says, or None where it is not a whole and rightly copied code of this program's kind."""
    text = untrusted_text
    if len(text) != PAYLOAD_LENGTH or not text.startswith(_PREFIX):
        return None
    if any(letter not in ALPHABET for letter in text[3:]) or check_letters(text[:-2]) != text[-2:]:
        return None
    at = len(_PREFIX)
    fields = []
    for length in (1, SCHOOL_LENGTH, TAG_LENGTH, ID_LENGTH, 1, MAC_LENGTH):
        fields.append(text[at : at + length])
        at += length
    version, school, tag, slip, part, mac = fields
    if part not in set(Part):
        return None
    return SlipCode(version, school, tag, slip, Part(part), mac)


def is_ours(untrusted_text: str) -> bool:
    """Whether a QR text claims to be of this program, rightly or not."""
    return untrusted_text.startswith("CD")


def proves(key: CodeKey, code: SlipCode) -> bool:
    """Whether the MAC of `code` was made with `key`."""
    body = f"{_PREFIX}{code.key_version}{code.school}{code.tag}{code.slip}{code.part.value}"
    return code.key_version == key.version and hmac.compare_digest(_mac(key, body), code.mac)
