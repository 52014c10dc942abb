"""The guide agrees with the window: its pictures are there, and the keys and names that it tells are the real ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from consentdesk.desktop.help_topics import keys_of_pages
from consentdesk.desktop.places import PAGES
from consentdesk.desktop.review_panel import LETTERS
from tests.benchmarks.screenshots import GUIDE

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = (DOCS / "guide.md").read_text(encoding="utf-8")
MOST_BYTES = 150_000


def test_every_picture_is_there_and_small() -> None:
    shown = re.findall(r"!\[[^]]+]\((pictures/[^)]+)\)", TEXT)
    assert sorted(shown) == sorted(f"pictures/{name}.png" for name in GUIDE.values())
    for name in shown:
        assert 0 < (DOCS / name).stat().st_size < MOST_BYTES, name


def test_every_page_beside_leads_somewhere() -> None:
    for target in re.findall(r"[^!]\[[^]]+]\(([^)#]+)", TEXT):
        assert (DOCS / target).is_file(), target


@pytest.mark.parametrize("room", [room for room in PAGES if room.keys[-1].isdigit() and "+" in room.keys])
def test_each_errand_is_told_with_its_key(room: object) -> None:
    told = dict(re.findall(r"\*\*([^*]+)\*\* \(`(Ctrl\+\d)`\)", TEXT))
    assert told[room.title] == room.keys  # type: ignore[attr-defined]


def test_the_keys_of_review_are_those_of_review() -> None:
    told = set(re.findall(r"^\| `([^`]+)` \|", TEXT, re.MULTILINE))
    assert told == {*LETTERS.values(), "S", "Ctrl+Z"}
    assert told <= {key.keys for key in keys_of_pages()["scan"]}
