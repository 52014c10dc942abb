"""`office.keys`: one slot per user and one for the recovery sheet, each holding the data key under its own lock."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consentdesk import paths
from consentdesk.errors import DamagedOffice, KnownError, NewerOffice, WrongPassword
from consentdesk.store import recovery

FORMAT: Final = 1
"""The layout of `office.keys` that this program writes; it refuses a higher one."""

_KEY_BYTES = 32
_SALT_BYTES = 16
_NONCE_BYTES = 12
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_CHECKSUM = b"sha256 "


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
    """An opened slot: whose it is, and the data key of the database it belongs to."""

    database: str
    slot: str
    user: User
    data_key: bytes = field(repr=False)


class _Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A user's lock. The key pair lets the data key be changed for everyone without their passwords:

    `private` is the private half under the password (Argon2id, AES-256-GCM), `data_key` the data key sealed to
    the `public` half (HPKE).
    """

    id: str
    user: User
    cost: Cost
    salt: bytes
    nonce: bytes
    public: bytes
    private: bytes
    data_key: bytes


class _Contents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    database: str
    slots: tuple[_Slot, ...]


class _Format(msgspec.Struct, frozen=True):
    format: int


def _damaged(why: str) -> DamagedOffice:
    return DamagedOffice(
        f"the key file office.keys {why}",
        "the records themselves were not touched",
        "put back office.keys from a backup; any backup of this office made since its users last changed will do",
    )


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _secret(password: str) -> bytes:
    """The password's bytes; composed, since keyboards differ in how they write an accented letter (RFC 8265)."""
    return unicodedata.normalize("NFC", password).encode()


