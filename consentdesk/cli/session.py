"""Which office a command is about, and who signs in."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from consentdesk import settings
from consentdesk.errors import KnownError

OpenWindow = Callable[[Path | None], int]
"""Opens the window on the office of that folder, or on the remembered one; returns the exit code."""


@dataclass(frozen=True)
class Session:
    """What was said before the command: the office's folder, if any, and the user's name, or nothing.

    `open_window` is None where no window can be opened.
    """

    office: Path | None
    user: str
    open_window: OpenWindow | None = None

    @property
    def folder(self) -> Path:
        """The office that is meant: named, from the environment, remembered, or the one offered."""
        return settings.office_folder(self.office)

    @property
    def is_remembered(self) -> bool:
        """Whether the office is found by this computer's memory alone."""
        return self.office is None and not os.environ.get("CONSENTDESK_OFFICE")

    @property
    def named_user(self) -> str:
        """Who signs in, as far as that was said."""
        return self.user or os.environ.get("CONSENTDESK_USER", "")


def has_screen() -> bool:
    """Whether a window can be shown: anywhere but on a Linux machine without a display."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in named)


def ask(question: str) -> str:
    """An answer typed on the terminal."""
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def ask_password(question: str = "Password: ", variable: str = "CONSENTDESK_PASSWORD") -> str:
    """A password from the environment, else typed unseen. Raises `KnownError` where there is nobody to ask."""
    known = os.environ.get(variable)
    if known is not None:
        return known
    if not sys.stdin.isatty():
        raise KnownError(
            "a password is needed and there is no terminal to ask for it",
            "nothing was changed",
            f"set {variable} or run the command on a terminal",
        )
    return getpass.getpass(question)


def ask_new_password(variable: str = "CONSENTDESK_PASSWORD") -> str:
    """A new password, typed twice unless it stands in the environment. Raises `KnownError` where they differ."""
    password = ask_password("New password: ", variable)
    if variable not in os.environ and getpass.getpass("The same again: ") != password:
        raise KnownError("the two passwords differ", "nothing was changed", "try again")
    return password
