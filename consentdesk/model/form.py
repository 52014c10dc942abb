"""What a form asks: purposes, questions, the school's rules, and the frozen version that was printed."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal

import msgspec

Basis = Literal["consent", "agreement"]
"""Rule P5: consent that may be withdrawn, or rules that are acknowledged. There is no opt-out."""

Family = Literal["internet", "web", "image", "other"]
Stage = Literal["younger", "older"]
"""Rule P7: which set of the school's rules is printed. `younger` to year 6, `older` from year 7."""
_JULY = 7


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One purpose and its one question (rule P2).

    `name` heads the purpose in lists, `text` is printed on the slip. A question that is not `asked` is not
    printed, and therefore no (rule P4). `pupil_too` wants the pupil's own answer as well (rule A3).
    One with `needs_reference` cannot be printed until `reference` is filled in (rule P6).
    """

    purpose: str
    name: str
    text: str
    basis: Basis = "consent"
    asked: bool = True
    pupil_too: bool = False
    needs_reference: bool = False
    reference: str = ""


class PupilPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The pupil's own part of the slip (rule A3): from what age it is printed, and what it says."""

    from_age: int = 12
    text: str = ""


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fixed words of the slip, in the form's language."""

    yes: str = "Yes"
    no: str = "No"
    child: str = "Child"
    school_class: str = "Class"
    version: str = "Version"
    parent: str = "Parent or carer"
    pupil: str = "Pupil"
    signed: str = "Signed"
    pupil_signed: str = "Pupil’s signature"
    date: str = "Date"
    printed_name: str = "Name in capitals"
    relationship: str = "I am the child’s (for example mother, carer)"
    comment: str = "Anything you want to tell us"
    how_to_mark: str = "Put a cross or a tick in one box for each question."
    cut_here: str = "Cut here and send the part below back to school"
    code: str = "Slip code"
    rules: str = "Our rules"
    public: str = "What “public” means"
    withdraw: str = "Changing your mind"
    monitoring: str = "Checking use"
    complaints: str = "If you are not happy"


class Translation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same form in a second language; `questions` maps purpose ids to the translated text.

    The purposes' names in lists stay in the definition's own language.
    """

    language: str
    title: str
    letter: tuple[str, ...]
    questions: dict[str, str]
    rules: dict[Stage, tuple[str, ...]] = {}
    withdraw: str = ""
    public: str = ""
    monitoring: str = ""
    complaints: str = ""
    pupil_part: str = ""
    labels: Labels = Labels()


class FormDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The wording and purposes of one form, never its coordinates (rules P1 to P7).

    `lasts` is `academic-year` or a number of months such as `12 months` (rule C7).
    """

    id: str
    family: Family
    title: str
    letter: tuple[str, ...]
    questions: tuple[Question, ...]
    withdraw: str
    public: str = ""
    monitoring: str = ""
    complaints: str = ""
    rules: dict[Stage, tuple[str, ...]] = {}
    lasts: str = "academic-year"
    pupil_part: PupilPart | None = None
    language: str = "en"
    labels: Labels = Labels()
    translations: tuple[Translation, ...] = ()

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that are printed."""
        return tuple(question for question in self.questions if question.asked)

    @property
    def languages(self) -> tuple[str, ...]:
        """The form's own language first, then its translations."""
        return (self.language, *(translation.language for translation in self.translations))


class Variant(msgspec.Struct, frozen=True, order=True):
    """Which print of a definition: language, large print, the set of school rules, with the pupil's part or not."""

    language: str = "en"
    large: bool = False
    stage: Stage = "younger"
    pupil_part: bool = False


class FormVersion(msgspec.Struct, frozen=True):
    """A form as it was printed, frozen (rule C6).

    `tag` is four Crockford letters, unique in the office; it is printed and stands in the codes.
    `pdf` is the form without a child, `layout` all of its geometry (a `FormLayout`) as JSON; `sha256` covers
    definition, variant, school heading, layout and PDF.
    """

    tag: str
    form: str
    variant: Variant
    definition: FormDefinition
    layout: bytes
    pdf: bytes
    sha256: str


def wording_hash(question: Question) -> str:
    """Sixteen hex digits that change when the wording of a question does (rule C6)."""
    text = " ".join(question.text.split()) + "\n" + question.reference.strip()
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def lasts_until(lasts: str, printed: date) -> date:
    """The last day on which an answer counts (rule C7).

    `academic-year`: the next 31 August, on or after `printed`, but in July and August the one of the year
    after, since forms printed then are for the coming year. `N months`: the day before the same day N months
    on, or the last of that month where it has no such day.
    """
    if lasts == "academic-year":
        year = printed.year if printed.month < _JULY else printed.year + 1
        return date(year, 8, 31)
    months = int(lasts.split(maxsplit=1)[0])
    total = printed.year * 12 + printed.month - 1 + months
    year, month = total // 12, total % 12 + 1
    first = date(year, month, 1)
    days_in_month = (date(year + month // 12, month % 12 + 1, 1) - first).days
    # Day 0, for what was printed on a first, is the last of the month before: ordinals count across.
    return date.fromordinal(first.toordinal() + min(printed.day - 1, days_in_month) - 1)
