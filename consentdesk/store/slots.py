"""One key slot: a user's lock, and the data key behind it."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Final

import msgspec
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Meta

from consentdesk.errors import DamagedOffice, KnownError, WrongPassword

KEY_BYTES: Final = 32
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Role(StrEnum):
    """What a user is in the school; which errands that includes is for the services to say."""

    HEAD = "head"
    OFFICE = "office"
    TEACHER = "teacher"
    SAFEGUARDING = "safeguarding"


class User(msgspec.Struct, frozen=True):
    """Someone who signs in. `recovery` marks the holder of the recovery sheet, who acts as head."""

    id: str
    name: str
    role: Role
    recovery: bool = False


class Cost(msgspec.Struct, frozen=True):
    """What one guess at a password costs: Argon2id's passes, memory in KiB, and lanes."""

    passes: int
    memory_kib: int
    lanes: int


COST: Final = Cost(3, 256 * 1024, 4)
"""The usual cost: half a second and 256 MiB for each guess."""
LIGHTER: Final = Cost(3, 64 * 1024, 4)
"""Where the computer cannot give 256 MiB."""
FLOOR: Final = Cost(2, 19 * 1024, 1)
"""The least that a slot may ask for (OWASP's minimum for Argon2id); one below it was tampered with."""
CEILING: Final = Cost(64, 2 * 1024 * 1024, 64)
"""The most, so that a tampered file cannot make the computer run out of memory or time."""


@dataclass(frozen=True)
class Unlocked:
    """An opened slot: whose it is, and the data key of the database it belongs to.

    `next_key` is there while the data key is being changed: each file has the one or the other.
    """

    database: str
    slot: str
    user: User
    data_key: bytes = field(repr=False)
    next_key: bytes | None = field(default=None, repr=False)


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A user's lock. Its key pair lets the data key be changed for everyone without their passwords.

    `private` is the private half under the password (Argon2id, AES-256-GCM), `data_key` the data key sealed to
    the `public` half (HPKE), `next_key` the one after it while it is being changed.
    """

    id: str
    user: User
    cost: Cost
    salt: Annotated[bytes, Meta(min_length=_SALT_BYTES, max_length=_SALT_BYTES)]
    nonce: Annotated[bytes, Meta(min_length=_NONCE_BYTES, max_length=_NONCE_BYTES)]
    public: Annotated[bytes, Meta(min_length=KEY_BYTES, max_length=KEY_BYTES)]
    private: Annotated[bytes, Meta(min_length=KEY_BYTES, max_length=2 * KEY_BYTES)]
    data_key: Annotated[bytes, Meta(min_length=KEY_BYTES, max_length=4 * KEY_BYTES)]
    next_key: Annotated[bytes, Meta(min_length=KEY_BYTES, max_length=4 * KEY_BYTES)] | None = None

    @property
    def fingerprint(self) -> str:
        """Names the slot's public half and its holder: what a changed key would be sealed to."""
        return hashlib.sha256(msgspec.json.encode([self.user, self.public])).hexdigest()


def damaged_keys(why: str) -> DamagedOffice:
    """The error for a key file that cannot be right; `why` ends the sentence that names it."""
    return DamagedOffice(
        f"the key file office.keys {why}",
        "the records themselves were not touched",
        "put back office.keys from a backup; any backup of this office made since its users last changed will do",
    )


def secret_bytes(password: str) -> bytes:
    """The password's bytes; composed, since keyboards differ in how they write an accented letter (RFC 8265)."""
    return unicodedata.normalize("NFC", password).encode()


