"""Where everything stands on the paper, whatever the wording: nothing overlaps, and the slip stays whole."""

from __future__ import annotations

import re
from itertools import combinations, pairwise, product

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from consentdesk.errors import KnownError
from consentdesk.model.form import FormDefinition, Labels, PupilPart, Question, Variant
from consentdesk.model.layout import A4, Box, FormLayout
from consentdesk.model.slip import Part
from consentdesk.printing.compose import compose
from consentdesk.printing.style import text_box

SCHOOL = "Hawthorn Primary School"
QUIET = 4 / 29  # of a code's side, on each side

ALL_VARIANTS = [
    Variant("en", large, stage, pupil_part)
    for large, stage, pupil_part in product((False, True), ("younger", "older"), (False, True))
]


def clashes(layout: FormLayout) -> list[str]:
    """What overlaps, leaves the paper or crowds a box, in words."""
    found = []
    for number, page in enumerate(layout.pages):
        texts = [text_box(run) for run in page.texts]
        codes = [place.box.grown(place.box.width * QUIET) for place in page.codes]
        spaces = [page.child] if page.child else []
        boxes: list[Box] = []
        if number == layout.slip.page:
            slip = layout.slip
            boxes = [box for pair in slip.pairs for box in (pair.yes, pair.no)]
            spaces += [slip.child, slip.typed_code, slip.signature, slip.date, slip.printed_name]
            spaces += [slip.relationship, slip.comment]
            spaces += [space for space in (slip.school_class, slip.pupil_signature) if space]
        # A hundredth of a millimetre of rounding is no overlap.
        solid = [box.grown(-0.01) for box in (*texts, *codes, *spaces, *boxes)]
        found += [f"page {number}: {a} on {b}" for a, b in combinations(solid, 2) if a.touches(b)]
        for box in boxes:
            around = box.grown(2.0 - 0.01)
            found += [f"page {number}: {text} crowds {box}" for text in texts if text.touches(around)]
            within = box.grown(-0.3)
            found += [f"page {number}: a line in {box}" for rule in page.rules if _crosses(rule, within)]
        for space in spaces:
            found += [f"page {number}: a line in {space}" for rule in page.rules if _crosses(rule, space)]
        paper = Box(8, 8, A4[0] - 8, A4[1] - 8)
        found += [f"page {number}: {box} leaves the paper" for box in solid if not paper.holds(box, 0.01)]
    return found


def _crosses(rule: object, box: Box) -> bool:
    x0, y0, x1, y1 = (getattr(rule, name) for name in ("x0", "y0", "x1", "y1"))
    return Box(min(x0, x1), min(y0, y1), max(x0, x1) + 1e-9, max(y0, y1) + 1e-9).touches(box)


def keeps_its_rules(layout: FormLayout) -> None:
    """What holds for every form on paper."""
    slip = layout.slip
    assert len(layout.pages) % 2 == 0
    assert clashes(layout) == []
    assert [place.part for place in layout.pages[slip.page].codes][-2:] == [Part.FIRST, Part.SECOND]
    for code in slip.codes:
        assert slip.outline.grown(-0.25).holds(code.grown(code.width * QUIET))
    (x0, y0), (x1, y1) = slip.codes[0].centre, slip.codes[1].centre
    assert abs(x1 - x0) > 150, "the codes stand at opposite corners"
    assert abs(y1 - y0) > slip.outline.height - 40
    for pair in slip.pairs:
        assert min(pair.yes.width, pair.yes.height, pair.no.width, pair.no.height) >= 4.999
        assert abs(pair.no.centre[0] - pair.yes.centre[0]) >= 9
    rows = [pair.yes.centre[1] for pair in slip.questions]
    assert all(below - above >= 8 for above, below in pairwise(rows))
    for box in (slip.child, slip.typed_code, slip.comment, slip.signature, *slip.text):
        assert slip.outline.holds(box)
    back = layout.pages[slip.page + 1]
    behind = [text_box(run) for run in back.texts] + [place.box for place in back.codes]
    assert all(box.y1 < slip.outline.y0 - 5 for box in behind), "nothing is printed behind the slip"


@pytest.mark.parametrize("form", ["image-use", "internet-access", "web-publication"])
@pytest.mark.parametrize("variant", ALL_VARIANTS, ids=str)
def test_every_shipped_form_keeps_the_rules_of_the_paper(
    forms: dict[str, FormDefinition], form: str, variant: Variant
) -> None:
    keeps_its_rules(compose(forms[form], variant, SCHOOL, "K7M2"))


