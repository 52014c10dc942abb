"""Signature, comment, margin and name: what was written counts, and what the scanner or the paper did does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PIL import Image

from consentdesk.model.decision import decide
from consentdesk.model.layout import Box
from consentdesk.model.reading import MarkKind, Presence, SlipReading
from consentdesk.scanning.read_page import read_page
from consentdesk.scanning.rehearsal.fill_in import rect
from consentdesk.scanning.rehearsal.hand import INKS, draw_hand, pressed
from consentdesk.scanning.rehearsal.levels import LevelName
from consentdesk.scanning.rehearsal.pen import Canvas
from consentdesk.scanning.rehearsal.scanner import scan
from consentdesk.scanning.rehearsal.writing import initial, sign, strike_name, write, write_date
from tests.scanning.made_up import (
    BLUE,
    MM_PER_INCH,
    RED,
    STEADY,
    Raster,
    Version,
    answer_all,
    cover,
    cross,
    draw,
    inside,
    put_signature,
    put_words,
    tick,
)

PRESENT, ABSENT, UNSURE = Presence.PRESENT, Presence.ABSENT, Presence.UNSURE
FIELDS = ("signature", "date", "printed_name", "relationship", "comment", "margin", "struck_out")
DPI = 200
PALE = pressed(replace(STEADY, ink=INKS["faint pencil"], width_mm=0.5), 0.17)


def read(page: Raster, version: Version) -> SlipReading:
    (slip,) = read_page(page, 1, {version.tag: version.ready}).slips
    return slip


def written(slip: SlipReading) -> dict[str, Presence]:
    """The fields that hold anything or may."""
    every = {name: getattr(slip, name) for name in FIELDS}
    return {name: presence for name, presence in every.items() if presence is not ABSENT}


def shaded(page: Raster, box: Box, share: float) -> None:
    """Darken a part of the page, as dirt on the sensor or a fold does."""
    scale = DPI / MM_PER_INCH
    part = page[round(box.y0 * scale) : round(box.y1 * scale), round(box.x0 * scale) : round(box.x1 * scale)]
    part[:] = (part * share).astype(np.uint8)


# Fields


@pytest.mark.parametrize("name", ["many", "pupil", "large", "few"])
def test_nothing_is_written_on_a_printed_slip(name: str, versions: dict[str, Version]) -> None:
    """The form's own words, the child's name, the class and the codes are no handwriting."""
    version = versions[name]
    for child in range(3):
        slip = read(version.page(child), version)
        assert written(slip) == {}
        assert slip.pupil_signature is (ABSENT if version.layout.pupil_signature else None)
        assert {box.kind for pair in slip.pairs + slip.pupil_pairs for box in (pair.yes, pair.no)} == {
            MarkKind.EMPTY
        }


@pytest.mark.parametrize("seed", range(8))
def test_a_signature_is_seen_whoever_signs(seed: int, many: Version) -> None:
    page, rng = many.page(), np.random.default_rng(seed)
    put = initial if seed % 4 == 3 else sign
    put(Canvas(page, DPI), rect(many.layout.signature), "Ann Carter", draw_hand(rng), rng)
    assert read(page, many).signature is PRESENT


def test_everything_filled_in_is_seen_and_nothing_else(many: Version) -> None:
    page, layout = many.page(colour=True), many.layout
    answer_all(page, layout, RED)
    put_words(page, layout.printed_name, "ANN CARTER", RED)
    put_words(page, layout.relationship, "mother", RED)
    write_date(Canvas(page, DPI), rect(layout.date), date(2026, 9, 14), RED, np.random.default_rng(1))
    slip = read(page, many)
    assert written(slip) == dict.fromkeys(("signature", "date", "printed_name", "relationship"), PRESENT)


def test_a_pupils_signature_is_the_pupils_own(versions: dict[str, Version]) -> None:
    pupil = versions["pupil"]
    assert pupil.layout.pupil_signature is not None
    page = pupil.page()
    put_signature(page, pupil.layout.pupil_signature)
    slip = read(page, pupil)
    assert (slip.signature, slip.pupil_signature) == (ABSENT, PRESENT)
    page = pupil.page()
    put_signature(page, pupil.layout.signature)
    slip = read(page, pupil)
    assert (slip.signature, slip.pupil_signature) == (PRESENT, ABSENT)


def test_a_cross_for_a_signature_is_something_written(many: Version) -> None:
    page, field = many.page(), many.layout.signature
    draw(page, cross(Box(field.x0 + 5, field.y0 + 1, field.x0 + 12, field.y1 - 1)), BLUE)
    assert read(page, many).signature is not ABSENT


@pytest.mark.parametrize(
    ("stroke", "presence"),
    [
        pytest.param([(0.05, 0.6), (0.9, 0.5)], UNSURE, id="one straight line"),
        pytest.param([(0.3, 0.2), (0.31, 0.8)], UNSURE, id="a short stroke"),
        pytest.param([(0.3, 0.5), (0.301, 0.5)], ABSENT, id="a speck"),
    ],
)
def test_what_may_be_a_signature_is_left_to_a_person(
    stroke: list[tuple[float, float]], presence: Presence, many: Version
) -> None:
    page = many.page()
    draw(page, [inside(many.layout.signature, *stroke)], BLUE)
    assert read(page, many).signature is presence


@pytest.mark.parametrize("text", ["Please ring me first.", "only in class", "no", "n/a"])
def test_a_comment_is_seen(text: str, many: Version) -> None:
    page = many.page()
    put_words(page, many.layout.comment, text)
    assert written(read(page, many)) == {"comment": PRESENT}


@pytest.mark.parametrize("text", ["not her face please", "no"])
def test_a_comment_in_small_letters_of_a_broad_pen_is_not_passed_over(text: str, many: Version) -> None:
    page, field = many.page(), many.layout.comment
    felt = replace(STEADY, ink=INKS["black felt tip"], width_mm=0.9)
    write(Canvas(page, DPI), rect(field), text, felt, np.random.default_rng(2), height_mm=2.6)
    assert read(page, many).comment is not ABSENT


@pytest.mark.parametrize(
    "line",
    [
        pytest.param([(0.1, 0.5), (0.9, 0.45)], id="level"),
        pytest.param([(0.2, 0.9), (0.6, 0.1)], id="aslant"),
        pytest.param([(0.5, 0.1), (0.52, 0.5), (0.53, 0.9)], id="the rim of a cup"),
    ],
)
def test_a_line_through_the_comment_space_is_no_comment(
    line: list[tuple[float, float]], many: Version
) -> None:
    page = many.page()
    draw(page, [inside(many.layout.comment, *line)], BLUE)
    assert written(read(page, many)) == {}


def test_several_strokes_in_the_comment_space_may_be_a_comment(many: Version) -> None:
    """What a bad scan leaves of letters are strokes, none of which is a letter by itself."""
    page, field = many.page(), many.layout.comment
    for x in range(4):
        draw(page, [inside(field, (0.1 + 0.05 * x, 0.3 + 0.1 * (x % 2)), (0.11 + 0.05 * x, 0.7))], BLUE)
    assert read(page, many).comment is not ABSENT


def test_a_faint_pencil_that_filled_in_the_slip_has_signed_it(many: Version) -> None:
    page = many.page()
    for place in (many.layout.signature, many.layout.printed_name):
        sign(Canvas(page, DPI), rect(place), "Ann Carter", PALE, np.random.default_rng(3))
    assert read(page, many).signature is PRESENT


def test_a_faint_shape_by_itself_is_no_signature(many: Version) -> None:
    """A stain, or what shines through from the back, while the name is written with an ordinary pen."""
    page = many.page()
    sign(Canvas(page, DPI), rect(many.layout.signature), "Ann Carter", PALE, np.random.default_rng(3))
    put_words(page, many.layout.printed_name, "ANN CARTER")
    assert read(page, many).signature is not PRESENT


@pytest.mark.parametrize("level", ["worn", "rough", "phone"])
@pytest.mark.parametrize("seed", range(4))
def test_no_damage_signs_a_slip(level: LevelName, seed: int, many: Version) -> None:
    """Everything is filled in but the signature, on paper that was stained, folded and scanned badly."""
    page, layout, rng = many.page(), many.layout, np.random.default_rng(seed)
    for pair in layout.questions:
        draw(page, tick(pair.yes), BLUE)
    put_words(page, layout.printed_name, "ANN CARTER")
    put_words(page, layout.relationship, "mother")
    seen = read_page(scan(page, DPI, level, rng).image, 1, {many.tag: many.ready})
    assert all(slip.signature is not PRESENT for slip in seen.slips)


def test_a_faint_shape_among_others_all_over_the_slip_is_no_signature(many: Version) -> None:
    """As the edge of a shadow is, on a scan made of dots: it runs through the fields and everything else."""
    page, outline = many.page(), many.layout.outline
    for place in (many.layout.signature, many.layout.printed_name):
        sign(Canvas(page, DPI), rect(place), "Ann Carter", PALE, np.random.default_rng(3))
    for y in (140.0, 150.0, 171.0):
        put_words(page, (outline.x0 + 50, y, outline.x0 + 140, y + 7), "the paper is restless here", PALE)
    assert read(page, many).signature is not PRESENT


# The margin


def all_ticked(version: Version) -> Raster:
    """A slip with a plain yes to everything, signed."""
    page = version.page()
    for pair in version.layout.questions:
        draw(page, tick(pair.yes), BLUE)
    put_signature(page, version.layout.signature)
    return page


@pytest.mark.parametrize("text", ["No", "only", "website only"])
@pytest.mark.parametrize("row", [0, 3, 6])
def test_a_word_before_the_boxes_makes_that_question_doubtful(row: int, text: str, many: Version) -> None:
    page, pair = all_ticked(many), many.layout.questions[row]
    put_words(page, (pair.yes.x0 - 24, pair.yes.y0, pair.yes.x0 - 2, pair.yes.y1), text)
    assert_doubted(read(page, many), row)


@pytest.mark.parametrize("text", ["No", "Yes", "only"])
@pytest.mark.parametrize("gap", [1.0, 2.0])
@pytest.mark.parametrize("row", [0, 4])
def test_a_word_behind_the_boxes_makes_that_question_doubtful(
    row: int, gap: float, text: str, many: Version
) -> None:
    """Squeezed in before the frame, or over it."""
    page, pair = all_ticked(many), many.layout.questions[row]
    put_words(page, (pair.no.x1 + gap, pair.no.y0, pair.no.x1 + gap + 8, pair.no.y1), text)
    assert_doubted(read(page, many), row)


@pytest.mark.parametrize("row", [0, 3])
def test_a_condition_written_over_the_question_is_seen(row: int, many: Version) -> None:
    """Though the form's own letters hide most of it."""
    page, pair = all_ticked(many), many.layout.questions[row]
    put_words(page, (35, pair.yes.y0 - 2, 100, pair.yes.y0 + 3.6), "website only please, never her face")
    slip = read(page, many)
    assert slip.margin is not ABSENT


