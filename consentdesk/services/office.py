"""The office: made, opened and closed by somebody with a role, which says what errands they may run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final, Self, TypeAlias
from uuid import uuid4

from consentdesk import paths
from consentdesk.errors import KnownError, NotAllowed, WrongPassword
from consentdesk.model.consent import Event, What, kind_of
from consentdesk.model.keeping_events import KeyChanged
from consentdesk.services import roles
from consentdesk.store import keys, ledger, opening, place, put_back, rotation, school, sweep
from consentdesk.store.database import IMAGES, KEYS, OFFICE, Clock, Database, now_in_utc
from consentdesk.store.slots import COST, Cost, Role, Unlocked, User

SHORTEST_PASSWORD: Final = 8
RECOVERY_HOLDER: Final = "Holder of the recovery sheet"

Errand: TypeAlias = roles.Errand
"""What a user may or may not do."""

_BEING_MADE = "office.unfinished"
"""Stands in the folder while an office is being made; what lies beside it then is of no use to anyone."""


@dataclass(frozen=True)
class Office:
    """An open office and who works in it; every service takes one. Closes at the end of a `with` block."""

    db: Database
    user: User
    unlocked: Unlocked

    @property
    def key(self) -> Unlocked:
        """The opened slot with the data key as it now is: it may have been changed since."""
        return replace(self.unlocked, data_key=self.db.data_key, next_key=self.db.next_key)

    @property
    def folder(self) -> Path:
        """Where the office's files lie."""
        return self.db.folder

    def now(self) -> datetime:
        """This moment, aware and in UTC."""
        return self.db.now()

    @property
    def today(self) -> date:
        """The school's calendar day: the day of this moment in the computer's time zone."""
        return self.now().astimezone().date()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        close(self)


def create_office(
    folder: Path,
    school_name: str,
    user_name: str,
    password: str,
    *,
    clock: Clock = now_in_utc,
    cost: Cost = COST,
) -> tuple[Office, tuple[str, ...]]:
    """Make a new office in `folder`, whose first user is its head; the office and the recovery sheet's groups.

    Leaves all or nothing: what an interrupted attempt left behind is cleared away first. Raises `KnownError`
    where the folder holds an office already, lies on a network share or cannot be written, where the password
    is too short, or a name is empty.
    """
    head = User(uuid4().hex, _name(user_name, "the first user"), Role.HEAD)
    title = _name(school_name, "the school")
    _check_password(password)
    place.refuse_network_share(folder)
    paths.make_private_folder(folder)
    with _making(folder), ExitStack() as undo:
        database = uuid4().hex
        unlocked = keys.create(folder / KEYS, database, head, password, cost=cost)
        holder = User(uuid4().hex, RECOVERY_HOLDER, Role.HEAD, recovery=True)
        groups = keys.add_recovery(folder / KEYS, unlocked, holder)
        keys.previous(folder / KEYS).unlink(missing_ok=True)
        db = opening.create(folder, database, unlocked.data_key, clock=clock)
        undo.callback(db.close)
        with db.writing():
            school.found(db, title)
            school.open_account(db, head)
            school.open_account(db, holder)
            rotation.note_slots(db)
        db.keep_mark(clean=False)
        undo.pop_all()
    return Office(db, head, unlocked), groups


def open_office(folder: Path, user_name: str | None, password: str, *, clock: Clock = now_in_utc) -> Office:
    """Sign in; `user_name` may be None where there is only one user. The caller shows `office.db.notices`.

    Raises `WrongPassword`, `OfficeInUse`, `DamagedOffice`, `NewerOffice`, or another `KnownError` where the
    folder holds no office.
    """
    _check_there(folder)
    return _opened(folder, keys.unlock(folder / KEYS, user_name, password), clock)


def open_with_recovery(
    folder: Path, untrusted_groups: str | Sequence[str], *, clock: Clock = now_in_utc
) -> Office:
    """Open the office with the groups of the recovery sheet; its holder acts as head. Raises as `open_office`."""
    _check_there(folder)
    return _opened(folder, keys.unlock_with_recovery(folder / KEYS, untrusted_groups), clock)


def close(office: Office) -> None:
    """Close the office properly; harmless when done twice."""
    office.db.close()


def users(office: Office) -> tuple[User, ...]:
    """Who may sign in, in the order they were added; the recovery sheet is not among them."""
    return tuple(
        account.user
        for account in school.accounts(office.db).values()
        if account.removed is None and not account.user.recovery
    )


def user_name(office: Office, user_id: str) -> str:
    """Who an event was recorded by, in words; also someone who has been removed since."""
    account = school.accounts(office.db).get(user_id)
    return account.user.name if account else "somebody unknown"


def add_user(office: Office, name: str, role: Role, password: str, *, cost: Cost = COST) -> User:
    """A new user with a role. Raises `KnownError` where the name is taken or the password too short."""
    require(office, "manage-users")
    user = User(uuid4().hex, _name(name, "the user"), Role(role))
    _check_password(password)
    with office.db.writing():
        school.open_account(office.db, user)
        keys.add_user(office.folder / KEYS, office.key, user, password, cost=cost)
        rotation.note_slots(office.db)
    return user


