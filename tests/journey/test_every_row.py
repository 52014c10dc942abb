"""Every row of rule S4's table, from printed paper through the scanner to what holds: one pile, read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec
import numpy as np
import pytest

from consentdesk.model.consent import Returned
from consentdesk.model.form import FormDefinition
from consentdesk.model.slip import CodeKey, Part, payload, slip_of_typed
from consentdesk.printing.manifest import ManifestSlip
from consentdesk.services import forms
from consentdesk.services.confirm import confirm
from consentdesk.services.key_slip import Keyed, key_slip
from consentdesk.services.office import create_office
from consentdesk.services.people_changes import move
from consentdesk.services.print_forms import Printing, Whom, print_slips
from consentdesk.services.progress import finish
from consentdesk.services.read_report import PageReport, SlipReport
from consentdesk.services.read_scans import read_scans
from consentdesk.services.review import Verdict, decide, review_list
from consentdesk.services.slip_notes import name_other_child, proposed_for
from consentdesk.services.withdrawal_slips import print_withdrawal_slips
from consentdesk.store import ledger, school
from consentdesk.store.slots import FLOOR
from tests.journey import odd_pen
from tests.journey.neat_pen import Filling, Page, blank, fill_in, printed_pages, stranger, write_scans
from tests.services.made_up import SCHOOL, Clock, Desk

FORM = "web-publication"
WORK, NAME = "web.work", "web.first-name"
MEANT = Filling({WORK: "yes", NAME: "no"})
BOTH_YES = Filling({WORK: "yes", NAME: "yes"})
NOTHING = Filling({})

MARKS: dict[str, tuple[str, Callable[[Page, ManifestSlip], None]]] = {
    "two boxes marked": ("both-marked", lambda page, slip: _mark(page, slip, odd_pen.cross, odd_pen.cross)),
    "none marked": ("blank", lambda *_: None),
    "faint": ("faint", lambda page, slip: _mark(page, slip, odd_pen.faint, None)),
    "scribbled": ("scribbled", lambda page, slip: _mark(page, slip, odd_pen.scribbled, None)),
    "ringed": ("ringed", lambda page, slip: _mark(page, slip, odd_pen.ringed, None)),
    "stray line": ("stray", lambda page, slip: _mark(page, slip, odd_pen.stray, None)),
    "scribbled out": ("corrected", lambda page, slip: _mark(page, slip, odd_pen.cross, odd_pen.scribbled)),
}
"""What stands in the boxes of the first question, and the reason that a person is asked; it may be another one."""


def _mark(page: Page, slip: ManifestSlip, yes: odd_pen.Mark | None, no: odd_pen.Mark | None) -> None:
    question = slip.questions[0]
    for mark, box in ((yes, question.yes), (no, question.no)):
        if mark is not None:
            mark(page, box)


@dataclass
class Pile:
    """The school's desk, the printed pages, the sheets of the pile by name, and what became of each."""

    desk: Desk
    printed: dict[str, Page] = field(default_factory=dict)
    slips: dict[str, ManifestSlip] = field(default_factory=dict)
    sheets: dict[str, Page] = field(default_factory=dict)
    reports: dict[str, PageReport] = field(default_factory=dict)

    def print_for(self, name: str, definition: FormDefinition | None = None, *, large: bool = False) -> None:
        """Print a pupil's slip; its page and places are found by the pupil's first name."""
        target = self.desk.folder / f"{len(self.printed)}.pdf"
        form = definition or forms.the_forms(self.desk.office, [FORM])[0]
        done = finish(
            print_slips(self.desk.office, [(self.desk.pupil(name), form)], target, Printing(large=large))
        )
        pages = printed_pages(target)
        for page in done.manifest.pages:
            for slip in page.slips:
                self.slips[name], self.printed[name] = slip, pages[page.page - 1]
        self.printed[f"{name}’s letter"] = pages[0]

    def fill(self, sheet: str, filling: Filling, name: str = "") -> Page:
        """Lay a filled-in copy of a pupil's slip on the pile, under the name of the sheet."""
        name = name or sheet
        self.sheets[sheet] = fill_in(self.printed[name], self.slips[name], filling)
        return self.sheets[sheet]

    def slip(self, sheet: str) -> SlipReport:
        """What became of the one slip on a sheet."""
        (found,) = self.reports[sheet].slips
        return found

    def words(self, name: str) -> dict[str, str]:
        """What holds for a pupil."""
        return {purpose: status.word.value for purpose, status in self.desk.statuses(name).items()}


