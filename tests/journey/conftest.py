"""The command line, for journeys through the whole program."""

from __future__ import annotations

import pytest

from tests.cli.command_line import Cli, command_line


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command in this process, as `consentdesk …` would."""
    return command_line(capfd)