def assert_doubted(slip: SlipReading, row: int) -> None:
    """That question is asked, by itself or with the whole sheet, and the questions far from it are not touched."""
    decision = decide(slip)
    purposes = [pair.purpose for pair in slip.pairs]
    assert decision.answers[purposes[row]].answer == "review"
    for other, pair in enumerate(slip.pairs):
        if abs(other - row) > 1:
            assert {pair.yes.kind, pair.no.kind} <= {MarkKind.EMPTY, MarkKind.TICK, MarkKind.CROSS}


def test_a_sentence_in_the_margin_is_a_matter_of_the_whole_sheet(many: Version) -> None:
    page, child = many.page(), many.layout.child
    answer_all(page, many.layout)
    put_words(page, (60, child.y1 + 1.5, 150, child.y1 + 7), "not with his full name please")
    slip = read(page, many)
    assert slip.margin is not ABSENT
    assert all(answer.answer != "yes" for answer in decide(slip).answers.values())


@pytest.mark.parametrize("text", ["no", "OK", "N/A", "ask me"])
@pytest.mark.parametrize("ink", ["black ballpoint", "blue felt tip", "pencil"])
@pytest.mark.parametrize("place", [(70.0, 141.0), (150.0, 140.0), (158.0, 172.0)])
def test_the_shortest_word_in_the_margin_is_seen(
    place: tuple[float, float], ink: str, text: str, many: Version
) -> None:
    page, (x, y) = many.page(), place
    answer_all(page, many.layout)
    hand = replace(STEADY, ink=INKS[ink], width_mm=0.9 if "felt" in ink else 0.45)
    write(Canvas(page, DPI), (x, y, x + 30, y + 6), text, hand, np.random.default_rng(6), height_mm=2.8)
    assert read(page, many).margin is not ABSENT


