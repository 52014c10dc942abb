"""The exam's own rules: what it asks, what it forgives, and how it adds up."""

from __future__ import annotations

import pytest

from consentdesk.scanning.rehearsal.cases import CASES
from consentdesk.scanning.rehearsal.fill_in import AnswerTruth
from tests.benchmarks.__main__ import main
from tests.benchmarks.exam_marking import Marked, MarkedSheet, verdict
from tests.benchmarks.exam_papers import KINDS, Aim, Seat, aim_at, levels_of, seats
from tests.benchmarks.exam_score import ExamReport, Tally, bound
from tests.benchmarks.exam_tables import lines

SCAN = ("pencil", "200 dpi", "grey")


@pytest.mark.parametrize(
    ("word", "allowed", "expected"),
    [
        ("yes", {"yes"}, "right"),
        ("no", {"yes"}, "wrong no"),
        ("yes", set(), "wrong yes"),
        ("review", set(), "review"),
        ("review", {"yes"}, "review"),
    ],
)
def test_the_exam_forgives_asking_and_nothing_else(word: str, allowed: set[str], expected: str) -> None:
    assert verdict(word, AnswerTruth("web.work", "a case", frozenset(allowed), clear=True)) == expected


def sheet(*fates: str, marked: list[Marked], signed: tuple[bool, bool | None] = (True, True)) -> MarkedSheet:
    return MarkedSheet("worn", fates, tuple(marked), (signed,), ())


def test_an_exam_adds_up() -> None:
    tally = Tally("worn")
    tick = Marked("tick", True, "right", "", SCAN)
    asked = Marked("tick", True, "review", "unsure", SCAN)
    blank = Marked("blank", False, "wrong yes", "", SCAN)
    lost = Marked("tick", True, "lost", "", SCAN)
    tally.add(sheet("read", marked=[tick, asked, blank], signed=(False, True)))
    tally.add(sheet("read", marked=[tick]))
    tally.add(sheet("tray", marked=[lost], signed=(True, None)))
    score = tally.score()
    assert (score.slips, score.unmatched, score.gone) == (3, 1, 0)
    assert (score.signatures, score.signatures_seen, score.unsigned, score.unsigned_as_signed) == (2, 1, 1, 1)
    total = score.total
    assert (total.answers, total.right, total.review, total.lost, total.wrong_yes) == (5, 2, 1, 1, 1)
    assert (total.clear, total.clear_right, total.clear_share) == (4, 2, 0.5)
    assert total.clear_asked == {"unsure": 1}
    assert (score.kinds["tick"].answers, score.kinds["blank"].wrong_yes) == (4, 1)
    assert score.scans["pencil"] == (4, 2)
    assert ExamReport(1, (score,), ()).wrong == 2


def test_the_tables_flag_what_misses_its_goal() -> None:
    tally = Tally("clean")
    tally.add(
        MarkedSheet("clean", ("read",), (Marked("tick", True, "right", "", SCAN),), ((True, True),), ())
    )
    assert "→" not in "".join(line for line in lines(ExamReport(1, (tally.score(),), ())))
    tally.add(MarkedSheet("clean", ("gone",), (Marked("tick", True, "lost", "", SCAN),), (), ()))
    told = list(lines(ExamReport(1, (tally.score(),), ())))
    row = next(line for line in told if line.startswith("clean "))
    assert "→ 1 (1 gone)" in row
    assert "→ 50.00%" in row


@pytest.mark.parametrize(
    ("wrong", "of", "expected"), [(0, 100_000, 3 / 100_000), (0, 2, 1.0), (0, 0, 1.0), (1, 1000, 0.004744)]
)
def test_none_seen_among_n_leaves_three_nths(wrong: int, of: int, expected: float) -> None:
    assert bound(wrong, of) == pytest.approx(expected, abs=2e-6)


@pytest.mark.parametrize(
    ("names", "cases"),
    [
        (["struck tick"], {"yes: struck tick", "no: struck tick"}),
        (["yes: struck tick"], {"yes: struck tick"}),
        (["plain"], {case.name for case in CASES.values() if case.plain}),
        (["question m", "blank"], {"yes: question mark", "no: question mark", "blank"}),
        ([], set()),
    ],
)
def test_an_exam_is_aimed_by_names(names: list[str], cases: set[str]) -> None:
    assert set(aim_at(names).cases) == cases


def test_slips_are_aimed_at_by_what_they_are() -> None:
    assert aim_at(["unsigned", "comment"]) == Aim((), ("unsigned", "comment"))


def test_an_unknown_aim_names_all_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["exam", "--only", "smiley"])
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert all(kind in said for kind in ("smiley", "unsigned", *KINDS))


def test_every_seat_is_taken_once_and_levels_come_by_turns() -> None:
    groups = list(seats(7, ("clean", "phone"), range(5), 4))
    assert groups[0] == [Seat(7, level, number) for number in (0, 1) for level in ("clean", "phone")]
    assert len({seat for group in groups for seat in group}) == 10


def test_levels_keep_the_order_of_their_table() -> None:
    assert levels_of(["phone", "clean"]) == ("clean", "phone")
    assert levels_of([]) == ("clean", "worn", "rough", "phone")
