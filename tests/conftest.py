"""What every test stands on: a computer of its own, no network, no screen, and the samples where they lie."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

os.environ["QT_QPA_PLATFORM"] = "offscreen"

INTERNET = (socket.AF_INET, socket.AF_INET6)

# Speed differs between machines, so no test fails for being slow; the same examples come on every run.
settings.register_profile(
    "consentdesk", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("consentdesk")


def refuse_internet(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: the program works offline, so whatever opens an internet socket has a bug."""
    if event == "socket.getaddrinfo" or (event == "socket.__new__" and arguments[1] in INTERNET):
        raise AssertionError(f"the network was asked for: {event}{arguments[1:]}")


sys.addaudithook(refuse_internet)


@pytest.fixture(autouse=True)
def own_computer(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The computer's data folder, fresh for each test; nothing of the real user's office is seen."""
    folder = tmp_path_factory.mktemp("computer")
    monkeypatch.setenv("CONSENTDESK_DATA", str(folder))
    for name in ("CONSENTDESK_OFFICE", "CONSENTDESK_PASSWORD", "CONSENTDESK_USER"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real marks and class lists, which lies beside the project where it was handed out."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip("the samples do not lie beside this checkout")
    return folder