@pytest.mark.parametrize("form", ["image-use", "internet-access", "web-publication"])
@pytest.mark.parametrize("pupil_part", [False, True])
@pytest.mark.parametrize("stage", ["younger", "older"])
def test_a_shipped_form_takes_one_sheet_in_ordinary_print(
    forms: dict[str, FormDefinition], form: str, pupil_part: bool, stage: str
) -> None:
    layout = compose(forms[form], Variant("en", False, stage, pupil_part), SCHOOL, "K7M2")
    assert (len(layout.pages), layout.slip.page) == (2, 0)


def test_large_print_has_the_slip_on_a_sheet_of_its_own_and_the_name_on_both(
    forms: dict[str, FormDefinition],
) -> None:
    layout = compose(forms["image-use"], Variant(large=True), SCHOOL, "K7M2")
    assert (len(layout.pages), layout.slip.page) == (4, 2)
    assert layout.pages[0].child is not None
    assert layout.pages[3].texts == ()
    assert min(run.size for run in layout.pages[0].texts) >= 16
    questions = [run.size for run in layout.pages[2].texts if run.role.startswith("image.")]
    assert min(questions) >= 16
    assert layout.slip.questions[0].yes.width == 7


def test_s1_s2_the_slip_is_complete_when_cut_off(forms: dict[str, FormDefinition]) -> None:
    """Rule S2: school, form, version, how to mark and every question stand inside the frame."""
    form = forms["image-use"]
    layout = compose(form, Variant(pupil_part=True, stage="older"), SCHOOL, "K7M2")
    inside = [run for run in layout.pages[0].texts if layout.slip.outline.holds(text_box(run))]
    words = " ".join(run.text for run in inside)
    for wanted in (
        form.title,
        SCHOOL,
        "Version K7M2",
        "Child",
        "Class",
        "Signed",
        "Date",
        "Name in capitals",
    ):
        assert wanted in words
    for question in form.asked:
        assert " ".join(run.text for run in inside if run.role == question.purpose) == question.text


def test_what_is_not_asked_is_not_printed(forms: dict[str, FormDefinition]) -> None:
    """Rule P4: a full name beside a picture ships switched off."""
    layout = compose(forms["image-use"], Variant(), SCHOOL, "K7M2")
    assert [pair.purpose for pair in layout.slip.questions] == [
        "image.in-school",
        "image.public-display",
        "image.website",
        "image.social-media",
        "image.print",
        "image.press",
        "image.video",
    ]
    assert "full name" not in " ".join(run.text for run in layout.pages[0].texts)


@pytest.mark.parametrize(
    ("variant", "pupil_questions"),
    [
        (Variant(pupil_part=False), []),
        (Variant(pupil_part=True), ["internet.rules"]),
    ],
)
def test_the_pupils_part_is_printed_where_asked_for(
    forms: dict[str, FormDefinition], variant: Variant, pupil_questions: list[str]
) -> None:
    """Rule A3."""
    slip = compose(forms["internet-access"], variant, SCHOOL, "K7M2").slip
    assert [pair.purpose for pair in slip.pupil_questions] == pupil_questions
    assert (slip.pupil_signature is not None) == bool(pupil_questions)
    rows = {pair.purpose: pair.yes.centre[1] for pair in slip.questions}
    assert all(pair.yes.centre[1] == rows[pair.purpose] for pair in slip.pupil_questions)


def test_p7_rules_follow_the_key_stage(forms: dict[str, FormDefinition]) -> None:
    """Rule P7."""

    def words(stage: str) -> str:
        layout = compose(forms["internet-access"], Variant(stage=stage), SCHOOL, "K7M2")
        return " ".join(run.text for page in layout.pages for run in page.texts)

    assert "grown-up" in words("younger")
    assert "grown-up" not in words("older")
    assert "member of staff" in words("older")


@pytest.mark.parametrize("language", ["cy", "ur"])
@pytest.mark.parametrize("pupil_part", [False, True])
def test_a_second_language_has_its_own_words_throughout(
    bilingual: FormDefinition, language: str, pupil_part: bool
) -> None:
    layout = compose(bilingual, Variant(language, pupil_part=pupil_part), SCHOOL, "K7M2")
    keeps_its_rules(layout)
    assert layout.language == language
    words = " ".join(run.text for page in layout.pages for run in page.texts)
    assert "website" not in words.replace("school website", "")
    titles = {translation.language: translation.title for translation in bilingual.translations}
    assert layout.title == titles[language]


def test_a_right_to_left_form_is_the_mirror_of_the_paper(bilingual: FormDefinition) -> None:
    there = compose(bilingual, Variant("ur"), SCHOOL, "K7M2").slip
    assert there.codes[0].x1 < 60
    assert there.codes[1].x0 > 150
    assert there.questions[0].yes.x0 > there.questions[0].no.x1
    assert there.signature.x0 > there.date.x1


