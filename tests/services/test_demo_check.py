"""The demo's referee: what counts as right, asked, wrong, lost and unfounded."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from consentdesk.model.consent import StatusWord
from consentdesk.model.layout import Box, SlipLayout
from consentdesk.model.reading import Outcome
from consentdesk.scanning.rehearsal.fill_in import AnswerTruth, Filling, Part, SlipTruth
from consentdesk.scanning.rehearsal.scan_files import FileTruth
from consentdesk.scanning.rehearsal.sheets import Kind, SheetTruth, Written
from consentdesk.services.demo_check import Paper, Score, score, side_by_side, unfounded
from consentdesk.services.read_report import AnswerReport, PageReport, SlipReport
from consentdesk.services.status import PupilStatus, PurposeStatus, StatusReport

BOX = Box(0, 0, 1, 1)
PLACES = SlipLayout(0, BOX, (BOX, BOX), BOX, BOX, (), BOX, BOX, BOX, BOX, BOX)
NOTHING: frozenset[str] = frozenset()


def written(code: str) -> Written:
    return Written(0, code, PLACES, Filling(Part("Ann", {}), "mother", None), seed=1)


def truth(*words: str, own: str = "") -> SlipTruth:
    """A slip whose questions 0, 1, … may be answered with these words; "ask" may not be answered, "~no" is unclear."""

    def part(meant: tuple[str, ...]) -> tuple[AnswerTruth, ...]:
        return tuple(
            AnswerTruth(
                str(number),
                word,
                NOTHING if word == "ask" else frozenset({word.removeprefix("~")}),
                word in ("yes", "no"),
            )
            for number, word in enumerate(meant)
        )

    return SlipTruth(part(words), part((own,)) if own else (), True, bool(own), {}, {})


def page(kind: Kind, **slips: SlipTruth) -> SheetTruth:
    """A page with slips by their codes."""
    return SheetTruth(kind, "worn", (), tuple((written(code), one) for code, one in slips.items()))


def said(*words: str) -> tuple[AnswerReport, ...]:
    return tuple(AnswerReport(str(number), word, 0.9, None) for number, word in enumerate(words))


def slip(code: str | None, *words: str, own: str = "", outcome: Outcome = Outcome.READ) -> SlipReport:
    pupil = "p" if code else None
    report = SlipReport(code, pupil, None, outcome, None, "r", True, said(*words))
    return (
        SlipReport(code, pupil, None, outcome, None, "r", True, said(*words), pupil_answers=said(own))
        if own
        else report
    )


def in_tray(outcome: Outcome = Outcome.UNMATCHED) -> SlipReport:
    return slip(None, outcome=outcome)


def scored(held: SheetTruth, outcome: Outcome, *slips: SlipReport) -> Score:
    """One page, with what it held and what the report says of it."""
    reports = [PageReport("a.pdf", 1, outcome, None, slips)]
    return score(side_by_side([FileTruth("a.pdf", (held,))], reports))


@pytest.mark.parametrize(
    ("meant", "read", "verdict"),
    [
        ("yes", "yes", "right"),
        ("no", "no", "right"),
        ("~yes", "yes", "right"),
        ("yes", "review", "review"),
        ("ask", "review", "review"),
        ("no", "yes", "wrong_yes"),
        ("ask", "yes", "wrong_yes"),
        ("yes", "no", "wrong_no"),
        ("ask", "no", "wrong_no"),
    ],
)
@pytest.mark.parametrize("pupils", [False, True])
def test_an_answer_is_right_asked_or_wrong(meant: str, read: str, verdict: str, pupils: bool) -> None:
    if pupils:
        result = scored(page("slip", A=truth("no", own=meant)), Outcome.READ, slip("A", "no", own=read))
    else:
        result = scored(page("slip", A=truth("no", meant)), Outcome.READ, slip("A", "no", read))
    expected = {"right": 1, "review": 0, "wrong_yes": 0, "wrong_no": 0}
    expected[verdict] += 1
    assert {name: getattr(result, name) for name in expected} == expected
    assert result.answers == 2
    assert len(result.wrong) == verdict.startswith("wrong")
    assert (result.clear, result.clear_right) == (
        1 + (meant in ("yes", "no")),
        1 + (verdict == "right" and "~" not in meant),
    )


def test_what_was_not_read_at_all_is_asked() -> None:
    held = page("slip", A=truth("yes", "no", own="no"))
    assert scored(held, Outcome.UNMATCHED, in_tray()).review == 3
    assert scored(held, Outcome.REVIEW, slip("A", "review", "no")).review == 2


@pytest.mark.parametrize(
    ("held", "outcome", "slips"),
    [
        (page("slip", A=truth("yes")), Outcome.READ, (slip("A", "yes"),)),
        (page("slip", A=truth("yes")), Outcome.UNMATCHED, (in_tray(),)),
        (page("slip", A=truth("yes")), Outcome.REFUSED, (in_tray(Outcome.REFUSED),)),
        (page("slip", A=truth("yes")), Outcome.UNREADABLE, ()),
        (page("cut", A=truth("yes"), B=truth("no")), Outcome.UNMATCHED, (slip("B", "no"), in_tray())),
        (page("letter"), Outcome.LETTER, ()),
        (page("letter"), Outcome.FOREIGN, ()),
        (page("back"), Outcome.BLANK, ()),
        (page("stranger"), Outcome.FOREIGN, ()),
        (page("stranger"), Outcome.UNMATCHED, (in_tray(),)),
    ],
)
def test_a_page_is_accounted_for(held: SheetTruth, outcome: Outcome, slips: tuple[SlipReport, ...]) -> None:
    result = scored(held, outcome, *slips)
    assert (result.pages, result.accounted, result.lost) == (1, 1, ())


@pytest.mark.parametrize(
    ("held", "outcome", "slips"),
    [
        (page("slip", A=truth("yes")), Outcome.LETTER, ()),
        (page("slip", A=truth("yes")), Outcome.FOREIGN, ()),
        (page("slip", A=truth("yes")), Outcome.READ, (slip("Z", "yes"),)),
        (page("cut", A=truth("yes"), B=truth("no")), Outcome.READ, (slip("A", "yes"),)),
        (page("stranger"), Outcome.READ, (slip("Z", "yes"),)),
        (page("back"), Outcome.UNREADABLE, ()),
    ],
)
def test_a_page_is_lost(held: SheetTruth, outcome: Outcome, slips: tuple[SlipReport, ...]) -> None:
    result = scored(held, outcome, *slips)
    assert result.accounted == 0
    assert [(one.held, one.outcome) for one in result.lost] == [(held.kind, outcome.value)]


def test_a_page_without_any_report_is_lost() -> None:
    assert score(side_by_side([FileTruth("a.pdf", (page("back"),))], [])).lost[0].outcome == "nothing"


def test_reports_must_be_of_pages_that_were_scanned_and_once_each() -> None:
    report = PageReport("a.pdf", 1, Outcome.BLANK, None)
    with pytest.raises(ValueError, match="nobody scanned"):
        side_by_side([], [report])
    with pytest.raises(ValueError, match="twice"):
        side_by_side(
            [FileTruth("a.pdf", (page("back"),))], [report, PageReport("a.pdf", 1, Outcome.BLANK, None)]
        )


YES, NO, ASK = frozenset({"yes"}), frozenset({"no"}), NOTHING


@pytest.mark.parametrize(
    ("papers", "withdrawn", "expected"),
    [
        ([Paper("p", {"web.work": YES}, {})], (), 0),
        ([Paper("p", {"web.work": YES}, {"web.work": YES})], (), 0),
        ([Paper("p", {"web.work": ASK}, {}), Paper("p", {"web.work": YES}, {})], (), 0),
        ([], (), 1),
        ([Paper("p", {"web.work": ASK}, {})], (), 1),
        ([Paper("q", {"web.work": YES}, {})], (), 1),
        ([Paper("p", {"web.work": YES}, {"web.work": NO})], (), 1),
        ([Paper("p", {"web.work": ASK}, {"web.work": YES})], (), 1),
        ([Paper("p", {"web.work": YES}, {}), Paper("p", {"web.work": NO}, {})], (), 1),
        ([Paper("p", {"web.work": YES}, {})], (("p", "web.work"),), 1),
    ],
)
def test_a_yes_needs_a_paper_that_says_so(papers: list[Paper], withdrawn: object, expected: int) -> None:
    def seen(acts_as: str) -> StatusReport:
        word = StatusWord.YES if acts_as == "yes" else StatusWord.NO
        told = PurposeStatus("web.work", word, acts_as, None, None, None)
        return StatusReport(datetime.now(UTC), date(2026, 9, 14), (PupilStatus("p", "Ada", "4B", (told,)),))

    assert unfounded(seen("yes"), papers, withdrawn) == expected
    assert unfounded(seen("no"), papers, withdrawn) == 0
