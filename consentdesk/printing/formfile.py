"""Form definitions: TOML in, a checked `FormDefinition` out; each fault a sentence naming file and key."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from itertools import product
from pathlib import Path

import msgspec

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.form import FormDefinition, Question, Stage, Translation, Variant
from consentdesk.printing.compose import compose

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PURPOSE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LASTS = re.compile(r"academic-year|([1-9]\d?) months?")
_MOST_MONTHS = 60
_MOST_QUESTIONS = 30  # more than any page holds; the page itself is measured afterwards
_MOST_BYTES = 200_000
_AGES = range(5, 20)
_LETTERS_OF = {
    "str": "text",
    "int": "a whole number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}
_TRIAL_SCHOOL = "A school with a name of some length"


def load_definition(path: Path) -> FormDefinition:
    """The definition in the TOML file `path`. Raises `KnownError` naming the file and the wrong key."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise KnownError(
                f"the file {path.name} is too large to be a form definition",
                "nothing was changed",
                "choose another file",
            )
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KnownError(
            f"the file {path.name} is not text in UTF-8",
            "nothing was changed",
            "save it as UTF-8 in your editor",
        ) from error
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise KnownError(
            f"{path} could not be read ({reason})", "nothing was changed", "check the name of the file"
        ) from error
    return parse_definition(text, path.name)


def shipped_definitions() -> dict[str, FormDefinition]:
    """The definitions that ship with the program, by id, in the order of their files' names."""
    files = sorted(paths.shipped("forms").glob("*.toml"))
    return {definition.id: definition for definition in map(load_definition, files)}


def parse_definition(text: str, name: str) -> FormDefinition:
    """The definition written in `text`; `name` is what errors call the file.

    What is returned can be printed: every language, in ordinary and in large print, for younger and older
    pupils, has been laid out once. Raises `KnownError` naming the file and the key otherwise.
    """
    try:
        definition = msgspec.convert(tomllib.loads(text), FormDefinition)
    except tomllib.TOMLDecodeError as error:
        raise _fault(name, f"is not TOML: {_first_low(str(error))}", "mend that line") from error
    except msgspec.ValidationError as error:
        raise _fault(
            name, _explained(str(error)), "see README.md in the forms folder for every key"
        ) from error
    _check_names(definition, name)
    _check_questions(definition, name)
    for translation in definition.translations:
        _check_translation(definition, translation, name)
    _check_paper(definition, name)
    return definition


def _fault(name: str, what: str, todo: str) -> KnownError:
    return KnownError(f"the file {name} {what}", "no form was changed", todo)


def _first_low(text: str) -> str:
    return text[:1].lower() + text[1:]


def _explained(fault: str) -> str:
    """A msgspec fault in words: the key first, then what is wrong with it."""
    message, _, place = fault.partition(" - at ")
    keys = re.sub(
        r"\[(\d+)\]", lambda index: f" number {int(index[1]) + 1}", place.strip("`").removeprefix("$")
    )
    keys = keys.replace("key` in `$", "").replace("[...]", "").strip(".")
    where = f", in {keys}" if keys else ""
    if found := re.fullmatch(r"Object missing required field `(\w+)`", message):
        return f"lacks the key {found[1]}{where}"
    if found := re.fullmatch(r"Object contains unknown field `(.*)`", message):
        return f"has a key {found[1]} that no form knows{where}"
    if found := re.fullmatch(r"Expected `([\w ]+).*`, got `(\w+).*`", message):
        wanted, got = _LETTERS_OF.get(found[1], found[1]), _LETTERS_OF.get(found[2], found[2])
        hint = (
            " (write purposes in quotation marks)"
            if keys.endswith("questions") and found[2] == "object"
            else ""
        )
        return f"has {got} where {keys or 'the file'} must be {wanted}{hint}"
    if found := re.fullmatch(r"Invalid enum value '(.*)'", message):
        return f"has a value {found[1]} that {keys or 'the file'} does not allow"
    return f"is wrong{where}: {message}"