def remove_user(office: Office, user_id: str) -> None:
    """Take a user's key slot away and change the data key; what they recorded stays under their name.

    What they copied before stays readable to them: docs/safekeeping.md. Raises `KnownError` for the user signed
    in, the last head, or an unknown id, and where the data key could not be changed yet: then the user is
    removed all the same, and the change is finished at an opening to come.
    """
    require(office, "manage-users")
    known = {user.id: user for user in users(office)}
    if user_id not in known:
        raise KnownError("there is no such user", "nothing was changed", "look at the list of users")
    if user_id == office.user.id:
        raise KnownError(
            "you cannot remove yourself", "nothing was changed", "let another head sign in and remove you"
        )
    if known[user_id].role is Role.HEAD and [user.role for user in known.values()].count(Role.HEAD) == 1:
        raise KnownError(
            f"{known[user_id].name} is the only head", "nothing was changed", "add another head first"
        )
    with office.db.writing():
        school.close_account(office.db, user_id)
        rotation.begin(office.db, office.key, without=user_id)
        rotation.note_slots(office.db)
        ledger.append(office.db, [event(office, KeyChanged(user_id))])
    rotation.finish(office.db)


def change_data_key(office: Office) -> None:
    """A new data key for everyone and the recovery sheet; passwords and sheet stay as they are.

    Raises `KnownError` where it could not be finished yet; that is done at an opening to come.
    """
    require(office, "manage-users")
    with office.db.writing():
        rotation.begin(office.db, office.key)
        ledger.append(office.db, [event(office, KeyChanged())])
    rotation.finish(office.db)


def change_password(office: Office, user_id: str, password: str, *, cost: Cost = COST) -> None:
    """A new password for oneself, or by the head for anyone. Raises `KnownError` where it is too short."""
    if user_id != office.user.id:
        require(office, "manage-users")
    _check_password(password)
    for user in users(office):
        if user.id == user_id:
            keys.change_password(office.folder / KEYS, office.key, user, password, cost=cost)
            rotation.note_slots(office.db)
            return
    raise KnownError("there is no such user", "nothing was changed", "look at the list of users")


def new_recovery(office: Office) -> tuple[str, ...]:
    """A new recovery sheet's groups; the sheet before it opens nothing any more."""
    require(office, "manage-users")
    for account in school.accounts(office.db).values():
        if account.user.recovery:
            groups = keys.add_recovery(office.folder / KEYS, office.key, account.user)
            rotation.note_slots(office.db)
            return groups
    raise LookupError("every office is made with a holder of the recovery sheet")


def may(office: Office, errand: Errand) -> bool:
    """Whether the user's role includes the errand."""
    return errand in roles.MAY[office.user.role]


def require(office: Office, errand: Errand) -> None:
    """Raise `NotAllowed` where the user's role does not include the errand. Every service asks first."""
    if not may(office, errand):
        raise NotAllowed(
            f"{office.user.name} signed in as {office.user.role.value} and may not {roles.IN_WORDS[errand]}",
            "nothing was changed",
            "ask the head, or sign in as somebody who may",
        )


def event(
    office: Office, what: What, pupil: str | None = None, slip: str | None = None, batch: int | None = None
) -> Event:
    """What happened, stamped with this moment, the school's day and the user; not yet in the ledger."""
    at = office.now()
    return Event(
        uuid4().hex, kind_of(what), at, at.astimezone().date(), office.user.id, what, pupil, slip, batch
    )


def _name(text: str, whose: str) -> str:
    plain = " ".join(text.split())
    if not plain:
        raise KnownError(f"{whose} needs a name", "nothing was changed", "give one")
    return plain


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise KnownError(
            f"a password needs at least {SHORTEST_PASSWORD} characters",
            "nothing was changed",
            "choose a longer one; three unrelated words are easy to remember and hard to guess",
        )


def _check_there(folder: Path) -> None:
    if (folder / put_back.SIGN).exists():
        raise KnownError(
            f"putting a backup back into {folder} was cut off",
            "what was there before is kept in the folder “set-aside …”",
            "put the same backup back again",
        )
    if (folder / _BEING_MADE).exists() or not any(
        (folder / name).exists() for name in (OFFICE, IMAGES, KEYS)
    ):
        raise KnownError(
            f"there is no office in {folder}",
            "nothing was changed",
            "make one with init, or choose another folder",
        )


def check_account(db: Database, unlocked: Unlocked) -> None:
    """Raise `WrongPassword` for a key file from before its user was removed or given another role."""
    account = school.accounts(db).get(unlocked.user.id)
    if account is None or account.removed is not None or account.user != unlocked.user:
        raise WrongPassword(
            f"{unlocked.user.name} may not sign in here any more", "nothing was changed", "ask the head"
        )


def _opened(folder: Path, unlocked: Unlocked, clock: Clock) -> Office:
    db = opening.open_database(
        folder, unlocked.database, unlocked.data_key, next_key=unlocked.next_key, clock=clock
    )
    with ExitStack() as undo:
        undo.callback(db.close)
        check_account(db, unlocked)
        rotation.note_slot(db, unlocked.slot)
        if not db.notices:
            # On a full disk it can wait; the office opens all the same.
            with suppress(KnownError):
                sweep.sweep(db)
        undo.pop_all()
    return Office(db, unlocked.user, unlocked)


@contextmanager
def _making(folder: Path) -> Iterator[None]:
    """Clear away what an interrupted attempt left, and leave nothing behind where this one fails."""
    sign = folder / _BEING_MADE
    files = [folder / name for name in (OFFICE, f"{OFFICE}-journal", IMAGES, f"{IMAGES}-journal", KEYS)]
    if not sign.exists() and any(file.exists() for file in files):
        raise KnownError(
            f"{folder} already holds an office", "nothing was changed", "open it, or choose an empty folder"
        )
    try:
        for file in files:
            file.unlink(missing_ok=True)
        with paths.write_whole(sign) as part:
            part.write_text("An office is being made here.\n", encoding="utf-8")
        yield
        sign.unlink()
        paths.flush_folder(folder)
    except BaseException as error:
        for file in (*files, keys.previous(folder / KEYS), sign):
            with suppress(OSError):
                file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise paths.write_error(folder, error) from error
        raise
