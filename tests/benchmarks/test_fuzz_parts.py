"""The fuzz run's own rules: what it breaks, and that it notices what must not be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest

from consentdesk.model.reading import Outcome, PageReading, SlipReading
from consentdesk.model.slip import Part, parse, proves
from consentdesk.scanning.scan_file import ScanFacts
from tests.benchmarks import fuzz
from tests.benchmarks.fuzz_codes import changed, page_with_codes
from tests.benchmarks.fuzz_files import BOMBS, CHANGES, Whole, bomb, broken
from tests.scanning.made_up import KEY, payload_of

TEXT = payload_of("K7M5", 0, Part.FIRST)
SMALL = Whole({"text": b"%PDF-1.4 of 300 bytes" + b" 7" * 140}, {"text": b"a page" * 50})


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - no secret


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_changes_the_bytes(change: str) -> None:
    whole = bytes(range(256)) * 4
    for seed in range(20):
        data = bytearray(whole)
        CHANGES[change](data, dice(seed))
        if bytes(data) != whole:
            return
    pytest.fail("the bytes are what they were")


def test_the_same_number_breaks_the_same_file_in_the_same_way() -> None:
    made = [broken(SMALL.small, dice(seed)) for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize("name", [name for name, (weight, _) in BOMBS.items() if weight > 1])
def test_bombs_are_small_files(name: str) -> None:
    assert len(BOMBS[name][1](dice(1))) < 300_000
    assert bomb(dice(1))[0] in BOMBS


def test_changed_payloads_prove_nothing_but_what_was_printed() -> None:
    chance = dice(1)
    parsed = 0
    for _ in range(2000):
        _, text = changed(TEXT, chance)
        code = parse(text)
        parsed += code is not None
        assert code is None or not proves(KEY, code) or text == TEXT
    assert parsed > 100, "where check letters always tell, the MAC is never tried"


def test_pages_with_codes_are_pictures() -> None:
    for seed in range(8):
        name, data = page_with_codes(TEXT, dice(seed))
        assert name.startswith("code: ")
        assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE) is not None


class Misreader:
    """Gives back other pages than it was asked for."""

    def __init__(self, *pages: PageReading | Exception) -> None:
        self._pages = pages

    def facts(self, _path: Path) -> ScanFacts:
        return ScanFacts(2, "pdf")

    def pages(self, _path: Path, _facts: ScanFacts, _skip: frozenset[int]) -> Iterator[PageReading]:
        for page in self._pages:
            if isinstance(page, Exception):
                raise page
            yield page


BLANK = [PageReading(number, outcome=Outcome.BLANK) for number in (1, 2)]
FORGED = payload_of("K7M5", 99, Part.FIRST)


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        (BLANK, ""),
        (BLANK[:1], "2 pages in, 1 outcomes out"),
        (BLANK[::-1], "2 pages in, 2 outcomes out"),
        ([BLANK[0], ZeroDivisionError()], "ZeroDivisionError came through"),
        ([BLANK[0], PageReading(2, (SlipReading((FORGED,), None, ()),))], "a forged code passed"),
    ],
)
def test_what_must_not_be_is_noticed(pages: list[PageReading | Exception], told: str, tmp_path: Path) -> None:
    version = type("Printed", (), {"tag": "K7M5"})
    seen = fuzz.run(Misreader(*pages), version, SMALL, tmp_path, 1, range(1))  # type: ignore[arg-type]
    assert seen.counts["files"] == 1
    if not told:
        assert seen.failures == []
    assert told in "; ".join(seen.failures)