@pytest.mark.parametrize(
    "line",
    [
        pytest.param([(66, 150), (110, 143)], id="a slip of the pen"),
        pytest.param([(70, 142), (80, 146), (95, 148), (112, 147)], id="the rim of a cup"),
        pytest.param([(100, 141), (101, 152)], id="a part of a streak"),
    ],
)
def test_a_line_on_bare_paper_says_nothing(line: list[tuple[float, float]], many: Version) -> None:
    page = all_ticked(many)
    draw(page, [line], BLUE)
    slip = read(page, many)
    assert slip.margin is ABSENT
    assert all(answer.answer == "yes" for answer in decide(slip).answers.values())


def pupils_answers(version: Version) -> Raster:
    """Everything ticked yes by both, and signed by both."""
    page, layout = version.page(), version.layout
    assert layout.pupil_signature is not None
    for pair in layout.pairs:
        draw(page, tick(pair.yes), BLUE)
    put_signature(page, layout.signature)
    put_signature(page, layout.pupil_signature)
    return page


def test_a_ring_round_the_pupils_box_is_no_doubt_of_the_answer_before_it(
    versions: dict[str, Version],
) -> None:
    version = versions["pupil"]
    page, pair = pupils_answers(version), version.layout.pupil_questions[0]
    x, y = (pair.yes.x0 + pair.yes.x1) / 2, (pair.yes.y0 + pair.yes.y1) / 2
    turns = np.linspace(0, 6.2, 40)
    draw(
        page,
        [list(zip((x + 6.5 * np.cos(turns)).tolist(), (y + 5.5 * np.sin(turns)).tolist(), strict=True))],
        BLUE,
    )
    slip = read(page, version)
    before = next(one for one in slip.pairs if one.purpose == pair.purpose)
    assert before.yes.kind is MarkKind.TICK
    own = next(one for one in slip.pupil_pairs if one.purpose == pair.purpose)
    assert own.yes.kind not in (MarkKind.TICK, MarkKind.CROSS)