def test_the_same_input_gives_the_same_layout(forms: dict[str, FormDefinition]) -> None:
    first, second = (
        msgspec.json.encode(compose(forms["image-use"], Variant(), SCHOOL, "K7M2")) for _ in range(2)
    )
    assert first == second
    assert msgspec.json.decode(first, type=FormLayout) == compose(
        forms["image-use"], Variant(), SCHOOL, "K7M2"
    )


def _asking(form: FormDefinition, texts: list[str], **changes: object) -> FormDefinition:
    questions = tuple(Question(f"try.q{at}", "A name", text) for at, text in enumerate(texts))
    return msgspec.structs.replace(form, questions=questions, **changes)


@pytest.mark.parametrize(
    ("change", "variant", "sentence"),
    [
        ({}, Variant("xx"), "has no language xx"),
        ({"texts": ["Yes? " * 60] * 12}, Variant(), "too many questions, or too long ones"),
        ({"letter": ("word " * 6000,)}, Variant(), "is longer than 6 pages"),
        ({"title": "Title " * 900}, Variant(), "is longer than 6 pages"),
        ({"title": "Forms 王"}, Variant(), "cannot be printed: 王 (U+738B)"),
        ({"labels": Labels(yes="Yes, " * 20, no="No, " * 20)}, Variant(), "leave no room for the questions"),
    ],
)
def test_what_cannot_be_printed_is_told_in_a_sentence(
    forms: dict[str, FormDefinition], change: dict[str, object], variant: Variant, sentence: str
) -> None:
    changes = {"texts": ["May we?"], **change}
    form = _asking(forms["image-use"], **changes)
    with pytest.raises(KnownError, match=re.escape(sentence)):
        compose(form, variant, SCHOOL, "K7M2")


def test_p6_a_question_without_its_reference_is_not_printed(forms: dict[str, FormDefinition]) -> None:
    """Rule P6."""
    question = Question("net.new", "New", "May your child use it?", needs_reference=True)
    form = msgspec.structs.replace(forms["internet-access"], questions=(question,))
    with pytest.raises(KnownError, match="needs a reference"):
        compose(form, Variant(), SCHOOL, "K7M2")
    named = msgspec.structs.replace(question, reference="RA 14, drawing tablets")
    layout = compose(msgspec.structs.replace(form, questions=(named,)), Variant(), SCHOOL, "K7M2")
    assert any("(RA 14, drawing tablets)" in run.text for run in layout.pages[0].texts)


words = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzÄéłŷ’-", min_size=1, max_size=18), min_size=1, max_size=40
).map(" ".join)
labels = st.builds(
    Labels,
    yes=st.sampled_from(["Yes", "Ydy", "Oui", "Jawohl, ja"]),
    no=st.sampled_from(["No", "Nac ydy", "Non", "Nein"]),
    parent=st.sampled_from(["Parent or carer", "Elternteil oder Vormund"]),
    pupil=st.sampled_from(["Pupil", "Schülerin oder Schüler"]),
    relationship=words,
    child=words,
    code=words,
    how_to_mark=words,
    school_class=st.sampled_from(["Class", "Klasse oder Gruppe der Kinder"]),
)


@st.composite
def definitions(draw: st.DrawFn) -> FormDefinition:
    """Forms of every length that a school could think of."""
    rules = draw(st.lists(words, max_size=9))
    return FormDefinition(
        id="try",
        family="other",
        title=draw(words),
        letter=tuple(draw(st.lists(words, min_size=1, max_size=8))),
        questions=tuple(
            Question(f"try.q{at}", "A name", text, pupil_too=draw(st.booleans()))
            for at, text in enumerate(draw(st.lists(words, min_size=1, max_size=12)))
        ),
        withdraw="You can change your mind.",
        rules={"younger": tuple(rules)} if rules else {},
        pupil_part=PupilPart(12, "Pupils answer too."),
        labels=draw(labels),
    )


@settings(max_examples=60)
@given(form=definitions(), school=words, large=st.booleans(), pupil_part=st.booleans())
def test_nothing_overlaps_whatever_the_wording(
    form: FormDefinition, school: str, large: bool, pupil_part: bool
) -> None:
    try:
        layout = compose(form, Variant("en", large, "younger", pupil_part), school, "K7M2")
    except KnownError:
        assume(False)
    keeps_its_rules(layout)
    assert [pair.purpose for pair in layout.slip.questions] == [question.purpose for question in form.asked]
