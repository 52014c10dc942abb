"""What was read beside what was filled in: every page accounted for, and no answer wrong without asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from consentdesk.model.reading import Outcome
from consentdesk.scanning.rehearsal.fill_in import AnswerTruth, SlipTruth
from consentdesk.scanning.rehearsal.scan_files import FileTruth
from consentdesk.scanning.rehearsal.sheets import SheetTruth
from consentdesk.services.read_report import AnswerReport, PageReport, SlipReport
from consentdesk.services.status import StatusReport


class WrongAnswer(msgspec.Struct, frozen=True):
    """An answer that the machine gave by itself and should not have; `case` says what was drawn."""

    file: str
    page: int
    code: str
    purpose: str
    answer: str
    case: str
    level: str


class LostPage(msgspec.Struct, frozen=True):
    """A page whose outcome does not name what lay on it."""

    file: str
    page: int
    held: str
    outcome: str
    level: str


class Score(msgspec.Struct, frozen=True):
    """How a pile was read: `right`, `review`, `wrong_yes` and `wrong_no` add up to `answers`.

    `right` are answers that the machine gave by itself. `clear` counts the plain ticks and crosses that came
    out well, on slips that hold nothing back, and `clear_right` those of them that were read without asking.
    """

    pages: int
    accounted: int
    slips: int
    answers: int
    right: int
    review: int
    wrong_yes: int
    wrong_no: int
    clear: int
    clear_right: int
    wrong: tuple[WrongAnswer, ...]
    lost: tuple[LostPage, ...]


class ReadPage(NamedTuple):
    """One scanned page: what lies on it, and what was made of it (None where nothing was)."""

    file: str
    number: int
    truth: SheetTruth
    report: PageReport | None


def side_by_side(truths: Iterable[FileTruth], pages: Iterable[PageReport]) -> list[ReadPage]:
    """Each page that was scanned beside its report. Raises ValueError where a report is of no page of them."""
    reports: dict[tuple[str, int], PageReport] = {}
    for page in pages:
        if reports.setdefault((page.file, page.page), page) is not page:
            raise ValueError(f"{page.file}, page {page.page}, is reported twice")
    read = [
        ReadPage(file.name, number, truth, reports.pop((file.name, number), None))
        for file in truths
        for number, truth in enumerate(file.pages, start=1)
    ]
    if reports:
        raise ValueError(f"{len(reports)} pages are reported that nobody scanned")
    return read


def score(pages: Sequence[ReadPage]) -> Score:
    """Compare every page and answer with the truth."""
    counted: Counter[str] = Counter()
    wrong: list[WrongAnswer] = []
    for page in pages:
        for written, truth in page.truth.slips:
            counted["slips"] += 1
            given = _given(page.report, written.code)
            for pupils, one in _both_parts(truth):
                word = given.get((pupils, one.purpose), "review")
                verdict = _verdict(word, one)
                counted["answers"] += 1
                counted[verdict] += 1
                counted["clear"] += one.clear
                counted["clear_right"] += one.clear and verdict == "right"
                if verdict.startswith("wrong"):
                    wrong.append(
                        WrongAnswer(
                            page.file,
                            page.number,
                            written.code,
                            one.purpose,
                            word,
                            one.case,
                            page.truth.level,
                        )
                    )
    lost = [
        LostPage(
            page.file,
            page.number,
            page.truth.kind,
            page.report.outcome.value if page.report else "nothing",
            page.truth.level,
        )
        for page in pages
        if not _is_accounted_for(page)
    ]
    return Score(
        pages=len(pages),
        accounted=len(pages) - len(lost),
        slips=counted["slips"],
        answers=counted["answers"],
        right=counted["right"],
        review=counted["review"],
        wrong_yes=counted["wrong yes"],
        wrong_no=counted["wrong no"],
        clear=counted["clear"],
        clear_right=counted["clear_right"],
        wrong=tuple(wrong),
        lost=tuple(lost),
    )


def _both_parts(truth: SlipTruth) -> list[tuple[bool, AnswerTruth]]:
    """Every answer on a slip, and whether it is the pupil's."""
    return [(False, one) for one in truth.answers] + [(True, one) for one in truth.pupil_answers]


def _given(report: PageReport | None, code: str) -> Mapping[tuple[bool, str], str]:
    """What the machine answered on the slip with this code, by part and purpose; nothing where it is not named."""
    slip = next((slip for slip in report.slips if slip.code == code), None) if report else None
    if slip is None:
        return {}
    pupils: tuple[AnswerReport, ...] = () if slip.pupil_answers is UNSET else slip.pupil_answers
    return {(False, one.purpose): one.answer for one in slip.answers} | {
        (True, one.purpose): one.answer for one in pupils
    }


def _verdict(word: str, truth: AnswerTruth) -> str:
    if word == "review":
        return "review"
    return "right" if word in truth.allowed else f"wrong {word}"


_WITHOUT_SLIPS = frozenset({Outcome.FOREIGN, Outcome.LETTER, Outcome.BLANK})


def _is_accounted_for(page: ReadPage) -> bool:
    """Whether the report names what lay there: each slip by its code or as one in the tray, and no other slip.

    Somebody else's page in the tray is accounted for too: a person sees that it is not a slip.
    """
    if page.report is None:
        return False
    codes = {written.code for written, _ in page.truth.slips}
    named = [slip for slip in page.report.slips if slip.code in codes]
    in_tray = [slip for slip in page.report.slips if slip.code not in codes and _lies_in_tray(slip)]
    if len(named) + len(in_tray) != len(page.report.slips):
        return False
    if not codes:
        return bool(page.report.slips) or page.report.outcome in _WITHOUT_SLIPS
    return len(named) + len(in_tray) >= len(codes) or page.report.outcome is Outcome.UNREADABLE


def _lies_in_tray(slip: SlipReport) -> bool:
    return slip.outcome in (Outcome.UNMATCHED, Outcome.REFUSED)


class Paper(NamedTuple):
    """What one piece of paper allows to be recorded of its pupil, by purpose: the guardian's, the pupil's own."""

    pupil: str
    guardian: Mapping[str, frozenset[str]]
    own: Mapping[str, frozenset[str]]


def paper_of(pupil: str, truth: SlipTruth) -> Paper:
    """The paper of a scanned slip."""
    guardian, own = (
        {one.purpose: one.allowed for one in part} for part in (truth.answers, truth.pupil_answers)
    )
    return Paper(pupil, guardian, own)


def unfounded(seen: StatusReport, papers: Iterable[Paper], withdrawn: Container[tuple[str, str]]) -> int:
    """How many statuses act as yes without a paper that says so, against one that says no, or once withdrawn."""
    said: dict[tuple[str, str], list[frozenset[str]]] = {}
    own: dict[tuple[str, str], list[frozenset[str]]] = {}
    for paper in papers:
        for purpose, allowed in paper.guardian.items():
            said.setdefault((paper.pupil, purpose), []).append(allowed)
        for purpose, allowed in paper.own.items():
            own.setdefault((paper.pupil, purpose), []).append(allowed)

    def founded(asked: tuple[str, str]) -> bool:
        everything = said.get(asked, []) + own.get(asked, [])
        yes = any("yes" in allowed for allowed in said.get(asked, []))
        return yes and {"no"} not in everything and asked not in withdrawn

    acting = [
        (one.pupil, purpose.purpose)
        for one in seen.pupils
        for purpose in one.purposes
        if purpose.acts_as == "yes"
    ]
    return sum(not founded(asked) for asked in acting)