def stretch(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """A 256-bit key out of a password (Argon2id). Raises `HashingError` where the memory cannot be had."""
    return hash_secret_raw(
        secret,
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _within(cost: Cost) -> bool:
    """Whether `cost` lies between floor and ceiling; fewer passes and less memory than the floor never do."""
    return (
        FLOOR.passes <= cost.passes <= CEILING.passes
        and FLOOR.memory_kib <= cost.memory_kib <= CEILING.memory_kib
        and FLOOR.lanes <= cost.lanes <= CEILING.lanes
    )


def _bound(database: str, slot: str, user: User, cost: Cost, salt: bytes, public: bytes) -> bytes:
    """What the lock of a slot is bound to: none of it can be changed, nor two slots swapped, and it still open."""
    return msgspec.json.encode(
        ["ConsentDesk key slot 1", database, slot, user.id, user.name, user.role, user.recovery,
         cost.passes, cost.memory_kib, cost.lanes, salt, public]
    )  # fmt: skip


def _info(database: str, slot: str, user: User) -> bytes:
    return msgspec.json.encode(["ConsentDesk data key 1", database, slot, user.role])


def _info_of_next(database: str, slot: str, user: User) -> bytes:
    return msgspec.json.encode(["ConsentDesk next data key 1", database, slot, user.role])


def with_next(database: str, slot: Slot, next_key: bytes) -> Slot:
    """The slot with `next_key` sealed to it beside the present data key; nobody's password is needed."""
    info = _info_of_next(database, slot.id, slot.user)
    sealed = _SUITE.encrypt(next_key, X25519PublicKey.from_public_bytes(slot.public), info=info)
    return msgspec.structs.replace(slot, next_key=sealed)


def with_data_key(database: str, slot: Slot, data_key: bytes) -> Slot:
    """The slot with `data_key` sealed to it in place of what it held."""
    info = _info(database, slot.id, slot.user)
    sealed = _SUITE.encrypt(data_key, X25519PublicKey.from_public_bytes(slot.public), info=info)
    return msgspec.structs.replace(slot, data_key=sealed, next_key=None)


def seal(database: str, user: User, secret: bytes, data_key: bytes, cost: Cost) -> Slot:
    """A new slot for `user`. Uses `LIGHTER` where the memory for a heavier `cost` cannot be had."""
    if not _within(cost):
        raise ValueError("a key slot's cost lies between FLOOR and CEILING")
    slot, salt, nonce = (
        secrets.token_hex(16),
        secrets.token_bytes(_SALT_BYTES),
        secrets.token_bytes(_NONCE_BYTES),
    )
    pair = X25519PrivateKey.generate()
    public = pair.public_key().public_bytes_raw()
    try:
        lock = stretch(secret, salt, cost)
    except HashingError:
        if cost.memory_kib <= LIGHTER.memory_kib:
            raise
        cost = LIGHTER
        lock = stretch(secret, salt, cost)
    return Slot(
        id=slot,
        user=user,
        cost=cost,
        salt=salt,
        nonce=nonce,
        public=public,
        private=AESGCM(lock).encrypt(
            nonce, pair.private_bytes_raw(), _bound(database, slot, user, cost, salt, public)
        ),
        data_key=_SUITE.encrypt(data_key, pair.public_key(), info=_info(database, slot, user)),
    )


def unseal(database: str, slot: Slot, secret: bytes) -> Unlocked:
    """The data key out of `slot`. Raises `WrongPassword`, or `DamagedOffice` where the slot cannot be right."""
    if not _within(slot.cost):
        raise damaged_keys(
            "asks for a weaker or stranger lock than this program accepts, and was not made by it"
        )
    try:
        lock = stretch(secret, slot.salt, slot.cost)
    except HashingError as error:
        raise KnownError(
            f"this computer cannot give the {slot.cost.memory_kib // 1024} MiB of memory that unlocking takes",
            "nothing was changed",
            "close other programs and try again",
        ) from error
    bound = _bound(database, slot.id, slot.user, slot.cost, slot.salt, slot.public)
    try:
        private = X25519PrivateKey.from_private_bytes(AESGCM(lock).decrypt(slot.nonce, slot.private, bound))
    except InvalidTag as error:
        raise WrongPassword(
            "the recovery sheet is not this office’s" if slot.user.recovery else "the password is wrong",
            "nothing was changed",
            "use the newest sheet" if slot.user.recovery else "try again, or ask the head to set a new one",
        ) from error
    try:
        data_key = _SUITE.decrypt(slot.data_key, private, info=_info(database, slot.id, slot.user))
        next_key = slot.next_key and _SUITE.decrypt(
            slot.next_key, private, info=_info_of_next(database, slot.id, slot.user)
        )
    except (InvalidTag, ValueError) as error:
        raise damaged_keys("holds a data key that does not fit its lock") from error
    return Unlocked(database, slot.id, slot.user, data_key, next_key)


def derived(data_key: bytes, database: str, purpose: str) -> bytes:
    """A 256-bit key for one purpose alone (HKDF-SHA256), such as one of the two files or the high-water mark.

    With a key each, the files cannot be taken for one another, and no key serves two algorithms.
    """
    info = msgspec.json.encode(["ConsentDesk", database, purpose])
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(data_key)
