"""The command line as a test meets it: run in this process, with its exit code and both streams."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from consentdesk.cli.app import run

PASSWORD = "made up words"


class Result(NamedTuple):
    """What a command left behind: its exit code, and both streams."""

    code: int
    out: str
    err: str


Cli = Callable[..., Result]


def command_line(capfd: pytest.CaptureFixture[str]) -> Cli:
    """A function that runs a command as `consentdesk …` would."""

    def call(*arguments: object) -> Result:
        capfd.readouterr()
        code = run([os.fspath(one) if isinstance(one, Path) else str(one) for one in arguments])
        return Result(code, *capfd.readouterr())

    return call
