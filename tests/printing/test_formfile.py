"""Form definitions: what ships, what a school may write, and the sentence for every fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.form import FormDefinition
from consentdesk.printing.formfile import load_definition, parse_definition

SMALL = """
id = "museum-trip"
family = "other"
title = "Museum"
letter = ["Dear parent or carer,", "We plan a visit."]
withdraw = "You can change your mind at any time."

[rules]
younger = ["Stay with your group."]

[pupil_part]
from_age = 12
text = "Pupils answer too."

[[questions]]
purpose = "museum.visit"
name = "Visit"
text = "May your child come along?"
pupil_too = true

[[questions]]
purpose = "museum.film"
name = "Film at the museum"
text = "May the museum film your child?"
asked = false

[[translations]]
language = "cy"
title = "Amgueddfa"
letter = ["Annwyl riant,"]
withdraw = "Gallwch newid eich meddwl."
pupil_part = "Disgyblion hefyd."

[translations.questions]
"museum.visit" = "A gaiff eich plentyn ddod?"

[translations.rules]
younger = ["Arhoswch gyda'ch grŵp."]
"""


def test_p1_the_shipped_forms_ask_what_the_command_line_promises(forms: dict[str, FormDefinition]) -> None:
    """Rules P1, P3, P4, P6: families, purposes, and what is switched off."""
    asked = {form.id: [question.purpose for question in form.asked] for form in forms.values()}
    assert asked == {
        "internet-access": ["internet.rules", "internet.access"],
        "web-publication": ["web.work", "web.first-name"],
        "image-use": [
            f"image.{channel}"
            for channel in (
                "in-school",
                "public-display",
                "website",
                "social-media",
                "print",
                "press",
                "video",
            )
        ],
    }
    off = {question.purpose for form in forms.values() for question in form.questions if not question.asked}
    optional = {"internet.email-account", "internet.video-conferencing", "internet.new-technology"}
    assert off == {"image.full-name"} | optional
    families = {form.id: form.family for form in forms.values()}
    assert families == {"internet-access": "internet", "web-publication": "web", "image-use": "image"}


def test_only_reading_the_rules_is_an_acknowledgement(forms: dict[str, FormDefinition]) -> None:
    """Rules P2 and P5."""
    agreements = [
        question.purpose
        for form in forms.values()
        for question in form.questions
        if question.basis == "agreement"
    ]
    assert agreements == ["internet.rules"]


def test_publicity_asks_the_pupil_too(forms: dict[str, FormDefinition]) -> None:
    """Rule A3: every picture that leaves the school's own rooms needs the pupil's answer as well."""
    alone = {question.purpose for question in forms["image-use"].questions if not question.pupil_too}
    assert alone == {"image.in-school"}
    assert all(form.pupil_part and form.pupil_part.from_age == 12 for form in forms.values())


@pytest.mark.parametrize("key", ["public", "withdraw", "monitoring", "complaints"])
def test_every_shipped_form_says_what_it_must(forms: dict[str, FormDefinition], key: str) -> None:
    """Rule P7."""
    for form in forms.values():
        assert len(getattr(form, key)) > 40, (form.id, key)
        assert {"younger", "older"} == set(form.rules)


def test_the_shipped_wording_can_be_read_at_nine(forms: dict[str, FormDefinition]) -> None:
    """The automated readability index of every letter stays within the years that a nine-year-old has been taught."""
    for form in forms.values():
        texts = [*form.letter[1:], form.public, form.withdraw, form.monitoring, form.complaints]
        texts += [question.text for question in form.questions] + [
            rule for rules in form.rules.values() for rule in rules
        ]
        whole = " ".join(texts)
        words = re.findall(r"[\w’-]+", whole)
        sentences = len(re.findall(r"[.?!:](?:\s|$)", whole))
        letters = sum(len(word) for word in words)
        index = 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43
        assert index < 5, (form.id, round(index, 2))


def test_p2_a_question_is_one_short_question_that_yes_permits(forms: dict[str, FormDefinition]) -> None:
    """Rule P2: nothing bundled, nothing to opt out of."""
    for form in forms.values():
        for question in form.questions:
            assert question.text.count("?") == 1
            assert question.text.endswith("?")
            assert question.text.startswith(("May ", "Have you read "))
            assert len(question.text) <= 90


def test_a_school_may_write_a_form_of_its_own() -> None:
    form = parse_definition(SMALL, "museum.toml")
    assert form.languages == ("en", "cy")
    assert [question.purpose for question in form.asked] == ["museum.visit"]


def edited(old: str, new: str) -> Callable[[], str]:
    """A function that gives the small form with `old` replaced."""

    def text() -> str:
        assert old in SMALL
        return SMALL.replace(old, new, 1)

    return text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (edited('title = "Museum"', ""), ["lacks the key title"]),
        (edited('name = "Visit"', ""), ["lacks the key name", "questions number 1"]),
        (edited('name = "Visit"', 'nmae = "Visit"'), ["key nmae", "questions number 1"]),
        (edited('title = "Museum"', 'title = "Museum"\ncolour = "red"'), ["key colour"]),
        (edited('title = "Museum"', "title = 3"), ["a whole number where title must be text"]),
        (edited("asked = false", 'asked = "no"'), ["text where questions number 2.asked must be true or false"]),
        (edited('letter = ["Dear parent or carer,", "We plan a visit."]', 'letter = "Dear"'),
         ["text where letter must be a list"]),
        (edited('letter = ["Dear parent or carer,", "We plan a visit."]', 'letter = [" "]'), ["empty letter"]),
        (edited("from_age = 12", 'from_age = "twelve"'), ["pupil_part.from_age must be a whole number"]),
        (edited("from_age = 12", "from_age = 120"), ["age 120", "pupil_part.from_age"]),
        (edited('"other"', '"pets"'), ["value pets", "family"]),
        (edited('id = "museum-trip"', 'id = "Museum Trip"'), ["id that is not fit", "Museum Trip"]),
        (edited('purpose = "museum.visit"', 'purpose = "visit"'), ["purpose that is not fit", "questions number 1"]),
        (edited('purpose = "museum.film"', 'purpose = "museum.visit"'), ["asks for the purpose museum.visit 2 times"]),
        (edited('withdraw = "You', 'lasts = "for ever"\nwithdraw = "You'), ["'for ever'", "lasts"]),
        (edited('withdraw = "You', 'lasts = "0 months"\nwithdraw = "You'), ["'0 months'", "lasts"]),
        (edited('withdraw = "You', 'lasts = "61 months"\nwithdraw = "You'), ["'61 months'", "up to 60"]),
        (edited('withdraw = "You can change your mind at any time."', 'withdraw = " "'), ["empty withdraw"]),
        (edited('text = "May your child come along?"', 'text = ""'), ["empty text", "museum.visit"]),
        (edited("pupil_too = true", "asked = false"), ["asks nothing"]),
        (edited("pupil_too = true", "needs_reference = true"), ["museum.visit without its reference"]),
        (edited('[pupil_part]\nfrom_age = 12\ntext = "Pupils answer too."', ""), ["pupil_too", "pupil_part"]),
        (edited('[rules]\nyounger', "[rules]\nmiddle"), ["value middle", "rules"]),
        (edited('language = "cy"', 'language = "Welsh!"'), ["no code", "Welsh!"]),
        (edited('language = "cy"', 'language = "en"'), ["language en twice"]),
        (edited('"museum.visit" = "A', 'museum.visit = "A'), ["translations number 1.questions", "quotation"]),
        (edited('"museum.visit" = "A', '"museum.film" = "A'), ["lacks the question museum.visit", "'cy'"]),
        (edited('"museum.visit" = "A', '"museum.dog" = "A'), ["does not have, museum.dog", "'cy'"]),
        (edited('younger = ["Arhoswch gyda\'ch grŵp."]', ""), ["lacks rules.younger", "'cy'"]),
        (edited('pupil_part = "Disgyblion hefyd."', ""), ["lacks pupil_part", "'cy'"]),
        (edited('title = "Museum"', 'title = "Museum 王"'), ["cannot be printed: 王 (U+738B)"]),
        (edited('"We plan a visit."', '"A visit. ' + "It is long. " * 2500 + '"'), ["longer than 6 pages"]),
        (edited('text = "May your child come along?"', 'text = "' + "May your child come? " * 120 + '"'),
         ["cannot be printed", "too many questions, or too long ones"]),
        (edited('id = "museum-trip"', "id = museum"), ["is not TOML", "line 2"]),
        (edited('family = "other"', 'family = "other"\nfamily = "web"'), ["is not TOML"]),
    ],
)  # fmt: skip
def test_a_fault_names_the_file_and_the_key(text: Callable[[], str], words: list[str]) -> None:
    with pytest.raises(KnownError) as raised:
        parse_definition(text(), "museum.toml")
    assert "the file museum.toml" in raised.value.what
    for word in words:
        assert word in raised.value.sentence
    assert raised.value.todo


def test_too_many_questions_are_told_from_the_keys_alone() -> None:
    more = "".join(
        f'\n[[questions]]\npurpose = "museum.q{at}"\nname = "Q"\ntext = "May we?"\nasked = false\n'
        for at in range(40)
    )
    with pytest.raises(KnownError, match="more than 30 questions"):
        parse_definition(SMALL.replace("\n[[translations]]", more + "\n[[translations]]"), "museum.toml")


@given(st.data())
def test_no_edit_of_a_form_ends_in_anything_but_a_form_or_a_sentence(data: st.DataObject) -> None:
    lines = SMALL.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    edit = data.draw(st.sampled_from(["drop", "double", "swap", "junk"]))
    if edit == "drop":
        del lines[at]
    elif edit == "double":
        lines.insert(at, lines[at])
    elif edit == "swap":
        lines[at] = (
            lines[at].replace('"', data.draw(st.sampled_from(["'", "", "[", '""']))).replace("true", "7")
        )
    else:
        lines.insert(at, data.draw(st.text(max_size=12)))
    outcome = outcome_of("\n".join(lines))
    assert "museum.toml" in outcome.sentence if isinstance(outcome, KnownError) else outcome.asked


def outcome_of(text: str) -> FormDefinition | KnownError:
    """The form in `text`, or the error that it is refused with."""
    try:
        return parse_definition(text, "museum.toml")
    except KnownError as error:
        return error


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b'title = "' + b"a" * 300_000 + b'"', "too large"),
        (None, "could not be read"),
    ],
)
def test_a_file_that_is_no_definition_is_told_in_a_sentence(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "mine.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(KnownError, match=words):
        load_definition(file)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert load_definition(file).id == "museum-trip"


def test_the_readme_explains_every_key() -> None:
    """`forms/README.md` is what a school has when it writes its own."""
    readme = (paths.shipped("forms") / "README.md").read_text(encoding="utf-8")
    kinds = [FormDefinition]
    named: set[str] = set()
    while kinds:
        for field in msgspec.structs.fields(kinds.pop()):
            named.add(field.encode_name)
            for inner in msgspec.inspect.multi_type_info([field.type]):
                kinds += _structs(inner)
    for key in named:
        assert f"`{key}`" in readme, key


def _structs(info: msgspec.inspect.Type) -> list[type]:
    if isinstance(info, msgspec.inspect.StructType):
        return [info.cls]
    inner = [getattr(info, "item_type", None), *getattr(info, "types", ())]
    return [cls for kind in inner if kind is not None for cls in _structs(kind)]