def test_a_word_before_the_pupils_boxes_is_a_doubt_of_both_answers(versions: dict[str, Version]) -> None:
    """It stands over the guardian's boxes, and may be meant for either."""
    version = versions["pupil"]
    page, pair = pupils_answers(version), version.layout.pupil_questions[0]
    put_words(page, (pair.yes.x0 - 26, pair.yes.y0, pair.yes.x0 - 1.5, pair.yes.y1), "website only")
    slip = read(page, version)
    decision = decide(slip)
    assert decision.pupil_answers is not None
    assert decision.answers[pair.purpose].answer == "review"
    assert decision.pupil_answers[pair.purpose].answer == "review"


def test_what_is_written_above_the_slip_is_the_letters_affair(many: Version) -> None:
    page, outline = many.page(), many.layout.outline
    put_words(page, (30, outline.y0 - 12, 120, outline.y0 - 6), "thank you")
    assert written(read(page, many)) == {}


def test_a_ticks_long_tail_is_no_writing(many: Version) -> None:
    page, pair = many.page(), many.layout.questions[2]
    put_signature(page, many.layout.signature)
    draw(page, [inside(pair.yes, (0.1, 0.45), (0.4, 0.9), (1.6, -0.7))], BLUE)
    slip = read(page, many)
    assert written(slip) == {"signature": PRESENT}
    assert slip.pairs[2].yes.kind is MarkKind.TICK