def _stretch(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    return hash_secret_raw(
        secret,
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=_KEY_BYTES,
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


def _sealed(database: str, user: User, secret: bytes, data_key: bytes, cost: Cost) -> _Slot:
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
        lock = _stretch(secret, salt, cost)
    except HashingError:
        if cost.memory_kib <= LIGHTER.memory_kib:
            raise
        cost = LIGHTER
        lock = _stretch(secret, salt, cost)
    return _Slot(
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


def _opened(database: str, slot: _Slot, secret: bytes) -> Unlocked:
    """The data key out of `slot`. Raises `WrongPassword`, or `DamagedOffice` where the slot cannot be right."""
    if not _within(slot.cost):
        raise _damaged("asks for a weaker or stranger lock than this program accepts, and was not made by it")
    try:
        lock = _stretch(secret, slot.salt, slot.cost)
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
    except InvalidTag as error:
        raise _damaged("holds a data key that does not fit its lock") from error
    return Unlocked(database, slot.id, slot.user, data_key)


def _read(path: Path) -> _Contents:
    """The slots in `path`, checked for damage first and for its format second."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise _damaged("is missing") from error
    except OSError as error:
        raise _damaged(f"cannot be read ({error.strerror})") from error
    body, mark, checksum = data.rpartition(_CHECKSUM)
    if not mark or checksum != _checksum(body):
        raise _damaged("is damaged")
    try:
        if msgspec.json.decode(body, type=_Format).format > FORMAT:
            raise NewerOffice(
                "the key file office.keys was written by a newer version of ConsentDesk",
                "nothing was changed",
                "install the newest version on this computer",
            )
        return msgspec.json.decode(body, type=_Contents)
    except msgspec.DecodeError as error:
        raise _damaged("is damaged") from error


def _checksum(body: bytes) -> bytes:
    """Told apart from a wrong password: this finds accidents; tampering is found by the slots' own locks."""
    return hashlib.sha256(body).hexdigest().encode() + b"\n"


def _write(path: Path, contents: _Contents, proof: tuple[str, bytes] | None = None) -> None:
    """Put `contents` in place of `path`, whole or not at all, and keep what was there as `.previous`.

    `proof` names a slot and the secret that must open it in the file as it came back from the disk.
    """
    body = msgspec.json.format(msgspec.json.encode(contents), indent=1) + b"\n"
    data = body + _CHECKSUM + _checksum(body)
    if path.exists():
        with paths.write_whole(previous(path)) as part:
            part.write_bytes(path.read_bytes())
    with paths.write_whole(path) as part:
        part.write_bytes(data)
        paths.flush_to_disk(part)
        written = _read(part)
        if written != contents:
            raise _damaged("did not come back from the disk as it was written")
        if proof:
            slot, secret = proof
            _opened(written.database, next(known for known in written.slots if known.id == slot), secret)


def previous(path: Path) -> Path:
    """Where the key file before the last change is kept, until someone has signed in with the new one."""
    return path.with_name(path.name + ".previous")


def create(path: Path, database: str, user: User, password: str, *, cost: Cost = COST) -> Unlocked:
    """A new key file with a new random data key and one slot. Raises `KnownError` where it cannot be written."""
    data_key = secrets.token_bytes(_KEY_BYTES)
    slot = _sealed(database, user, _secret(password), data_key, cost)
    _write(path, _Contents(FORMAT, database, (slot,)), (slot.id, _secret(password)))
    return Unlocked(database, slot.id, user, data_key)


def database_of(path: Path) -> str:
    """The id of the database that the key file belongs to. Raises `DamagedOffice` or `NewerOffice`."""
    return _read(path).database


def users(path: Path) -> tuple[User, ...]:
    """Who may sign in, in the order they were added; the recovery sheet is not among them."""
    return tuple(slot.user for slot in _read(path).slots if not slot.user.recovery)


def unlock(path: Path, name: str | None, password: str) -> Unlocked:
    """Open the slot of the user called `name`; None will do where there is only one user.

    Raises `WrongPassword`, `DamagedOffice` or `NewerOffice`, each with its own sentence.
    """
    contents = _read(path)
    people = [slot for slot in contents.slots if not slot.user.recovery]
    if name is None:
        if len(people) != 1:
            raise WrongPassword(
                f"this office has {len(people)} users, so the password alone does not say who you are",
                "nothing was changed",
                "give your user name as well",
            )
        slot = people[0]
    else:
        named = [slot for slot in people if _plain(slot.user.name) == _plain(name)]
        if not named:
            raise WrongPassword(
                f"nobody called {name} may sign in here",
                "nothing was changed",
                "check the spelling of the name",
            )
        slot = named[0]
    return _settled(path, _opened(contents.database, slot, _secret(password)))


def unlock_with_recovery(path: Path, untrusted_groups: str | Sequence[str]) -> Unlocked:
    """Open the recovery slot with the groups of the sheet. Raises as `unlock` does."""
    secret = recovery.secret_of(untrusted_groups)
    contents = _read(path)
    for slot in contents.slots:
        if slot.user.recovery:
            return _settled(path, _opened(contents.database, slot, secret))
    raise WrongPassword("this office has no recovery sheet", "nothing was changed", "sign in with a password")


def _settled(path: Path, unlocked: Unlocked) -> Unlocked:
    """The new file has proved itself, so the previous one, which an old password may open, goes."""
    with suppress(OSError):
        previous(path).unlink(missing_ok=True)
    return unlocked


def _fits(path: Path, unlocked: Unlocked) -> _Contents:
    contents = _read(path)
    if contents.database != unlocked.database:
        raise _damaged("belongs to another office")
    return contents


def add_user(path: Path, unlocked: Unlocked, user: User, password: str, *, cost: Cost = COST) -> None:
    """Give `user` a slot. Raises `KnownError` where the name is taken."""
    contents = _fits(path, unlocked)
    if any(_plain(slot.user.name) == _plain(user.name) for slot in contents.slots):
        raise KnownError(
            f"there is already a user called {user.name}", "nothing was changed", "choose another name"
        )
    _put(path, contents.slots, unlocked, user, _secret(password), cost)


def change_password(path: Path, unlocked: Unlocked, user: User, password: str, *, cost: Cost = COST) -> None:
    """Give `user` a new lock in place of the old one; the data key and all other slots stay as they are."""
    contents = _fits(path, unlocked)
    others = tuple(slot for slot in contents.slots if slot.user.id != user.id)
    _put(path, others, unlocked, user, _secret(password), cost)


def add_recovery(path: Path, unlocked: Unlocked, user: User) -> tuple[str, ...]:
    """A new recovery sheet for its holder `user`: the groups to print. An older sheet opens nothing any more.

    Its lock is at the floor's cost: 160 random bits cannot be guessed, and any computer must be able to open it.
    """
    contents = _fits(path, unlocked)
    secret = recovery.new_secret()
    people = tuple(slot for slot in contents.slots if not slot.user.recovery)
    _put(path, people, unlocked, user, secret, FLOOR)
    return recovery.groups_of(secret)


def remove_user(path: Path, unlocked: Unlocked, user: str) -> None:
    """Take away the slot of the user with this id, in the kept previous file too.

    Whoever had the slot may have kept the data key, or a backup: only a change of data key shuts them out of
    what is written from then on.
    """
    contents = _fits(path, unlocked)
    slots = tuple(slot for slot in contents.slots if slot.user.id != user)
    _write(path, _Contents(FORMAT, contents.database, slots))
    previous(path).unlink(missing_ok=True)


def _put(
    path: Path, others: tuple[_Slot, ...], unlocked: Unlocked, user: User, secret: bytes, cost: Cost
) -> None:
    slot = _sealed(unlocked.database, user, secret, unlocked.data_key, cost)
    _write(path, _Contents(FORMAT, unlocked.database, (*others, slot)), (slot.id, secret))


def derived(data_key: bytes, database: str, purpose: str) -> bytes:
    """A 256-bit key for one purpose alone (HKDF-SHA256), such as one of the two files or the high-water mark.

    With a key each, the files cannot be taken for one another, and no key serves two algorithms.
    """
    info = msgspec.json.encode(["ConsentDesk", database, purpose])
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=info).derive(data_key)
