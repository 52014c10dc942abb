"""A small exam: slips filled in by many hands, spoiled by four kinds of scanner; nothing may be read wrongly.

The long exam is a benchmark; this one is the same on every run, and small enough to go with each change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import get_args

import numpy as np
import pytest

from consentdesk.model.decision import decide, decide_pair
from consentdesk.model.reading import Outcome, PageReading, SlipReading
from consentdesk.model.slip import typed_code
from consentdesk.scanning.read_page import read_page
from consentdesk.scanning.rehearsal.fill_in import Filling, Part, SlipTruth
from consentdesk.scanning.rehearsal.levels import LevelName
from consentdesk.scanning.rehearsal.scanner import Scan
from consentdesk.scanning.rehearsal.sheets import Sheet, SheetTruth, Written, fit_one_sheet, scan_sheet
from consentdesk.scanning.templates import Template
from tests.scanning.made_up import CHILDREN, Raster, Version, slip_of

LEVELS: tuple[LevelName, ...] = get_args(LevelName)
SHEETS = 12
DPI = 200
AT_LEAST = {"clean": 0.75, "worn": 0.4, "rough": 0.4, "phone": 0.4}
"""Share of plain marks that are read without asking: far under what the reader does, so that chance cannot fail it."""
A_VERSION = 100
"""Pages of one version are numbered from this times its place."""

Seen = tuple[Scan, SheetTruth, PageReading]


def somebody(version: Version, rng: np.random.Generator) -> Filling:
    """What a family means, and how oddly they put it: half of all questions in some other way than a plain mark."""

    def meant(purposes: list[str]) -> dict[str, str]:
        return {purpose: "yes" if rng.random() < 0.6 else "no" for purpose in purposes}

    asked = meant([pair.purpose for pair in version.layout.questions])
    own = meant([pair.purpose for pair in version.layout.pupil_questions])
    return Filling(
        Part("Ann Carter", asked, signs=rng.random() < 0.9, doubtful=0.5),
        "mother",
        date(2026, 9, 14) if rng.random() < 0.8 else None,
        Part("Amelia Carter", own, signs=rng.random() < 0.9, doubtful=0.3) if own else None,
        comment="please ring me first" if rng.random() < 0.1 else "",
        other_name="Ben Carter" if rng.random() < 0.05 else "",
    )


def sheets(level: LevelName, versions: list[Version]) -> Iterator[Sheet]:
    """Slips on their pages, slips cut out and laid on the glass, and what else is in a pile."""
    rng = np.random.default_rng([LEVELS.index(level), 2026])
    for number in range(SHEETS):
        turn, seed = int(rng.integers(4)), int(rng.integers(2**32))
        if number >= SHEETS - 2:
            yield Sheet("stranger" if number % 2 else "back", level, seed, page=3 * A_VERSION, turn=turn)
            continue
        at = number % len(versions)
        version, cut = versions[at], number % 3 == 2
        together = 2 if cut and fit_one_sheet([version.layout] * 2) else 1
        slips = tuple(
            Written(
                at * A_VERSION + child * version.pages_each + version.layout.page,
                typed_code(slip_of(version.tag, child)),
                version.layout,
                somebody(version, rng),
                int(rng.integers(2**32)),
            )
            for child in rng.choice(len(CHILDREN), together, replace=False).tolist()
        )
        yield Sheet("cut" if cut else "slip", level, seed, slips, turn=turn)


@pytest.fixture(scope="module", params=LEVELS)
def exam(
    request: pytest.FixtureRequest, versions: dict[str, Version], templates: dict[str, Template]
) -> list[Seen]:
    """Everything that one kind of scanner made of the pile, and what the reader made of that."""
    known = list(versions.values())

    def page_at(number: int) -> Raster:
        version = known[number // A_VERSION]
        child, page = divmod(number % A_VERSION, version.pages_each)
        return version.page(child, dpi=DPI, colour=True, page=page)

    seen = []
    for number, sheet in enumerate(sheets(request.param, known), start=1):
        scan, truth = scan_sheet(page_at, sheet, DPI, mode_of(number))
        seen.append((scan, truth, read_page(scan.image, number, templates)))
    return seen


def mode_of(number: int) -> str:
    return ("grey", "colour", "grey", "one-bit")[number % 4]


def pairs_of(exam: list[Seen]) -> Iterator[tuple[SlipTruth, SlipReading]]:
    """Each slip on the sheets with what was read of it, where its code was read."""
    for _, truth, reading in exam:
        for written, slip in truth.slips:
            wanted = written.code.replace("-", "")[:10]
            for found in reading.slips:
                if found.pairs and any(wanted in code for code in found.codes):
                    yield slip, found


def test_no_answer_is_read_wrongly(exam: list[Seen]) -> None:
    """Asking a person is always allowed; saying yes or no where the paper does not is never."""
    wrong = []
    for truth, found in pairs_of(exam):
        decision = decide(found)
        said = list(decision.answers.values()) + list((decision.pupil_answers or {}).values())
        wrong += [
            (answer.answer, one.purpose, one.case)
            for one, answer in zip(truth.every, said, strict=True)
            if answer.answer != "review" and answer.answer not in one.allowed
        ]
    assert wrong == []


def test_no_slip_is_lost(exam: list[Seen]) -> None:
    """It is found by its codes, or waits for a person to read its typed code, or its page is named unreadable."""
    for scan, truth, reading in exam:
        if truth.slips and reading.outcome is not Outcome.UNREADABLE:
            assert len(reading.slips) == len(truth.slips), (reading.number, reading.outcome, scan.damage)


def test_pages_without_a_slip_give_none(exam: list[Seen]) -> None:
    for _, truth, reading in exam:
        if not truth.slips:
            assert reading.slips == ()
            assert reading.outcome in (Outcome.FOREIGN, Outcome.BLANK, Outcome.LETTER)


def test_codes_are_never_misread(exam: list[Seen], versions: dict[str, Version]) -> None:
    printed = {
        code
        for version in versions.values()
        for child in range(len(CHILDREN))
        for code in version.codes(child)
    }
    assert {code for *_, reading in exam for slip in reading.slips for code in slip.codes} <= printed


def test_a_missing_signature_is_never_invented(exam: list[Seen]) -> None:
    for truth, found in pairs_of(exam):
        decision = decide(found)
        assert truth.signed or decision.signed is not True
        assert truth.pupil_signed or decision.pupil_signed is not True


def test_plain_marks_are_mostly_read_without_asking(exam: list[Seen]) -> None:
    """A reader that asks about everything would pass all else here. What the sheet holds back is not counted."""
    clear: Counter[bool] = Counter()
    for truth, found in pairs_of(exam):
        for one, pair in zip(truth.every, found.pairs + found.pupil_pairs, strict=True):
            if one.clear:
                clear[decide_pair(pair).answer != "review"] += 1
    level = exam[0][1].level
    assert clear[True] / clear.total() > AT_LEAST[level]