DAMAGED = tuple(odd_pen.DAMAGE)
OTHERS = (
    "Unsigned", "Halfblank", "Spoiled", "Twice", "Copied", "Keyed", "Struck", "Real", "Foreign", "Forged",
    "Unknown", "Older", "Moved", "First", "Second", "Large", "Comment", "Margin", "Withdrawn",
)  # fmt: skip


def _name(case: str) -> str:
    return case.title().replace(" ", "").replace("-", "")


@pytest.fixture(scope="module")
def pile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pile]:
    """A school, its slips printed and filled in, and the pile read once; nothing is decided or confirmed."""
    folder = tmp_path_factory.mktemp("every row")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSENTDESK_DATA", str(folder / "computer"))
        clock = Clock()
        office, _ = create_office(folder / "office", SCHOOL, "head", "made up words", clock=clock, cost=FLOOR)
        with office:
            made = Pile(Desk(office, clock, folder))
            _gather(made)
            _read(made)
            yield made


def _gather(pile: Pile) -> None:
    desk = pile.desk
    names = [*OTHERS, *map(_name, MARKS), *map(_name, DAMAGED)]
    rows = "".join(f"{name},Made-Up,4B,4\n" for name in names)
    desk.import_text(f"First name,Last name,Class,Year\n{rows}")
    plain = [name for name in names if name not in ("Large", "Withdrawn")]
    target = desk.folder / "all.pdf"
    form = forms.the_forms(desk.office, [FORM])[0]
    done = finish(print_slips(desk.office, [(desk.pupil(name), form) for name in plain], target, Printing()))
    pages = printed_pages(target)
    for page in done.manifest.pages:
        for slip in page.slips:
            name = slip.name.partition(" ")[0]
            pile.slips[name], pile.printed[name] = slip, pages[page.page - 1]
    for case, (_, draw) in MARKS.items():
        page = pile.fill(case, Filling({NAME: "no"}), _name(case))
        draw(page, pile.slips[_name(case)])
    for case, damage in odd_pen.DAMAGE.items():
        pile.sheets[case] = damage(pile.fill(case, MEANT, _name(case)))
    pile.fill("Unsigned", Filling(MEANT.answers, signed=False))
    pile.fill("Halfblank", Filling({WORK: "yes"}))
    pile.fill("Spoiled", Filling(MEANT.answers, spoiled=True))
    pile.fill("Twice", MEANT)
    pile.fill("Twice again", MEANT, "Twice")
    pile.fill("Copied", BOTH_YES)
    pile.fill("Copied otherwise", MEANT, "Copied")
    odd_pen.other_name(pile.fill("Struck", MEANT), pile.slips["Struck"])
    _other_codes(pile)
    pile.print_for("Large", large=True)
    _older_and_moved(pile)
    pile.sheets["two on one page"] = _together(pile)
    pile.sheets["bare back"] = blank()
    pile.sheets["somebody’s letter"] = stranger()
    pile.fill("Large", MEANT)
    pile.sheets["our letter"] = pile.printed["Large’s letter"]
    comment = pile.slips["Comment"].comment
    odd_pen.words(pile.fill("Comment", BOTH_YES), comment)
    odd_pen.in_the_margin(pile.fill("Margin", BOTH_YES), pile.slips["Margin"])
    _withdrawn(pile)


def _other_codes(pile: Pile) -> None:
    desk = pile.desk
    key, tag = school.current_code_key(desk.office.db), school.school(desk.office.db).tag
    forger = CodeKey(key.version, b"f" * 32)
    for sheet, signer, whose, slip_id in (
        ("Foreign", key, "ZZZZZZ", None), ("Forged", forger, tag, None), ("Unknown", key, tag, "0" * 10),
    ):  # fmt: skip
        slip = pile.slips[sheet]
        named = slip_id or slip_of_typed(slip.code) or ""
        first, second = (
            payload(signer, whose, slip.version, named, part) for part in (Part.FIRST, Part.SECOND)
        )
        odd_pen.other_codes(pile.fill(sheet, MEANT), slip, (first, second))


def _older_and_moved(pile: Pile) -> None:
    """Newer wording has been printed for somebody else; another pupil has changed class."""
    form = forms.the_forms(pile.desk.office, [FORM])[0]
    questions = tuple(
        msgspec.structs.replace(one, text=one.text.replace("May we", "Are we allowed to"))
        for one in form.questions
    )
    pile.print_for("Real", msgspec.structs.replace(form, questions=questions))
    pile.fill("Older", MEANT)
    move(pile.desk.office, "Moved", "5C")
    pile.fill("Moved", MEANT)


