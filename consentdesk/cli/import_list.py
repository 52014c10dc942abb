"""`import`: a class list, shown as a difference and kept only when asked to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, new_app
from consentdesk.cli.signed_in import opened
from consentdesk.services.import_pupils import apply, preview
from consentdesk.services.import_report import ImportReport, report

app = new_app()
APPS = {"import": app}
_MOST_LINES = 20


@app.command("import")
def import_list(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX or CTF.")],
    keep: Annotated[bool, typer.Option("--apply", help="Keep who is new and what has changed.")] = False,
    leavers: Annotated[bool, typer.Option("--leavers", help="With --apply: the missing have left.")] = False,
    json: JsonOption = None,
) -> None:
    """Show what a class list would change; keep it with --apply. Consent is never touched."""
    if leavers and not keep:
        raise typer.BadParameter("--leavers needs --apply")
    with opened(ctx) as office:
        seen = preview(office, file)
        if keep:
            apply(office, seen.difference, leavers=leavers)
        found = report(seen, file.name, applied=keep, leavers=leavers)
        out = Output(json)
        _tell(out, found)
        out.json(found)


def _tell(out: Output, found: ImportReport) -> None:
    counts = found.counts
    out.say(
        f"{counts.added} new, {counts.changed} changed, {counts.unchanged} unchanged, "
        f"{counts.ambiguous} not certain, {counts.missing} missing, {counts.skipped} lines skipped."
    )
    _some(out, [f"+ {pupil.name}, {pupil.school_class or 'no class'}" for pupil in found.added])
    for pupil in found.changed:
        fields = ", ".join(f"{one.field}: {one.before or '–'} → {one.after or '–'}" for one in pupil.fields)
        guardians = pupil.guardians_added + pupil.guardians_changed
        more = f"{guardians} guardian{'' if guardians == 1 else 's'}" if guardians else ""
        out.say(f"~ {pupil.name}: {'; '.join(part for part in (fields, more) if part)}")
    for doubt in found.ambiguous:
        out.say(f"? {doubt.reason}")
    gone = "has left" if found.leavers_applied else "is missing"
    _some(out, [f"- {pupil.name}, {pupil.school_class or 'no class'}: {gone}" for pupil in found.missing])
    if found.unknown_columns:
        out.say(f"Columns that mean nothing to ConsentDesk: {', '.join(found.unknown_columns)}.")
    _some(out, [f"Line {line.line} was skipped: {line.reason}." for line in found.skipped])
    _some(out, list(found.warnings))
    if not found.applied:
        out.say("Nothing was kept; add --apply to keep who is new and what has changed.")
    elif found.missing and not found.leavers_applied:
        out.say("The missing were left as they are; add --leavers once you are sure that they have left.")


def _some(out: Output, lines: list[str]) -> None:
    out.say(*lines[:_MOST_LINES])
    if len(lines) > _MOST_LINES:
        out.say(f"  … and {len(lines) - _MOST_LINES} more")
