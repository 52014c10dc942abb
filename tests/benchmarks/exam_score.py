"""What an exam found, as figures: counted sheet by sheet, so that none has to be kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import exp, sqrt
from typing import Final

import msgspec

from consentdesk.scanning.rehearsal.levels import LevelName
from tests.benchmarks.exam_marking import Marked, MarkedSheet

_SURE: Final = 0.05


class Score(msgspec.Struct, frozen=True):
    """What became of answers: `right`, `review`, `lost` and the wrong ones add up to `answers`.

    `bound` is the share of wrong answers that may hide with 95 % certainty behind those seen: 3 / answers where there
    are none. `clear` ones are a part of all, `clear_right` of them read without asking.
    """

    answers: int
    right: int
    review: int
    lost: int
    wrong_yes: int
    wrong_no: int
    bound: float
    clear: int
    clear_right: int
    asked: dict[str, int]
    clear_asked: dict[str, int]

    @property
    def clear_share(self) -> float:
        """The share of clear answers read without asking; 1 where there are none."""
        return self.clear_right / self.clear if self.clear else 1.0


class LevelScore(msgspec.Struct, frozen=True):
    """How the reader did at one level.

    `unmatched` slips were not read and wait for a person; `gone` ones nobody is told of. `unsigned_as_signed` counts
    signatures seen where there is none. `kinds` is what became of each kind of mark, `scans` of the clear answers by
    pen, resolution and mode: how many there were, how many were read without asking.
    """

    level: str
    slips: int
    unmatched: int
    gone: int
    total: Score
    signatures: int
    signatures_seen: int
    unsigned: int
    unsigned_as_signed: int
    kinds: dict[str, Score]
    scans: dict[str, tuple[int, int]]


class RealMarks(msgspec.Struct, frozen=True):
    """Real marks of one kind set into our slips: how many were a yes by themselves, and what else they were."""

    capture: str
    kind: str
    marks: int
    yes: int
    said: dict[str, int]


class ExamReport(msgspec.Struct, frozen=True):
    """A whole exam; `real_marks` is empty where their samples are not there, or the exam aims at something."""

    seed: int
    levels: tuple[LevelScore, ...]
    real_marks: tuple[RealMarks, ...]

    @property
    def wrong(self) -> int:
        """Answers read wrongly, and signatures seen where there were none."""
        return sum(one.total.wrong_yes + one.total.wrong_no + one.unsigned_as_signed for one in self.levels)


@dataclass
class _Kind:
    verdicts: Counter[str] = field(default_factory=Counter)
    clear: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    clear_asked: Counter[str] = field(default_factory=Counter)

    def add(self, one: Marked) -> None:
        self.verdicts[one.verdict] += 1
        self.clear[one.verdict] += one.clear
        if one.reason:
            self.asked[one.reason] += 1
            self.clear_asked[one.reason] += one.clear

    def score(self) -> Score:
        said = self.verdicts
        wrong = said["wrong yes"] + said["wrong no"]
        return Score(
            answers=said.total(),
            right=said["right"],
            review=said["review"],
            lost=said["lost"],
            wrong_yes=said["wrong yes"],
            wrong_no=said["wrong no"],
            bound=bound(wrong, said.total()),
            clear=self.clear.total(),
            clear_right=self.clear["right"],
            asked=dict(self.asked.most_common()),
            clear_asked=dict((+self.clear_asked).most_common()),
        )


def bound(wrong: int, of: int) -> float:
    """The share of wrong ones that `wrong` seen among `of` leave possible, 95 % sure: 3 / `of` where none was seen.

    Where some were, the mean of the Poisson distribution that shows no more than these in one case of twenty.
    """
    if not of:
        return 1.0
    if not wrong:
        return round(min(1.0, 3 / of), 7)
    low, high = float(wrong), wrong + 10 + 4 * sqrt(wrong)
    for _ in range(40):
        middle = (low + high) / 2
        term = seen = exp(-middle)
        for count in range(1, wrong + 1):
            term *= middle / count
            seen += term
        low, high = (middle, high) if seen > _SURE else (low, middle)
    return round(min(1.0, high / of), 7)


@dataclass
class Tally:
    """Counts sheets of one level as they come, so that none has to be kept."""

    level: LevelName
    fates: Counter[str] = field(default_factory=Counter)
    signed: Counter[tuple[bool, bool | None]] = field(default_factory=Counter)
    kinds: dict[str, _Kind] = field(default_factory=dict)
    total: _Kind = field(default_factory=_Kind)
    scans: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def add(self, sheet: MarkedSheet) -> None:
        """Count one sheet."""
        self.fates.update(sheet.fates)
        self.signed.update(sheet.signed)
        for one in sheet.questions:
            self.total.add(one)
            self.kinds.setdefault(one.kind, _Kind()).add(one)
            if one.clear:
                self.scans.update((name, one.verdict == "right") for name in one.scan)

    def score(self) -> LevelScore:
        """What was counted so far."""
        present = sum(count for (was, _), count in self.signed.items() if was)
        return LevelScore(
            level=self.level,
            slips=self.fates.total(),
            unmatched=self.fates["tray"],
            gone=self.fates["gone"],
            total=self.total.score(),
            signatures=present,
            signatures_seen=self.signed[True, True],
            unsigned=self.signed.total() - present,
            unsigned_as_signed=self.signed[False, True],
            kinds={name: kind.score() for name, kind in sorted(self.kinds.items())},
            scans={
                name: (self.scans[name, True] + self.scans[name, False], self.scans[name, True])
                for name in sorted({name for name, _ in self.scans})
            },
        )
