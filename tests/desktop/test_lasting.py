"""Python's constants last, however often PySide returns them."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject

from consentdesk.desktop.lasting import CONSTANTS, make_constants_last


def test_more_calls_than_there_were_references_do_no_harm(system: object) -> None:
    make_constants_last()
    thing = QObject()
    for _ in range(100_000):
        thing.setObjectName("made up")
    assert sys.getrefcount(None) > 100_000


@pytest.mark.parametrize("constant", CONSTANTS)
def test_no_constant_runs_out(constant: object, system: object) -> None:
    make_constants_last()
    assert sys.getrefcount(constant) > 1 << 30