def _together(pile: Pile) -> Page:
    """Two slips, cut off, side by side on the glass."""
    sheet = blank()
    at = 30
    for name in ("First", "Second"):
        slip = pile.slips[name]
        page = fill_in(pile.printed[name], slip, MEANT)
        scale = page.shape[0] / 297
        top, bottom = round((slip.outline.y0 - 2) * scale), round((slip.outline.y1 + 2) * scale)
        part = page[top:bottom]
        sheet[at : at + len(part)] = part[: len(sheet) - at]
        at += len(part) + 40
    return np.rot90(sheet).copy()


def _withdrawn(pile: Pile) -> None:
    """A pupil whose yes counts, and the withdrawal slip that comes back."""
    desk = pile.desk
    pile.print_for("Withdrawn")
    key_slip(desk.office, pile.slips["Withdrawn"].code, Keyed({WORK: "yes", NAME: "yes"}, signed=True))
    target = desk.folder / "way back.pdf"
    whom = Whom(pupil=desk.pupil("Withdrawn").id)
    done = finish(print_withdrawal_slips(desk.office, [FORM], whom, target))
    pile.slips["Withdrawn"] = done.manifest.pages[0].slips[0]
    pile.printed["Withdrawn"] = printed_pages(target)[0]
    pile.fill("Withdrawn", Filling({WORK: "no"}))


def _read(pile: Pile) -> None:
    scans = pile.desk.folder / "scans.pdf"
    write_scans(scans, list(pile.sheets.values()))
    report = finish(read_scans(pile.desk.office, [scans])).report
    assert report.totals["pages"] == len(pile.sheets) == sum(report.totals.values()) - report.totals["pages"]
    pile.reports = dict(zip(pile.sheets, report.pages, strict=True))


def said(slip: SlipReport) -> Mapping[str, tuple[str, str | None]]:
    """What the machine makes of each question, and why it asks."""
    return {one.purpose: (one.answer, one.reason) for one in slip.answers}


@pytest.mark.parametrize("case", MARKS)
def test_s4_marks_that_may_mean_anything_are_reviewed_and_act_as_no(pile: Pile, case: str) -> None:
    slip = pile.slip(case)
    assert slip.outcome == "review"
    assert said(slip)[WORK][0] == "review"
    assert pile.words(_name(case)) == {WORK: "awaiting-review", NAME: "no"}
    assert slip.code in {one.code for one in review_list(pile.desk.office).review}


@pytest.mark.parametrize("case", ["two boxes marked", "none marked"])
def test_s4_what_they_look_like_is_said(pile: Pile, case: str) -> None:
    assert said(pile.slip(case))[WORK] == ("review", MARKS[case][0])


def test_s4_signed_with_one_question_blank(pile: Pile) -> None:
    assert said(pile.slip("Halfblank")) == {WORK: ("yes", None), NAME: ("review", "blank")}
    assert pile.words("Halfblank") == {WORK: "unconfirmed", NAME: "awaiting-review"}


def test_s4_marked_and_unsigned(pile: Pile) -> None:
    slip = pile.slip("Unsigned")
    assert (slip.outcome, slip.signed) == ("review", False)
    assert pile.words("Unsigned") == {WORK: "unsigned", NAME: "no"}


def test_s4_no_code_readable_and_then_keyed_by_hand(pile: Pile) -> None:
    slip = pile.slip("Spoiled")
    assert (slip.outcome, slip.reason, slip.pupil) == ("unmatched", "no-code", None)
    assert pile.words("Spoiled") == {WORK: "no-reply", NAME: "no-reply"}
    keyed = Keyed({WORK: "yes", NAME: "no"}, signed=True)
    key_slip(pile.desk.office, pile.slips["Spoiled"].code, keyed, reading=slip.reading)
    assert pile.words("Spoiled") == {WORK: "yes", NAME: "no"}
    returned = [event.what for event in ledger.events_of(pile.desk.office.db, pile.desk.pupil("Spoiled").id)]
    (kept,) = (what for what in returned if isinstance(what, Returned))
    assert (kept.how, bool(kept.image)) == ("keyed", True)


def test_s4_keyed_from_the_paper_alone_it_is_the_same(pile: Pile) -> None:
    key_slip(pile.desk.office, pile.slips["Keyed"].code, Keyed({WORK: "yes", NAME: "no"}, signed=True))
    assert pile.words("Keyed") == {WORK: "yes", NAME: "no"}


def test_s4_the_same_slip_twice_with_the_same_marks(pile: Pile) -> None:
    assert (pile.slip("Twice").outcome, pile.slip("Twice again").outcome) == ("read", "duplicate")
    assert pile.words("Twice") == {WORK: "unconfirmed", NAME: "no"}


