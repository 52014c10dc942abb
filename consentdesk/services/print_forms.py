"""Forms for pupils, as one PDF: each slip is known to the office before it can be on paper."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple
from uuid import uuid4

import msgspec

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.consent import Issued
from consentdesk.model.form import FormDefinition, FormVersion, Variant, lasts_until, wording_hash
from consentdesk.model.layout import FormLayout
from consentdesk.model.paper_trail import WithdrawalIssued
from consentdesk.model.people import Pupil
from consentdesk.model.slip import Part, PrintRun, Slip, payload, typed_code
from consentdesk.printing.compose import compose
from consentdesk.printing.draw import Pen
from consentdesk.printing.manifest import Manifest, PrintedSlip, manifest
from consentdesk.printing.pdf import COVER_PAGES, Sheet, SlipFill, blank_pdf, forms_written
from consentdesk.services.competence import competences
from consentdesk.services.forms import the_forms
from consentdesk.services.office import Office, require
from consentdesk.services.progress import Job, Progress
from consentdesk.services.pupils import the_class, the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.services.variants import variant_for
from consentdesk.store import forms, people, school, slips

NO_TAG = "0000"
"""Stands for the tag while a version is compared with those kept: the tag is on the page, and not yet known."""


class Whom(msgspec.Struct, frozen=True):
    """For whom forms are printed: a class, one pupil, everyone, or (with none of these) those still missing."""

    school_class: str | None = None
    pupil: str | None = None
    everyone: bool = False


class PrintDone(NamedTuple):
    """What a print run came to; `manifest` says where every box of every slip stands."""

    pages: int
    slips: int
    pupils: int
    manifest: Manifest


class Printing(NamedTuple):
    """How slips are printed.

    With `withdraws` they are withdrawal slips (rule W1). `covers` draw a letter that goes before a pupil's first
    slip, by the pupil's id; `besides` is recorded together with the slips.
    """

    language: str | None = None
    large: bool = False
    manifest: Path | None = None
    withdraws: bool = False
    covers: Mapping[str, Callable[[Pen], None]] = {}
    besides: Sequence[Happening] = ()


class _Version(NamedTuple):
    kept: FormVersion
    layout: FormLayout
    is_new: bool


class _Prepared(NamedTuple):
    """One slip, ready to be kept and printed."""

    slip: Slip
    happening: Happening
    sheet: Sheet
    entry: PrintedSlip


def print_forms(
    office: Office,
    form_ids: Sequence[str],
    whom: Whom,
    target: Path,
    *,
    language: str | None = None,
    large: bool = False,
    manifest_file: Path | None = None,
) -> Job[PrintDone]:
    """Print the forms for each pupil meant, by class and surname, and keep their slips.

    The files are written beside their places first; then versions, run, slips and `issued` events are kept in
    one transaction; only then do the files get their names. So no crash leaves a slip on paper that the office
    does not know; at worst it knows one that was never on paper. Raises `KnownError` where a form, class,
    pupil or language is unknown, nobody is meant, or a file cannot be written; nothing is kept then.
    """
    require(office, "print-forms")
    wanted = slips_wanted(office, the_forms(office, form_ids), whom)
    how = Printing(language, large, manifest_file)
    return (yield from print_slips(office, wanted, target, how))


def print_slips(
    office: Office, wanted: Sequence[tuple[Pupil, FormDefinition]], target: Path, how: Printing
) -> Job[PrintDone]:
    """Print a slip for each pupil and form wanted, in their order, and keep them; see `print_forms`."""
    with ExitStack() as files:
        part = files.enter_context(paths.write_whole(target))
        manifest_part = files.enter_context(paths.write_whole(how.manifest)) if how.manifest else None
        run = PrintRun(uuid4().hex, office.now(), office.user.id, len(wanted))
        press = Press(office, run.id, how.language, how.large, withdraws=how.withdraws)
        prepared: list[_Prepared] = []
        for done, (pupil, definition) in enumerate(wanted):
            yield Progress(done, len(wanted), "preparing slips")
            first = not prepared or prepared[-1].slip.pupil != pupil.id
            prepared.append(press.slip(pupil, definition, how.covers.get(pupil.id) if first else None))
        with part.open("wb") as file:
            pages = yield from _written(file, [one.sheet for one in prepared])
        yield Progress(len(wanted), len(wanted), "keeping the slips")
        paths.flush_to_disk(part)
        geometry = manifest(one.entry for one in prepared)
        if manifest_part:
            manifest_part.write_bytes(msgspec.json.format(msgspec.json.encode(geometry)))
        with office.db.writing():
            for version in press.new_versions:
                forms.keep_version(office.db, version)
            slips.keep_run(office.db, run, [one.slip for one in prepared])
            record(office, [*(one.happening for one in prepared), *how.besides])
    return PrintDone(pages, len(prepared), len({one.slip.pupil for one in prepared}), geometry)


def _written(file: IO[bytes], sheets: Sequence[Sheet]) -> Job[int]:
    """Draw the sheets one after the other, and write them; how many pages that was."""
    drawing = forms_written(file, sheets)
    for drawn in range(len(sheets) + 1):
        yield Progress(drawn, len(sheets), "writing the PDF")
        try:
            next(drawing)
        except StopIteration as end:
            pages: int = end.value
            return pages
    raise LookupError("the PDF ends with its last sheet")


def slips_wanted(
    office: Office, definitions: Sequence[FormDefinition], whom: Whom
) -> list[tuple[Pupil, FormDefinition]]:
    """Who gets which form: all forms of a pupil together, pupils by class and surname."""
    if whom.pupil is not None:
        pupil = the_pupil(office, whom.pupil)
        if pupil.left:
            raise KnownError(
                f"{pupil.display_name} has left the school", "nothing was printed", "choose another pupil"
            )
        meant = [pupil]
    elif whom.school_class is not None:
        meant = people.pupils(office.db, school_class=the_class(office, whom.school_class))
    else:
        meant = people.pupils(office.db)
    if not meant:
        raise KnownError("there are no pupils yet", "nothing was printed", "import a class list first")
    if whom != Whom():
        return [(pupil, definition) for pupil in meant for definition in definitions]
    ids = [pupil.id for pupil in meant]
    missing = {definition.id: slips.outstanding(office.db, definition.id, ids) for definition in definitions}
    wanted = [
        (pupil, definition)
        for pupil in meant
        for definition in definitions
        if pupil.id in missing[definition.id]
    ]
    if not wanted:
        named = " and ".join(definition.id for definition in definitions)
        raise KnownError(
            f"no slip of {named} is outstanding",
            "nothing was printed",
            "print for a class or a pupil to hand out new ones",
        )
    return wanted


class Press:
    """Makes the slips of one run; each version of a form is composed once."""

    def __init__(
        self, office: Office, run: str, language: str | None, large: bool, *, withdraws: bool = False
    ) -> None:
        self._office = office
        self._run = run
        self._language = language
        self._large = large
        self._withdraws = withdraws
        self._competent = competences(office)
        self._today = office.today
        self._school = school.school(office.db)
        self._key = school.current_code_key(office.db)
        self._versions: dict[tuple[str, Variant], _Version] = {}

    @property
    def new_versions(self) -> list[FormVersion]:
        """The versions that the office does not know yet."""
        return [version.kept for version in self._versions.values() if version.is_new]

    def slip(
        self, pupil: Pupil, definition: FormDefinition, cover: Callable[[Pen], None] | None = None
    ) -> _Prepared:
        """A new slip of a form for a pupil; `cover` draws a letter that goes before it."""
        variant = variant_for(
            pupil,
            definition,
            self._today,
            self._language,
            large=self._large,
            competent=self._competent.get(pupil.id),
        )
        version = self._version(definition, variant)
        tag = version.kept.tag
        slip = Slip(
            id=slips.new_slip_id(self._office.db),
            pupil=pupil.id,
            form=definition.id,
            version=tag,
            run=self._run,
            printed=self._today,
            until=lasts_until(definition.lasts, self._today),
            school_class=pupil.class_name,
        )
        issued = self._issued(definition, slip, variant)
        code = typed_code(slip.id)
        payloads = {part: payload(self._key, self._school.tag, tag, slip.id, part) for part in Part}
        fill = SlipFill(pupil.display_name, pupil.class_name, code, payloads)
        entry = PrintedSlip(
            version.layout, code, pupil.id, pupil.display_name, pupil.class_name, definition.id, tag,
            before=COVER_PAGES if cover else 0,
        )  # fmt: skip
        return _Prepared(
            slip, Happening(issued, pupil.id, slip.id), Sheet(version.layout, fill, cover), entry
        )

    def _issued(self, definition: FormDefinition, slip: Slip, variant: Variant) -> Issued | WithdrawalIssued:
        """What the slip asks; a withdrawal slip asks nothing, and offers to take it back."""
        asked = {question.purpose: wording_hash(question) for question in definition.asked}
        if self._withdraws:
            return WithdrawalIssued(definition.id, slip.version, asked)
        own = [question.purpose for question in definition.asked if variant.pupil_part and question.pupil_too]
        return Issued(definition.id, slip.version, asked, tuple(own), slip.until)

    def _version(self, definition: FormDefinition, variant: Variant) -> _Version:
        """The frozen version of that print: the one kept, or a new one with a tag of its own (rule C6)."""
        known = self._versions.get((definition.id, variant))
        if known is None:
            known = self._versions[definition.id, variant] = self._frozen(definition, variant)
        return known

    def _frozen(self, definition: FormDefinition, variant: Variant) -> _Version:
        untagged = compose(definition, variant, self._school.name, NO_TAG)
        digest = _digest(definition, variant, self._school.name, untagged)
        kept = forms.version_of(self._office.db, digest)
        if kept is not None:
            return _Version(kept, msgspec.json.decode(kept.layout, type=FormLayout), is_new=False)
        tags = {version.kept.tag for version in self._versions.values()}
        while (tag := forms.new_tag(self._office.db)) in tags:
            continue
        layout = compose(definition, variant, self._school.name, tag)
        version = FormVersion(
            tag=tag,
            form=definition.id,
            variant=variant,
            definition=definition,
            layout=msgspec.json.encode(layout),
            pdf=blank_pdf(layout),
            sha256=digest,
        )
        return _Version(version, layout, is_new=True)


def _digest(definition: FormDefinition, variant: Variant, heading: str, untagged: FormLayout) -> str:
    """What tells one version from another, in hex: wording, variant, school, layout and print, but for the tag."""
    parts = msgspec.json.encode((definition, variant, heading, untagged), order="deterministic")
    return hashlib.sha256(parts + blank_pdf(untagged)).hexdigest()
