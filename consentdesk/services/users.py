"""Who may sign in: their names before anybody has, and one of them by name."""

from __future__ import annotations

from pathlib import Path

from consentdesk.errors import KnownError
from consentdesk.model.people import fold
from consentdesk.services.office import Office, require, users
from consentdesk.store import keys
from consentdesk.store.database import KEYS
from consentdesk.store.slots import Role, User

__all__ = ["Role", "User", "list_users", "names_at", "the_user"]


def names_at(folder: Path) -> tuple[str, ...]:
    """The names of those who may sign in to the office in `folder`; none where there is no office."""
    path = folder / KEYS
    return tuple(user.name for user in keys.users(path)) if path.exists() else ()


def the_user(office: Office, name: str) -> User:
    """The user called `name`. Raises `KnownError` that lists them."""
    known = users(office)
    for user in known:
        if fold(user.name) == fold(name):
            return user
    listed = ", ".join(user.name for user in known)
    raise KnownError(f"there is no user {name}", "nothing was changed", f"the users are {listed}")


def list_users(office: Office) -> tuple[User, ...]:
    """Everyone who may sign in, for those who may change that."""
    require(office, "manage-users")
    return users(office)