def test_a_slip_that_is_crossed_out_gives_no_yes(many: Version) -> None:
    page, outline = many.page(), many.layout.outline
    answer_all(page, many.layout)
    draw(page, [[(outline.x0 - 3, outline.y0 + 4), (outline.x1 + 3, outline.y1 - 4)]], BLUE)
    assert all(answer.answer != "yes" for answer in decide(read(page, many)).answers.values())


# The child's name


@pytest.mark.parametrize("seed", range(4))
def test_a_name_that_was_struck_out_for_another_is_seen(seed: int, many: Version) -> None:
    page, child = many.page(), many.layout.child
    name = (child.x0, child.y0, child.x0 + 32, child.y0 + 4.6)
    strike_name(Canvas(page, DPI), name, "Ben Carter", BLUE, np.random.default_rng(seed))
    slip = read(page, many)
    assert slip.struck_out is PRESENT
    assert "struck-out" in decide(slip).doubts


@pytest.mark.parametrize("child", range(3))
def test_printed_names_are_not_struck_out(child: int, versions: dict[str, Version]) -> None:
    for version in versions.values():
        for dpi in (150, 300):
            assert read(version.page(child, dpi=dpi), version).struck_out is ABSENT


def test_a_name_that_is_gone_is_a_doubt(many: Version) -> None:
    page = many.page()
    cover(page, many.layout.child.grown(1))
    assert read(page, many).struck_out is UNSURE


# What the scanner and the paper do


@pytest.mark.parametrize("way", [Image.Dither.ORDERED, Image.Dither.FLOYDSTEINBERG])
@pytest.mark.parametrize("paper", [200, 235])
def test_the_dots_of_a_one_bit_scan_are_no_writing(paper: int, way: Image.Dither, many: Version) -> None:
    page = (many.page() * (paper / 255)).astype(np.uint8)
    dots = np.asarray(Image.fromarray(page).convert("1", dither=way).convert("L"), np.uint8)
    assert written(read(dots, many)) == {}


@pytest.mark.parametrize("shift", [0.8, -1.2])
def test_print_that_slipped_at_a_crease_is_no_writing(shift: float, many: Version) -> None:
    page = many.page()
    at = round(200 * DPI / MM_PER_INCH)
    page[at:] = np.roll(page[at:], round(shift * DPI / MM_PER_INCH), axis=1)
    slip = read(page, many)
    assert (slip.signature, slip.comment, slip.margin) == (ABSENT, ABSENT, ABSENT)


@pytest.mark.parametrize("x", [30.0, 60.0, 100.0, 150.0])
def test_a_feeders_streak_down_the_page_is_no_writing(x: float, many: Version) -> None:
    page = many.page()
    shaded(page, Box(x, 0, x + 0.25, 297), 0.4)
    assert written(read(page, many)) == {}


@pytest.mark.parametrize("y", [145.0, 170.0, 240.0, 262.0])
def test_a_fold_across_the_slip_is_no_writing(y: float, many: Version) -> None:
    page = many.page()
    shaded(page, Box(0, y, 210, y + 0.4), 0.6)
    assert written(read(page, many)) == {}


@pytest.mark.parametrize("x", [60.0, 100.0])
def test_a_signature_under_a_streak_is_still_seen(x: float, many: Version) -> None:
    page = many.page()
    put_signature(page, many.layout.signature)
    shaded(page, Box(x, 0, x + 0.25, 297), 0.4)
    assert written(read(page, many)) == {"signature": PRESENT}


def test_a_fold_through_the_boxes_makes_no_answer(many: Version) -> None:
    pair = many.layout.questions[1]
    page = many.page()
    put_signature(page, many.layout.signature)
    middle = (pair.yes.y0 + pair.yes.y1) / 2
    shaded(page, Box(0, middle, 210, middle + 0.4), 0.5)
    slip = read(page, many)
    assert decide(slip).answers[pair.purpose].answer == "review"


def test_the_shadow_of_a_hand_is_no_writing(many: Version) -> None:
    page = many.page()
    shaded(page, Box(0, 200, 120, 297), 0.7)
    assert written(read(page, many)) == {}
