"""An exam's figures as tables for people, each beside its goal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tests.benchmarks.exam_score import ExamReport, LevelScore, RealMarks

READ_GOAL: Final[dict[str, float]] = {"clean": 0.995, "worn": 0.97, "rough": 0.85, "phone": 0.95}
"""The share of clear answers that is to be read without asking."""
LOST_GOAL: Final[dict[str, float]] = {"clean": 0.0, "worn": 0.0, "rough": 0.01, "phone": 0.01}
"""The share of slips that may go unread, and wait for a person as unmatched or unreadable."""
SIGNED_GOAL: Final = 0.99
_REASONS: Final = 4


def lines(report: ExamReport) -> Iterator[str]:
    """The report as tables."""
    yield f"Exam, seed {report.seed}. An arrow stands where a goal is missed."
    yield ""
    yield from _levels(report.levels)
    yield ""
    yield from _kinds(report.levels)
    yield ""
    yield from _scans(report.levels)
    if report.real_marks:
        yield ""
        yield from _real(report.real_marks)


def _levels(levels: Sequence[LevelScore]) -> Iterator[str]:
    rows = [
        (
            "level", "slips", "unread", "goal", "answers", "by itself", "asked", "lost", "wrong yes", "wrong no",
            "95 % below", "clear", "read", "goal", "signed seen", "goal", "unsigned as signed",
        )
    ]  # fmt: skip
    for one in levels:
        total, unread = one.total, one.unmatched + one.gone
        goal, least = LOST_GOAL[one.level], READ_GOAL[one.level]
        seen = one.signatures_seen / max(1, one.signatures)
        rows.append(
            (
                one.level,
                f"{one.slips}",
                _flag(f"{unread}" + f" ({one.gone} gone)" * bool(one.gone), one.gone or unread > goal * one.slips),
                f"≤ {goal:.0%}",
                f"{total.answers}",
                f"{total.right}",
                f"{total.review}",
                f"{total.lost}",
                _flag(f"{total.wrong_yes}", total.wrong_yes),
                _flag(f"{total.wrong_no}", total.wrong_no),
                f"{total.bound:.4%}",
                f"{total.clear}",
                _flag(f"{total.clear_share:.2%}", total.clear_share < least),
                f"≥ {least:.1%}",
                _flag(f"{seen:.2%}", one.signatures and seen < SIGNED_GOAL),
                f"≥ {SIGNED_GOAL:.0%}",
                _flag(f"{one.unsigned_as_signed} of {one.unsigned}", one.unsigned_as_signed),
            )
        )  # fmt: skip
    yield from _table(rows)


def _kinds(levels: Sequence[LevelScore]) -> Iterator[str]:
    names = [one.level for one in levels]
    rows = [
        (
            "kind of mark", "answers", "by itself", "asked", "lost", "wrong yes", "wrong no", "clear",
            *(f"read, {name}" for name in names), "why asked (of the clear ones, where there are any)",
        )
    ]  # fmt: skip
    kinds = sorted({name for one in levels for name in one.kinds}, key=lambda name: _order(name, levels))
    for name in kinds:
        scores = [one.kinds[name] for one in levels if name in one.kinds]
        clear = sum(score.clear for score in scores)
        why: Counter[str] = Counter()
        for score in scores:
            why.update(score.clear_asked if clear else score.asked)
        wrong = [sum(getattr(score, word) for score in scores) for word in ("wrong_yes", "wrong_no")]
        rows.append(
            (
                name,
                *(
                    f"{sum(getattr(score, word) for score in scores)}"
                    for word in ("answers", "right", "review", "lost")
                ),
                *(_flag(f"{count}", count) for count in wrong),
                f"{clear or '–'}",
                *(_read_share(one, name) for one in levels),
                _told(why),
            )
        )
    yield from _table(rows, wide=True)


def _order(name: str, levels: Sequence[LevelScore]) -> tuple[bool, bool, str]:
    """The kinds that can be clear first, whole slips last."""
    clear = any(name in one.kinds and one.kinds[name].clear for one in levels)
    return not clear, name.startswith("slip:"), name


def _read_share(level: LevelScore, name: str) -> str:
    score = level.kinds.get(name)
    if score is None or not score.clear:
        return "–"
    return _flag(f"{score.clear_share:.1%}", score.clear_share < READ_GOAL[level.level])


def _scans(levels: Sequence[LevelScore]) -> Iterator[str]:
    names = sorted({name for one in levels for name in one.scans})
    rows = [("clear answers read without asking", *(one.level for one in levels))]
    for name in names:
        cells = []
        for one in levels:
            clear, right = one.scans.get(name, (0, 0))
            cells.append(f"{right / clear:.1%} of {clear}" if clear else "–")
        rows.append((name, *cells))
    yield from _table(rows)


def _real(marks: Iterable[RealMarks]) -> Iterator[str]:
    rows = [("real marks in our boxes", "marks", "a yes by itself", "", "what was said")]
    for one in marks:
        may = one.kind in ("cross", "tick")
        rows.append(
            (
                f"{one.capture}: {one.kind}",
                f"{one.marks}",
                _flag(f"{one.yes}", one.yes and not may),
                f"{one.yes / max(1, one.marks):.1%}" if may else "must be 0",
                _told(Counter(one.said)),
            )
        )
    yield from _table(rows, wide=True)


def _told(why: Counter[str]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in why.most_common(_REASONS))


def _flag(text: str, missed: object) -> str:
    return f"→ {text}" if missed else text


def _table(rows: Sequence[Sequence[str]], *, wide: bool = False) -> Iterator[str]:
    """Columns as wide as they must be, figures to the right; the last one to the left where it is `wide`."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [
            cell.ljust(width) if at == 0 or (wide and at == len(row) - 1) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
        if number == 0:
            yield "  ".join("─" * width for width in widths)