def test_s4_the_same_slip_twice_with_different_marks(pile: Pile) -> None:
    other = pile.slip("Copied otherwise")
    assert (pile.slip("Copied").outcome, other.outcome, other.reason) == ("read", "review", "different-marks")
    assert pile.words("Copied") == {WORK: "unconfirmed", NAME: "no"}


def test_s4_another_name_written_in(pile: Pile) -> None:
    slip = pile.slip("Struck")
    assert slip.outcome == "review"
    assert pile.words("Struck") == {WORK: "awaiting-review", NAME: "no"}
    found = name_other_child(pile.desk.office, pile.slips["Struck"].code, "Real")
    assert found.other.legal_first == "Real"
    assert pile.words("Struck") == {WORK: "no-reply", NAME: "no-reply"}
    assert "yes" not in pile.words("Real").values()
    assert proposed_for(pile.desk.office, "Real") == (pile.slips["Struck"].code,)


@pytest.mark.parametrize(
    ("sheet", "reason"), [("Foreign", "other-school"), ("Forged", "forged"), ("Unknown", "unknown-slip")]
)
def test_s4_another_schools_a_forged_and_an_unknown_code(pile: Pile, sheet: str, reason: str) -> None:
    slip = pile.slip(sheet)
    assert (slip.outcome, slip.reason, slip.pupil) == ("refused", reason, None)
    assert pile.words(sheet) == {WORK: "no-reply", NAME: "no-reply"}
    assert slip.reading in {one.reading for one in review_list(pile.desk.office).tray}


def test_s4_an_older_version_and_a_class_since_left(pile: Pile) -> None:
    assert (pile.slip("Older").outcome, pile.slip("Older").flags) == ("read", ("older-version",))
    assert pile.words("Older") == {WORK: "unconfirmed", NAME: "no"}
    assert pile.slip("Moved").flags == ("class-left", "older-version")
    assert pile.words("Moved") == {WORK: "unconfirmed", NAME: "no"}


def test_s4_several_slips_on_one_page_backs_and_letters(pile: Pile) -> None:
    together = pile.reports["two on one page"]
    assert {slip.code for slip in together.slips} == {pile.slips[name].code for name in ("First", "Second")}
    for name in ("First", "Second"):
        assert "yes" not in pile.words(name).values()
        assert pile.words(name)[NAME] in ("no", "awaiting-review")
    found = [pile.reports[name].outcome for name in ("bare back", "somebody’s letter", "our letter")]
    assert found == ["blank", "foreign", "letter"]
    assert pile.words("Large") == {WORK: "unconfirmed", NAME: "no"}


@pytest.mark.parametrize("case", DAMAGED)
def test_s4_damaged_it_is_read_or_reviewed_and_never_misread(pile: Pile, case: str) -> None:
    slip = pile.slip(case)
    assert slip.code == pile.slips[_name(case)].code
    answers = said(slip)
    assert answers[WORK][0] in ("yes", "review")
    assert answers[NAME][0] in ("no", "review")
    words = pile.words(_name(case))
    assert words[WORK] in ("unconfirmed", "awaiting-review")
    assert words[NAME] in ("no", "awaiting-review")


@pytest.mark.parametrize("sheet", ["Comment", "Margin"])
def test_s4_handwriting_beside_the_boxes_is_read_by_a_person(pile: Pile, sheet: str) -> None:
    slip = pile.slip(sheet)
    assert (slip.outcome, slip.reason) == ("review", "comment")
    assert pile.words(sheet) == {WORK: "awaiting-review", NAME: "awaiting-review"}
    decide(pile.desk.office, pile.slips[sheet].code, Verdict(rest="yes", conditions={WORK: "no poems"}))
    assert pile.words(sheet) == {WORK: "yes", NAME: "yes"}
    assert pile.desk.statuses(sheet)[WORK].condition == "no poems"


def test_w1_a_withdrawal_slip_is_read_by_the_same_reader_and_stops_the_use_at_once(pile: Pile) -> None:
    slip = pile.slip("Withdrawn")
    assert (slip.outcome, slip.form) == ("read", "withdraw-web-publication")
    assert pile.words("Withdrawn") == {WORK: "withdrawn", NAME: "yes"}


def test_c4_confirming_the_batch_makes_the_clear_yeses_count_and_no_others(pile: Pile) -> None:
    finish(confirm(pile.desk.office))
    assert pile.words("Twice") == {WORK: "yes", NAME: "no"}
    assert pile.words("Unsigned") == {WORK: "unsigned", NAME: "no"}
    assert pile.words("Withdrawn") == {WORK: "withdrawn", NAME: "yes"}
    for case in MARKS:
        assert "yes" not in pile.words(_name(case)).values()
