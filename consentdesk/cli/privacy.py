"""`file`, `counts`, `lists`, `retention`, `erase` and `rule`: data protection, and the school's own rules."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import JsonOption, Output, counted, new_app, warn
from consentdesk.cli.session import ask_new_password
from consentdesk.cli.signed_in import opened
from consentdesk.cli.watch import watch
from consentdesk.services.counts import counts, write_counts
from consentdesk.services.erase import erase, would_erase
from consentdesk.services.pupils import the_pupil
from consentdesk.services.retention import schedule
from consentdesk.services.rules import form_rules, school_rules, set_rule
from consentdesk.services.stale import outdated_lists
from consentdesk.services.subject_access import hand_over

file_app, counts_app, lists_app, retention_app, erase_app, rule_app = (new_app() for _ in range(6))
APPS = {
    "file": file_app,
    "counts": counts_app,
    "lists": lists_app,
    "retention": retention_app,
    "erase": erase_app,
    "rule": rule_app,
}
DAY = ["%Y-%m-%d"]
SCHOOL_YEAR_BEGINS = 9


@file_app.command()
def file(
    ctx: typer.Context,
    pupil: Annotated[str, typer.Argument(metavar="PUPIL", help="Id, UPN, admission number or name.")],
    target: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="A new folder.")],
    encrypt: Annotated[
        bool,
        typer.Option(
            "--encrypt",
            help="One PDF, locked, the JSON inside it: asked for, or CONSENTDESK_EXPORT_PASSWORD.",
        ),
    ] = False,
) -> None:
    """Hand over one pupil's whole file: a PDF and JSON, with other people left out."""
    with opened(ctx) as office:
        password = ask_new_password("CONSENTDESK_EXPORT_PASSWORD") if encrypt else None
        done = hand_over(office, pupil, target, password=password)
    Output().say(f"Written to {target}: {', '.join(done.files)}. Read it before you hand it over.")
    if done.withheld:
        entries = counted(done.withheld, "entry", "entries")
        warn(f"{entries} of safeguarding are not in it; whether they are told is for the safeguarding lead.")
    if not done.encrypted:
        warn(f"{target.name} is not encrypted: whoever holds the files can read them.")


@counts_app.command("counts")
def count(
    ctx: typer.Context,
    since: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DATE", help="What happened since, else this school year."),
    ] = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE.pdf", help="Write it as PDF.")] = None,
    json: JsonOption = None,
) -> None:
    """Count answers for governors, without a name."""
    with opened(ctx) as office:
        first = since.date() if since else _year_began(office.today)
        found = watch(write_counts(office, first, to) if to else counts(office, first))
    out = Output(json)
    out.say(f"{counted(found.pupils, 'pupil')}. A dash stands for a number below {found.smallest}.")
    out.table(
        [
            (one.name, " · ".join(f"{word.status.value} {_number(word.pupils)}" for word in one.words))
            for one in found.purposes
        ]
    )
    out.json(found)


@lists_app.command("lists")
def lists(ctx: typer.Context, json: JsonOption = None) -> None:
    """Show the lists and sheets of the last year that are out of date, and about whom."""
    with opened(ctx) as office:
        found = watch(outdated_lists(office))
    out = Output(json)
    for one in found:
        moment = f"{one.made.at.astimezone():%Y-%m-%d %H:%M}"
        out.say(f"{one.made.of} ({one.made.kind}), made {moment} by {one.made.by}:")
        out.say(*(f"  {each.name} ({each.school_class}): {', '.join(each.purposes)}" for each in one.changes))
    if not found:
        out.say("No list is out of date.")
    out.json({"lists": found})


@retention_app.command("retention")
def retention(
    ctx: typer.Context,
    by: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="DATE", help="By this day, else today.")
    ] = None,
    json: JsonOption = None,
) -> None:
    """Show whose record and which pictures have been kept for long enough."""
    with opened(ctx) as office:
        found = schedule(office, by.date() if by else None)
    out = Output(json)
    out.say(*(f"Erase {one.name}, who left on {one.left_on}." for one in found.leavers))
    out.say(*(f"Destroy {one.images.what}, {one.images.place}: due {one.due}." for one in found.images))
    out.say(
        *(f"No longer allowed since {one.until}: {one.equipment} of {one.owner}." for one in found.equipment)
    )
    if not (found.leavers or found.images or found.equipment):
        out.say("Nothing is due.")
    out.json(found)


@erase_app.command("erase")
def erase_pupil(
    ctx: typer.Context,
    pupil: Annotated[
        str, typer.Argument(metavar="PUPIL", help="A leaver: id, UPN, admission number or name.")
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without, only say what would go.")] = False,
    early: Annotated[bool, typer.Option("--early", help="Before the school's own time for it.")] = False,
) -> None:
    """Erase a leaver's record. Only numbers stay. It cannot be undone."""
    out = Output()
    with opened(ctx) as office:
        meant = the_pupil(office, pupil)
        if not apply:
            plan = would_erase(office, meant.id)
            when = f"from {plan.erase_from}" if plan.erase_from else "once it is recorded when they left"
            out.say(
                f"{plan.name}: {counted(plan.events, 'event')}, {counted(plan.slips, 'slip')} and "
                f"{counted(plan.pictures, 'picture')} would go, {when}. Nothing was erased; --apply does it."
            )
            return
        done = erase(office, meant.id, early=early)
    out.say(
        f"Erased: {counted(done.events, 'event')}, {counted(done.slips, 'slip')}, {counted(done.pictures, 'picture')}."
    )
    if done.still_named:
        warn(f"{counted(done.still_named, 'note')} about others still name them.")
    warn(*(f"A copy from before lies in {copy}; remove it when you need it no more." for copy in done.copies))
    warn("Backups and files that were taken out before still hold the record.")


@rule_app.callback()
def about_rules() -> None:
    """The rules on which schools differ, each with the safer choice as it came."""


@rule_app.command("list")
def list_rules(ctx: typer.Context, json: JsonOption = None) -> None:
    """Show every rule, what it is set to, and why."""
    with opened(ctx) as office:
        found, in_forms = school_rules(office), form_rules(office)
    out = Output(json)
    for one in found:
        mark = "" if one.safe else f" (came as {_value(one.rule.default, one.rule.unit)})"
        out.say(f"{one.rule.name} = {_value(one.value, one.rule.unit)}{mark}   rule {one.rule.rule}")
        out.say(f"  {one.rule.question} {one.rule.why}")
    out.say("", "Set in the forms (form add):")
    out.table([(one.form, one.key, one.value, f"rule {one.rule}", one.why) for one in in_forms])
    out.json({"rules": found, "in_forms": in_forms})


@rule_app.command("set")
def set_one(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which rule, see rule list.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="yes, no or a number.")],
) -> None:
    """Set a rule of the school; the change is recorded."""
    with opened(ctx) as office:
        done = set_rule(office, name, value)
    Output().say(f"{done.rule.name} = {_value(done.value, done.rule.unit)}.")


def _value(value: bool | int, unit: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value} {unit}".rstrip()


def _number(number: int | None) -> str:
    return "–" if number is None else str(number)


def _year_began(day: date) -> date:
    return date(day.year if day.month >= SCHOOL_YEAR_BEGINS else day.year - 1, SCHOOL_YEAR_BEGINS, 1)
