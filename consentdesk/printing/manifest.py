"""The geometry of a print run as JSON: which slip stands where on which page, in millimetres."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from consentdesk.model.layout import Box, BoxPair, FormLayout


class PrintedSlip(msgspec.Struct, frozen=True):
    """One pupil's slip of a print run: `code` is the typed code, `version` the tag; `pupil` is an id.

    `before` are pages without a slip that are printed ahead of it, such as a letter.
    """

    layout: FormLayout
    code: str
    pupil: str
    name: str
    school_class: str
    form: str
    version: str
    before: int = 0


class ManifestSlip(msgspec.Struct, frozen=True, omit_defaults=True):
    """A slip in the manifest; the pupil's own part is absent where it was not printed."""

    code: str
    pupil: str
    name: str
    school_class: str = msgspec.field(name="class")
    form: str
    version: str
    questions: tuple[BoxPair, ...]
    signature: Box
    date: Box
    printed_name: Box
    relationship: Box
    comment: Box
    outline: Box
    child: Box
    typed_code: Box
    codes: tuple[Box, Box]
    pupil_questions: tuple[BoxPair, ...] = ()
    pupil_signature: Box | None = None


class ManifestPage(msgspec.Struct, frozen=True):
    """A page of the whole PDF, counted from 1, and the slips on it."""

    page: int
    slips: tuple[ManifestSlip, ...]


class Manifest(msgspec.Struct, frozen=True):
    """Every page of a print run, in order. Written with `msgspec.json.encode`."""

    pages: tuple[ManifestPage, ...]


def manifest(printed: Iterable[PrintedSlip]) -> Manifest:
    """The manifest of a print run whose forms were written in the order of `printed`."""
    pages: list[ManifestPage] = []
    for one in printed:
        pages += [ManifestPage(len(pages) + at, ()) for at in range(1, one.before + 1)]
        for number in range(len(one.layout.pages)):
            slips = (_slip(one),) if number == one.layout.slip.page else ()
            pages.append(ManifestPage(len(pages) + 1, slips))
    return Manifest(tuple(pages))


def _slip(one: PrintedSlip) -> ManifestSlip:
    slip = one.layout.slip
    return ManifestSlip(
        code=one.code,
        pupil=one.pupil,
        name=one.name,
        school_class=one.school_class,
        form=one.form,
        version=one.version,
        questions=slip.questions,
        signature=slip.signature,
        date=slip.date,
        printed_name=slip.printed_name,
        relationship=slip.relationship,
        comment=slip.comment,
        outline=slip.outline,
        child=slip.child,
        typed_code=slip.typed_code,
        codes=slip.codes,
        pupil_questions=slip.pupil_questions,
        pupil_signature=slip.pupil_signature,
    )
