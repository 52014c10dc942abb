"""`review`: the doubtful slips."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from consentdesk import paths
from consentdesk.cli.output import JsonOption, Output, new_app
from consentdesk.cli.signed_in import opened
from consentdesk.services.review import WORDS, ReviewItem, Verdict, decide, review_list, show
from consentdesk.services.slip_notes import name_other_child, name_signatory, write_date

app = new_app()
APPS = {"review": app}
Word = TypeVar("Word", bound=str)

Code = Annotated[str, typer.Argument(metavar="CODE", help="The slip's typed code.")]


@app.callback()
def review() -> None:
    """The slips that a person must look at."""


@app.command("list")
def list_them(ctx: typer.Context, json: JsonOption = None) -> None:
    """Show what waits in review, and what lies in the tray without an owner."""
    with opened(ctx) as office:
        found = review_list(office)
    out = Output(json)
    for item in found.review:
        out.say(f"{item.code}  {item.name}, {item.school_class or 'no class'}, {item.form}")
        _tell_doubts(out, item)
    for one in found.tray:
        out.say(f"{one.reading}  in the tray: {one.file}, page {one.page}. {one.text}")
    if not found.review and not found.tray:
        out.say("Nothing waits for review.")
    out.json(found)


@app.command("show")
def show_one(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="A slip's typed code, or a reading's id.")],
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the picture of the slip here.")
    ] = None,
    json: JsonOption = None,
) -> None:
    """Show one slip: what was read, and what is in doubt."""
    with opened(ctx) as office:
        item, picture = show(office, code)
    out = Output(json)
    if isinstance(item, ReviewItem):
        out.say(f"{item.code}  {item.name}, {item.school_class or 'no class'}, {item.form}")
        out.table(
            [("  " + answer.purpose, answer.answer, answer.text or "") for answer in item.answers]
            + [
                ("  pupil: " + answer.purpose, answer.answer, answer.text or "")
                for answer in item.pupil_answers
            ]
        )
        _tell_doubts(out, item)
    else:
        out.say(f"{item.reading}  {item.outcome.value}: {item.file}, page {item.page}. {item.text}")
    if out_file and picture:
        with paths.write_whole(out_file) as part:
            part.write_bytes(picture)
        out.say(f"The picture is in {out_file}.")
    elif out_file:
        out.say("There is no picture: the slip was keyed by hand.")
    out.json(item)


@app.command("decide")
def decide_one(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    code: Code,
    answers: Annotated[
        list[str] | None, typer.Argument(metavar="PURPOSE=yes|no|unclear …", help="What the marks mean.")
    ] = None,
    rest: Annotated[
        str | None, typer.Option("--all", metavar="yes|no|unclear", help="For all else that is in doubt.")
    ] = None,
    signed: Annotated[bool | None, typer.Option("--signed/--unsigned", help="Whether it is signed.")] = None,
    condition: Annotated[
        list[str] | None, typer.Option(metavar="PURPOSE=TEXT", help="A handwritten condition, word for word.")
    ] = None,
    pupil: Annotated[bool, typer.Option("--pupil", help="This is about the pupil's own part.")] = False,
    guardian: Annotated[str, typer.Option(metavar="NAME", help="Which guardian signed.")] = "",
) -> None:
    """Decide about a slip. Another decision undoes this one."""
    verdict = Verdict(
        answers=answers_of(answers or [], WORDS),
        rest=None if rest is None else _word(rest, WORDS, "--all"),
        signed=signed,
        conditions=pairs_of(condition or []),
        of_pupil=pupil,
        guardian=guardian,
    )
    with opened(ctx) as office:
        left = decide(office, code, verdict)
    out = Output()
    if left:
        out.say(f"Recorded. Still open: {', '.join(doubt.purpose or doubt.reason for doubt in left)}.")
    else:
        out.say("Recorded. Nothing is open on this slip.")


@app.command("signed-by")
def signed_by(
    ctx: typer.Context,
    code: Code,
    who: Annotated[str, typer.Argument(metavar="PERSON", help="A guardian's name or id, or: pupil.")],
) -> None:
    """Say who signed a slip, without deciding anything else."""
    with opened(ctx) as office:
        name = name_signatory(office, code, who)
    Output().say(f"Recorded: signed by {name}.")


@app.command("date")
def date_it(
    ctx: typer.Context,
    code: Code,
    written: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="DATE", help="The date written on it.")
    ],
    noes_too: Annotated[
        bool, typer.Option("--noes-too", help="A no on it is as old as that, too; wants --why.")
    ] = False,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why a no is made older.")] = "",
) -> None:
    """Type the date that is written on a slip: a yes on it counts as said then."""
    with opened(ctx) as office:
        write_date(office, code, written.date(), noes_too=noes_too, why=why)
    Output().say("Recorded.")


@app.command("other-child")
def other_child(
    ctx: typer.Context,
    code: Code,
    pupil: Annotated[str, typer.Option(metavar="ID", help="The child whose name is written in.")],
) -> None:
    """The printed name is struck out and another child's written in: the slip counts for neither."""
    with opened(ctx) as office:
        found = name_other_child(office, code, pupil)
    out = Output()
    out.say(
        f"The slip counts no more for {found.printed_for.display_name},"
        f" and says nothing yet for {found.other.display_name}."
    )
    out.say(
        f"Key it from their own slip {found.own} if you have that, or print a fresh one."
        if found.own
        else "Print a fresh slip for them."
    )


def answers_of(texts: Sequence[str], words: Sequence[Word]) -> dict[str, Word]:
    """What `PURPOSE=word` arguments say. Raises a usage error for another shape or word."""
    return {purpose: _word(word, words, purpose) for purpose, word in map(_pair, texts)}


def pairs_of(texts: Sequence[str]) -> dict[str, str]:
    """What `PURPOSE=text` arguments say. Raises a usage error for another shape."""
    return dict(map(_pair, texts))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise typer.BadParameter(f"{text} is not of the form PURPOSE=…")
    return name.strip(), value.strip()


def _word(text: str, words: Sequence[Word], what: str) -> Word:
    for word in words:
        if text.casefold() == word:
            return word
    raise typer.BadParameter(f"{what}: {text} is none of {', '.join(words)}")


def _tell_doubts(out: Output, item: ReviewItem) -> None:
    out.table(
        [
            (
                "    " + ("pupil: " if doubt.who == "pupil" else "") + (doubt.purpose or "the sheet"),
                doubt.text,
            )
            for doubt in item.doubts
        ]
    )
