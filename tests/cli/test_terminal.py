"""On a terminal: passwords typed unseen, names asked for where they are needed, and a bar that can be stopped."""

from __future__ import annotations

import getpass
import io
import sys
from pathlib import Path

import pytest

from consentdesk.cli import watch as bar
from consentdesk.cli.session import ask_new_password, ask_password
from consentdesk.errors import KnownError
from consentdesk.services.office import add_user, open_office
from consentdesk.services.progress import Job, Progress
from consentdesk.store.slots import FLOOR, Role
from tests.cli.command_line import PASSWORD, Cli


class Terminal(io.StringIO):
    """Standard input or error with a person before it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed unseen, in its order."""
    words: list[str] = []
    monkeypatch.setattr(sys, "stdin", Terminal("Tess\n"))
    monkeypatch.setattr(getpass, "getpass", lambda _: words.pop(0))
    monkeypatch.delenv("CONSENTDESK_PASSWORD", raising=False)
    return words


def test_a_password_is_typed_unseen(typed: list[str]) -> None:
    typed.append("some words")
    assert ask_password() == "some words"


def test_a_new_password_is_typed_twice(typed: list[str]) -> None:
    typed += ["some words", "some words"]
    assert ask_new_password() == "some words"
    typed += ["some words", "sone words"]
    with pytest.raises(KnownError, match="The two passwords differ"):
        ask_new_password()


def test_the_environment_is_believed_without_asking(
    typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENTDESK_PASSWORD", "known words")
    assert (ask_password(), ask_new_password()) == ("known words", "known words")


def test_who_signs_in_is_asked_only_where_there_are_several(folder: Path, cli: Cli, typed: list[str]) -> None:
    typed.append(PASSWORD)
    assert "Your user name" not in cli("status").err
    with open_office(folder / "office", None, PASSWORD) as office:
        add_user(office, "Tess", Role.TEACHER, "her own words", cost=FLOOR)
    typed.append("her own words")
    result = cli("status")
    assert (result.code, "Your user name: " in result.err) == (0, True)


def counting(stopped: list[str], *, interrupted: bool = False) -> Job[str]:
    try:
        for number in range(3):
            yield Progress(number, 3, "counting [red]sheep[/]")
            if interrupted:
                raise KeyboardInterrupt
    finally:
        stopped.append("closed")
    return "asleep"


def test_a_bar_is_shown_to_a_person_and_to_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    assert bar.watch(counting([])) == "asleep"
    assert "counting [red]sheep[/]" in terminal.getvalue()
    silent = io.StringIO()
    monkeypatch.setattr(sys, "stderr", silent)
    assert bar.watch(counting([])) == "asleep"
    assert silent.getvalue() == ""


def test_stopping_closes_the_job_and_says_what_is_safe() -> None:
    stopped: list[str] = []
    with pytest.raises(KnownError) as caught:
        bar.watch(counting(stopped, interrupted=True))
    assert stopped == ["closed"]
    assert caught.value.sentence.startswith("You stopped it; what was done until then is kept")