def _check_names(definition: FormDefinition, name: str) -> None:
    if not _ID.fullmatch(definition.id):
        raise _fault(
            name,
            f"has an id that is not fit: {definition.id!r}",
            "use small letters a to z, digits and single hyphens, as in image-use",
        )
    if not _LANGUAGE.fullmatch(definition.language):
        raise _fault(
            name, f"has a language that is no code: {definition.language!r}", "write a code such as en or cy"
        )
    months = _LASTS.fullmatch(definition.lasts)
    if not months or int(months[1] or 0) > _MOST_MONTHS:
        raise _fault(
            name,
            f"has a value {definition.lasts!r} that lasts does not allow",
            f'write "academic-year", or a number of months up to {_MOST_MONTHS} as in "12 months"',
        )
    for key, value in (("title", definition.title), ("withdraw", definition.withdraw)):
        if not value.strip():
            raise _fault(name, f"has an empty {key}", f"fill in {key}")
    if not any(paragraph.strip() for paragraph in definition.letter):
        raise _fault(name, "has an empty letter", "write at least one paragraph in letter")
    if definition.pupil_part and definition.pupil_part.from_age not in _AGES:
        raise _fault(
            name,
            f"has an age {definition.pupil_part.from_age} that pupil_part.from_age does not allow",
            f"give an age from {_AGES[0]} to {_AGES[-1]}",
        )


def _check_questions(definition: FormDefinition, name: str) -> None:
    if len(definition.questions) > _MOST_QUESTIONS:
        raise _fault(name, f"has more than {_MOST_QUESTIONS} questions", "make two forms of it")
    for number, question in enumerate(definition.questions, start=1):
        _check_question(question, f"in questions number {number}", name)
    for purpose, times in Counter(question.purpose for question in definition.questions).items():
        if times > 1:
            raise _fault(
                name,
                f"asks for the purpose {purpose} {times} times",
                "give each question a purpose of its own",
            )
    if not definition.asked:
        raise _fault(name, "asks nothing: no question has asked = true", "switch on at least one question")
    if definition.pupil_part is None and any(question.pupil_too for question in definition.questions):
        raise _fault(
            name, "has pupil_too = true but no table pupil_part", "add [pupil_part], or take pupil_too out"
        )


def _check_question(question: Question, where: str, name: str) -> None:
    if not _PURPOSE.fullmatch(question.purpose):
        raise _fault(
            name,
            f"has a purpose that is not fit, {question.purpose!r}, {where}",
            "use two words of small letters and hyphens with a full stop between them, as in image.website",
        )
    for key, value in (("name", question.name), ("text", question.text)):
        if not value.strip():
            raise _fault(name, f"has an empty {key}, {where} ({question.purpose})", f"fill in {key}")
    if question.asked and question.needs_reference and not question.reference.strip():
        raise _fault(
            name,
            f"asks for {question.purpose} without its reference, {where}",
            "fill in reference, such as the number of a risk assessment, or set asked = false",
        )


def _check_translation(definition: FormDefinition, translation: Translation, name: str) -> None:
    where = f"translations, language {translation.language!r}"
    if not _LANGUAGE.fullmatch(translation.language):
        raise _fault(name, f"has a language that is no code, in {where}", "write a code such as cy or pl")
    if definition.languages.count(translation.language) > 1:
        raise _fault(name, f"has the language {translation.language} twice", "keep one of them")
    known = {question.purpose for question in definition.questions}
    for purpose in translation.questions:
        if purpose not in known:
            raise _fault(
                name, f"translates a purpose that it does not have, {purpose}, in {where}", "take it out"
            )
    for question in definition.asked:
        if not translation.questions.get(question.purpose, "").strip():
            raise _fault(
                name, f"lacks the question {question.purpose}, in {where}", "translate that question"
            )
    own = {"letter": any(definition.letter), "title": True, "withdraw": True}
    own |= {key: bool(getattr(definition, key)) for key in ("public", "monitoring", "complaints")}
    own["pupil_part"] = bool(definition.pupil_part and definition.pupil_part.text)
    for key, needed in own.items():
        value = getattr(translation, key)
        if needed and not (value.strip() if isinstance(value, str) else any(text.strip() for text in value)):
            raise _fault(name, f"lacks {key}, in {where}", f"translate {key}")
    for stage in definition.rules:
        if not translation.rules.get(stage):
            raise _fault(name, f"lacks rules.{stage}, in {where}", "translate those rules")


def _check_paper(definition: FormDefinition, name: str) -> None:
    """Lay out every variant once, to find what cannot be printed now and not on the day of printing."""
    parts = {False, definition.pupil_part is not None}
    stages: tuple[Stage, ...] = tuple(definition.rules) or ("younger",)
    for language, large, pupil_part in product(definition.languages, (False, True), sorted(parts)):
        for stage in stages:
            try:
                compose(definition, Variant(language, large, stage, pupil_part), _TRIAL_SCHOOL, "0000")
            except KnownError as error:
                print_kind = "large print" if large else "ordinary print"
                raise _fault(
                    name, f"cannot be printed ({language}, {print_kind}): {error.what}", error.todo
                ) from error
