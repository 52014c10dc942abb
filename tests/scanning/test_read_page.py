"""One page, one reading: every kind of page has its outcome, and no slip on it is lost (rules S3, S4)."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import segno

from consentdesk.model.decision import decide
from consentdesk.model.layout import Box
from consentdesk.model.reading import Outcome, PageReading, SlipReading
from consentdesk.model.slip import Part
from consentdesk.scanning.codes import find_codes, reduced
from consentdesk.scanning.read_page import read_page
from consentdesk.scanning.rehearsal.fill_in import rect
from consentdesk.scanning.rehearsal.paper import show_through
from consentdesk.scanning.rehearsal.strangers import blank_back, letter_page
from consentdesk.scanning.templates import Template
from consentdesk.scanning.zones import VIEW
from tests.scanning.made_up import (
    MM_PER_INCH,
    RED,
    Raster,
    Version,
    answer_all,
    cover,
    hide_codes,
    laid_on_glass,
    moved,
    payload_of,
    quarter_turn,
    turned_by,
    with_codes,
)

Templates = dict[str, Template]


def answers(slip: SlipReading) -> list[str]:
    return [answer.answer for answer in decide(slip).answers.values()]


def alternating(version: Version) -> list[str]:
    """What `answer_all` says."""
    return [("yes", "no")[at % 2] for at in range(len(version.layout.questions))]


def filled_in(version: Version, child: int = 0, *, dpi: float = 200) -> Raster:
    page = version.page(child, dpi=dpi)
    answer_all(page, version.layout, dpi=dpi)
    return page


def only_slip(reading: PageReading) -> SlipReading:
    assert reading.outcome is None
    (slip,) = reading.slips
    return slip


# Slips


@pytest.mark.parametrize("name", ["many", "pupil", "large", "few"])
def test_a_slip_is_read_whatever_its_form(
    name: str, versions: dict[str, Version], templates: Templates
) -> None:
    version = versions[name]
    reading = read_page(filled_in(version, 1), 7, templates)
    slip = only_slip(reading)
    assert reading.number == 7
    assert slip.codes == version.codes(1)
    assert slip.tag == version.tag
    assert answers(slip) == alternating(version)
    assert [pair.purpose for pair in slip.pairs] == [pair.purpose for pair in version.layout.questions]
    assert len(slip.pupil_pairs) == len(version.layout.pupil_questions)
    assert slip.fit > 0.95


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_resolution_and_turn_make_no_difference(
    dpi: int, turn: int, few: Version, templates: Templates
) -> None:
    page, _ = quarter_turn(filled_in(few, dpi=dpi), turn)
    assert answers(only_slip(read_page(page, 1, templates))) == ["yes", "no"]


def test_a_page_at_600_dpi_is_read_as_any_other(few: Version, templates: Templates) -> None:
    assert answers(only_slip(read_page(filled_in(few, dpi=600), 1, templates))) == ["yes", "no"]


def test_a_red_pen_on_a_colour_scan_does_not_vanish(few: Version, templates: Templates) -> None:
    page = few.page(colour=True)
    answer_all(page, few.layout, RED)
    assert answers(only_slip(read_page(page, 1, templates))) == ["yes", "no"]


def test_where_the_slip_lies_is_told_in_shares_of_the_page(few: Version, templates: Templates) -> None:
    for turn in (0, 1):
        page, matrix = quarter_turn(few.page(), turn)
        slip = only_slip(read_page(page, 1, templates))
        outline = few.layout.outline
        scale = 200 / MM_PER_INCH
        corners = [
            (outline.x0, outline.y0),
            (outline.x1, outline.y0),
            (outline.x1, outline.y1),
            (outline.x0, outline.y1),
        ]
        for (x, y), corner in zip(slip.quad, corners, strict=True):
            there = matrix @ (corner[0] * scale, corner[1] * scale, 1)
            assert (x * page.shape[1], y * page.shape[0]) == pytest.approx(tuple(there[:2]), abs=3)


def test_two_slips_cut_out_and_laid_on_the_glass_are_both_read(few: Version, templates: Templates) -> None:
    page = laid_on_glass([(filled_in(few, child), few.layout) for child in (0, 1)])
    reading = read_page(page, 1, templates)
    assert {slip.codes for slip in reading.slips} == {few.codes(0), few.codes(1)}
    assert [answers(slip) for slip in reading.slips] == [["yes", "no"]] * 2


def test_two_copies_of_one_slip_stay_two(few: Version, templates: Templates) -> None:
    blank = few.page()
    page = laid_on_glass([(filled_in(few), few.layout), (blank, few.layout)])
    reading = read_page(page, 1, templates)
    assert [slip.codes for slip in reading.slips] == [few.codes()] * 2
    assert sorted(map(answers, reading.slips)) == [["review", "review"], ["yes", "no"]]


# Codes that are not as they should be


@pytest.mark.parametrize("hidden", [0, 1])
def test_one_code_is_enough(hidden: int, few: Version, templates: Templates) -> None:
    page = filled_in(few)
    cover(page, few.layout.codes[hidden].grown(1), shade=110)
    slip = only_slip(read_page(page, 1, templates))
    assert slip.codes == (few.codes()[1 - hidden],)
    assert answers(slip) == ["yes", "no"]


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("name", ["many", "few", "large"])
def test_a_slip_without_a_readable_code_is_found_by_its_frame(
    name: str, cut: bool, versions: dict[str, Version], templates: Templates
) -> None:
    """It cannot be told whose it is: a person reads the typed code off a crop."""
    version = versions[name]
    page = filled_in(version)
    hide_codes(page, version.layout)
    if cut:
        page = laid_on_glass([(page, version.layout)])
    slip = only_slip(read_page(moved(page, turned_by(page, 2)), 1, templates))
    assert (slip.codes, slip.tag, slip.pairs) == ((), None, ())
    whole, typed = decoded(slip.crop), decoded(slip.typed_code_crop)
    assert whole.size > 4 * typed.size
    there = version.page(dpi=VIEW * MM_PER_INCH)
    x0, y0, x1, y1 = (round(edge * VIEW) for edge in rect(version.layout.typed_code))
    printed = there[y0:y1, x0:x1]
    likeness = cv2.matchTemplate(cv2.cvtColor(typed, cv2.COLOR_BGR2GRAY), printed, cv2.TM_CCOEFF_NORMED)
    assert likeness.max() > 0.6, "the typed code stands in its crop"


def test_a_slip_with_hidden_codes_is_not_lost_beside_one_that_is_read(
    few: Version, templates: Templates
) -> None:
    hidden = filled_in(few, 1)
    hide_codes(hidden, few.layout)
    for seed in range(4):
        page = laid_on_glass([(filled_in(few), few.layout), (hidden, few.layout)], seed=seed)
        reading = read_page(page, 1, templates)
        assert sorted(slip.codes for slip in reading.slips) == [(), few.codes(0)]
        unmatched = next(slip for slip in reading.slips if not slip.codes)
        assert unmatched.typed_code_crop
        assert unmatched.pairs == ()


def test_two_different_codes_on_one_slip_are_both_told(few: Version, templates: Templates) -> None:
    """A code cut from another slip and pasted over: whose it is will be refused, since the two contradict."""
    mixed = with_codes(few, (few.codes(0)[0], few.codes(1)[1]))
    slip = only_slip(read_page(filled_in(mixed), 1, templates))
    assert set(slip.codes) == {few.codes(0)[0], few.codes(1)[1]}


def changed(text: str) -> str:
    """The code with one letter copied wrong."""
    return text[:20] + ("0" if text[20] != "0" else "1") + text[21:]


def test_a_spoiled_code_is_told_and_nothing_is_read_from_its_slip(few: Version, templates: Templates) -> None:
    first, second = few.codes()
    spoiled = with_codes(few, (changed(first), changed(second)))
    reading = read_page(filled_in(spoiled), 1, templates)
    assert reading.slips
    assert {text for slip in reading.slips for text in slip.codes} <= {changed(first), changed(second)}
    for slip in reading.slips:
        assert (slip.tag, slip.pairs) == (None, ())
        assert decoded(slip.crop).size


def test_a_version_that_this_office_never_printed_is_told_by_its_codes_alone(
    few: Version, templates: Templates
) -> None:
    others = {tag: template for tag, template in templates.items() if tag != few.tag}
    slip = only_slip(read_page(filled_in(few), 1, others))
    assert slip.codes == few.codes()
    assert (slip.tag, slip.pairs) == (None, ())
    assert decoded(slip.crop).size


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("hidden", [(), (0,), (1,)])
def test_a_mirrored_page_is_refused_by_its_name(
    hidden: tuple[int, ...], turn: int, few: Version, templates: Templates
) -> None:
    page = filled_in(few)
    for code in hidden:
        cover(page, few.layout.codes[code].grown(1), shade=110)
    page, _ = quarter_turn(np.ascontiguousarray(page[:, ::-1]), turn)
    reading = read_page(page, 1, templates)
    assert (reading.outcome, reading.slips) == (Outcome.REFUSED, ())
    assert reading.problem is not None
    assert reading.problem.reason == "mirrored"
    assert "mirrored" in reading.problem.text


@pytest.mark.parametrize("strength", [0.04, 0.1, 0.18])
def test_a_code_that_shines_through_a_blank_back_makes_no_slip_of_it(
    strength: float, few: Version, templates: Templates
) -> None:
    front = filled_in(few)
    back = show_through(np.full_like(front, 255), front, strength)
    reading = read_page(back, 1, templates)
    assert reading.slips == ()
    assert reading.outcome in (Outcome.BLANK, Outcome.LETTER, Outcome.FOREIGN)


def test_a_slip_that_only_its_frame_tells_of_is_read_where_a_closer_look_finds_a_code(
    few: Version, templates: Templates
) -> None:
    """Both codes are too blurred for a quick reader; beside it on the glass lies a slip that is not."""
    dull, scale = filled_in(few, 1), 200 / MM_PER_INCH
    for code in few.layout.codes:
        x0, y0, x1, y1 = (round(edge * scale) for edge in rect(code.grown(1.0)))
        dull[y0:y1, x0:x1] = cv2.GaussianBlur(dull[y0:y1, x0:x1], (0, 0), 2.5)
    page = laid_on_glass([(filled_in(few), few.layout), (dull, few.layout)])
    assert {code.text for code in find_codes(*reduced(page))} == set(few.codes(0))
    reading = read_page(page, 1, templates)
    assert {code for slip in reading.slips for code in slip.codes} == {*few.codes(0), *few.codes(1)}
    assert len(reading.slips) == 2


# Pages without a slip


def test_a_letters_own_page_is_a_letter(versions: dict[str, Version], templates: Templates) -> None:
    large = versions["large"]
    reading = read_page(large.page(page=0), 3, templates)
    assert (reading.outcome, reading.slips) == (Outcome.LETTER, ())
    assert reading.letters == (payload_of(large.tag, 0, Part.LETTER),)


def test_a_letter_whose_slip_was_cut_off_is_a_letter(few: Version, templates: Templates) -> None:
    page = few.page()
    cover(page, Box(0, few.layout.outline.y0 - 3, 210, 297))
    assert read_page(page, 1, templates).outcome is Outcome.LETTER


def test_a_letters_code_beside_the_slip_is_told_too(few: Version, templates: Templates) -> None:
    reading = read_page(few.page(), 1, templates)
    assert reading.letters == (payload_of(few.tag, 0, Part.LETTER),)
    assert only_slip(reading).codes == few.codes()


@pytest.mark.parametrize("seed", range(4))
def test_a_strangers_letter_is_foreign(seed: int, templates: Templates) -> None:
    page = letter_page(np.random.default_rng(seed), 150, boxes=seed % 2 == 0)
    reading = read_page(page, 1, templates)
    assert (reading.outcome, reading.slips, reading.strangers) == (Outcome.FOREIGN, (), 0)


def test_a_strangers_code_is_counted(few: Version, templates: Templates) -> None:
    matrix = np.array(
        list(segno.make_qr("https://example.org/a-parcel", version=3).matrix_iter(scale=6, border=4))
    )
    code = np.where(matrix, 0, 255).astype(np.uint8)
    page = letter_page(np.random.default_rng(1), 150)
    page[60 : 60 + len(code), 800 : 800 + len(code)] = code
    reading = read_page(page, 1, templates)
    assert (reading.outcome, reading.strangers) == (Outcome.FOREIGN, 1)
    beside = filled_in(few)
    beside[40 : 40 + len(code), 600 : 600 + len(code)] = code
    reading = read_page(beside, 1, templates)
    assert (only_slip(reading).codes, reading.strangers) == (few.codes(), 1)


@pytest.mark.parametrize("shade", [255, 225, 190])
def test_a_blank_page_is_blank(shade: int, templates: Templates) -> None:
    rng = np.random.default_rng(4)
    grain = rng.normal(0, 4, (1170, 827))
    for page in (np.full((2339, 1654), shade, np.uint8), np.clip(shade + grain, 0, 255).astype(np.uint8)):
        assert read_page(page, 2, templates).outcome is Outcome.BLANK


def test_a_back_with_the_front_shining_through_is_no_slip(few: Version, templates: Templates) -> None:
    for seed in range(4):
        reading = read_page(blank_back(filled_in(few), np.random.default_rng(seed)), 1, templates)
        assert reading.outcome in (Outcome.BLANK, Outcome.FOREIGN)


@pytest.mark.parametrize("shape", [(1, 1), (20, 900), (40, 40), (1170, 827, 3)])
def test_a_page_of_any_shape_has_an_outcome(shape: tuple[int, ...], templates: Templates) -> None:
    for shade in (0, 128, 255):
        reading = read_page(np.full(shape, shade, np.uint8), 1, templates)
        assert reading.outcome in (Outcome.BLANK, Outcome.FOREIGN)


def test_an_office_that_has_printed_nothing_reads_pages_too(few: Version) -> None:
    assert read_page(letter_page(np.random.default_rng(1), 100), 1, {}).outcome is Outcome.FOREIGN
    assert only_slip(read_page(filled_in(few), 1, {})).codes == few.codes()


# Evidence


def decoded(crop: bytes) -> Raster:
    picture = cv2.imdecode(np.frombuffer(crop, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


def test_evidence_shows_the_whole_slip_upright_at_81_dpi(few: Version, templates: Templates) -> None:
    page, _ = quarter_turn(filled_in(few), 1)
    crop = decoded(only_slip(read_page(page, 1, templates)).crop)
    outline = few.layout.outline
    assert crop.shape[1] / MM_PER_INCH == pytest.approx((outline.width + 4) * 3.2 / MM_PER_INCH, abs=1)
    assert crop.shape[1] > crop.shape[0]
    code = crop[round(4 * 3.2) : round(26 * 3.2), round(166 * 3.2) : round(190 * 3.2)]
    assert code.mean() < 200, "the first code is at the top right"


def test_evidence_takes_about_30_kb(versions: dict[str, Version], templates: Templates) -> None:
    rng = np.random.default_rng(6)
    sizes = []
    for version in versions.values():
        for dpi in (200, 300):
            clean = filled_in(version, dpi=dpi)
            grainy = np.clip(clean * 0.9 + rng.normal(0, 6, clean.shape), 0, 255).astype(np.uint8)
            sizes += [len(only_slip(read_page(page, 1, templates)).crop) for page in (clean, grainy)]
    assert np.mean(sizes) < 31_000
    assert max(sizes) < 40_000


@pytest.mark.parametrize("colour", [True, False])
def test_evidence_is_in_colour_where_the_scan_is(colour: bool, few: Version, templates: Templates) -> None:
    page = few.page(colour=colour)
    answer_all(page, few.layout, RED)
    crop = decoded(only_slip(read_page(page, 1, templates)).crop).astype(int)
    most = np.abs(crop[:, :, 2] - crop[:, :, 0]).max()
    assert most > 60 if colour else most == 0
