"""`office.keys`: one slot per user and one for the recovery sheet, each holding the data key under its own lock."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from consentdesk import paths
from consentdesk.errors import KnownError, NewerOffice, WrongPassword
from consentdesk.store import recovery
from consentdesk.store.no_dumps import refuse_core_dumps
from consentdesk.store.slots import (
    COST,
    FLOOR,
    KEY_BYTES,
    Cost,
    Slot,
    Unlocked,
    User,
    damaged_keys,
    seal,
    secret_bytes,
    unseal,
    with_data_key,
    with_next,
)

FORMAT: Final = 1
"""The layout of `office.keys` that this program writes."""
CHANGING: Final = 2
"""The layout while the data key is being changed, which a program that cannot finish it must not touch. It
refuses a higher one."""

_CHECKSUM = b"sha256 "


class _Contents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    database: str
    slots: tuple[Slot, ...]


class _Format(msgspec.Struct, frozen=True):
    format: int


def _holding(database: str, slots: tuple[Slot, ...]) -> _Contents:
    return _Contents(CHANGING if any(slot.next_key for slot in slots) else FORMAT, database, slots)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _read(path: Path) -> _Contents:
    """The slots in `path`, checked for damage first and for its format second."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise damaged_keys("is missing") from error
    except OSError as error:
        raise damaged_keys(f"cannot be read ({error.strerror})") from error
    body, mark, checksum = data.rpartition(_CHECKSUM)
    if not mark or checksum != _checksum(body):
        raise damaged_keys("is damaged")
    try:
        if msgspec.json.decode(body, type=_Format).format > CHANGING:
            raise NewerOffice(
                "the key file office.keys was written by a newer version of ConsentDesk",
                "nothing was changed",
                "install the newest version on this computer",
            )
        return msgspec.json.decode(body, type=_Contents)
    except msgspec.DecodeError as error:
        raise damaged_keys("is damaged") from error


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
            raise damaged_keys("did not come back from the disk as it was written")
        if proof:
            slot, secret = proof
            unseal(written.database, next(known for known in written.slots if known.id == slot), secret)


def previous(path: Path) -> Path:
    """Where the key file before the last change is kept, until someone has signed in with the new one."""
    return path.with_name(path.name + ".previous")


def create(path: Path, database: str, user: User, password: str, *, cost: Cost = COST) -> Unlocked:
    """A new key file with a new random data key and one slot. Raises `KnownError` where it cannot be written."""
    refuse_core_dumps()
    data_key = secrets.token_bytes(KEY_BYTES)
    slot = seal(database, user, secret_bytes(password), data_key, cost)
    _write(path, _holding(database, (slot,)), (slot.id, secret_bytes(password)))
    return Unlocked(database, slot.id, user, data_key)


def users(path: Path) -> tuple[User, ...]:
    """Who may sign in, in the order they were added; the recovery sheet is not among them."""
    return tuple(slot.user for slot in _read(path).slots if not slot.user.recovery)


def database_of(path: Path) -> str:
    """The id of the office that the key file belongs to. Raises `DamagedOffice` or `NewerOffice`."""
    return _read(path).database


def unlock(path: Path, name: str | None, password: str) -> Unlocked:
    """Open the slot of the user called `name`; None will do where there is only one user.

    Raises `WrongPassword`, `DamagedOffice` or `NewerOffice`, each with its own sentence.
    """
    refuse_core_dumps()
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
    return _settled(path, unseal(contents.database, slot, secret_bytes(password)))


def unlock_with_recovery(path: Path, untrusted_groups: str | Sequence[str]) -> Unlocked:
    """Open the recovery slot with the groups of the sheet. Raises as `unlock` does."""
    refuse_core_dumps()
    secret = recovery.secret_of(untrusted_groups)
    contents = _read(path)
    for slot in contents.slots:
        if slot.user.recovery:
            return _settled(path, unseal(contents.database, slot, secret))
    raise WrongPassword("this office has no recovery sheet", "nothing was changed", "sign in with a password")


def _settled(path: Path, unlocked: Unlocked) -> Unlocked:
    """The new file has proved itself, so the previous one, which an old password may open, goes."""
    with suppress(OSError):
        previous(path).unlink(missing_ok=True)
    return unlocked


def _fits(path: Path, unlocked: Unlocked) -> _Contents:
    contents = _read(path)
    if contents.database != unlocked.database:
        raise damaged_keys("belongs to another office")
    return contents


def add_user(path: Path, unlocked: Unlocked, user: User, password: str, *, cost: Cost = COST) -> None:
    """Give `user` a slot. Raises `KnownError` where the name is taken."""
    contents = _fits(path, unlocked)
    if any(_plain(slot.user.name) == _plain(user.name) for slot in contents.slots):
        raise KnownError(
            f"there is already a user called {user.name}", "nothing was changed", "choose another name"
        )
    _put(path, contents.slots, unlocked, user, secret_bytes(password), cost)


def change_password(path: Path, unlocked: Unlocked, user: User, password: str, *, cost: Cost = COST) -> None:
    """Give `user` a new lock in place of the old one; the data key and all other slots stay as they are."""
    contents = _fits(path, unlocked)
    others = tuple(slot for slot in contents.slots if slot.user.id != user.id)
    _put(path, others, unlocked, user, secret_bytes(password), cost)


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
    _write(path, _holding(contents.database, slots))
    previous(path).unlink(missing_ok=True)


def fingerprints(path: Path) -> dict[str, str]:
    """What each slot's key would be sealed to, by slot; kept inside the database, where only its users can write."""
    return {slot.id: slot.fingerprint for slot in _read(path).slots}


def begin_change(
    path: Path, unlocked: Unlocked, known: Collection[str] | None, *, without: str | None = None
) -> bytes:
    """Draw a new data key and seal it to every slot beside the present one; the new key.

    The slot of the user `without` goes in the same stroke. `known` are the fingerprints that the database has
    noted: a slot that somebody exchanged in the file would be given the new key. Raises `KnownError` for one
    that is not among them; None where none were ever noted.
    """
    contents = _fits(path, unlocked)
    staying = tuple(slot for slot in contents.slots if slot.user.id != without)
    for slot in staying:
        if known is not None and slot.fingerprint not in known:
            raise KnownError(
                f"the key of {slot.user.name} in office.keys is not the one that this office knows",
                "the data key was not changed",
                "make a new recovery sheet first"
                if slot.user.recovery
                else f"set a new password for {slot.user.name} first",
            )
    next_key = secrets.token_bytes(KEY_BYTES)
    slots = tuple(with_next(contents.database, slot, next_key) for slot in staying)
    _write(path, _holding(contents.database, slots))
    previous(path).unlink(missing_ok=True)
    return next_key


def end_change(path: Path, database: str, data_key: bytes) -> None:
    """Let every slot hold `data_key` alone, both files having been found to have it. Nobody's password is needed."""
    contents = _read(path)
    if contents.database != database:
        raise damaged_keys("belongs to another office")
    _write(
        path, _holding(database, tuple(with_data_key(database, slot, data_key) for slot in contents.slots))
    )
    previous(path).unlink(missing_ok=True)


def _put(
    path: Path, others: tuple[Slot, ...], unlocked: Unlocked, user: User, secret: bytes, cost: Cost
) -> None:
    slot = seal(unlocked.database, user, secret, unlocked.data_key, cost)
    if unlocked.next_key:
        slot = with_next(unlocked.database, slot, unlocked.next_key)
    _write(path, _holding(unlocked.database, (*others, slot)), (slot.id, secret))
