"""The command line as a whole: which commands there are, and what becomes of errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command

from consentdesk import __version__, logs
from consentdesk.cli.session import OpenWindow, Session, has_screen
from consentdesk.errors import KnownError

DONE, FAILED, WRONG_USAGE = 0, 1, 2


class Room(NamedTuple):
    """Where a command lives, and the line that the list of commands says about it."""

    module: str
    summary: str


ROOMS: Final = {
    "init": Room("init", "make a new office for a school"),
    "form": Room("form", "the school's own forms: add, list"),
    "import": Room("import_list", "a class list: show what would change, keep it with --apply"),
    "print": Room("print_forms", "forms with their slips, as one PDF"),
    "read": Room("read", "read scanned slips; say what became of every page"),
    "review": Room("review", "the doubtful slips: list, show, decide"),
    "confirm": Room("confirm", "accept the clear readings of a batch"),
    "status": Room("status", "what holds for whom, and for what"),
    "key": Room("key", "type in the answers of a slip, paper in hand"),
    "withdraw": Room("withdraw", "record that consent was taken back"),
    "withdrawal": Room("withdraw", "withdrawals: list, slips, letter, error"),
    "chase": Room("chase", "who is to be asked, reminded, asked again: list, renewals, letters, counts"),
    "people": Room("people", "pupils between two class lists: add, name, move, left, back, care, …"),
    "guardian": Room("guardian", "a pupil's guardians: list, add, change, end"),
    "staff": Room("staff", "who works here, volunteers too: list, add, left"),
    "roll-over": Room("staff", "a new school year: show what would change, take the step with --apply"),
    "restrict": Room("restrict", "safeguarding restrictions: add, list, why, lift"),
    "trip": Room("trip", "activities with pictures: plan, permit, check, sheet"),
    "publish": Room("publish", "what was published with whom: add, list"),
    "takedown": Room("publish", "what must come down: list, report"),
    "images": Room("publish", "pictures that are held: add, list, destroyed"),
    "access": Room("access", "who may use the internet: list, changes, acknowledge, end"),
    "lists": Room("privacy", "which lists and sheets are out of date"),
    "file": Room("privacy", "one pupil's whole file, other people left out"),
    "counts": Room("privacy", "answers counted for governors, without a name"),
    "retention": Room("privacy", "what has been kept for long enough"),
    "erase": Room("privacy", "a leaver's record, for good"),
    "rule": Room("privacy", "the school's own rules: list, set"),
    "export": Room("export", "a class consent list as PDF, XLSX or CSV"),
    "user": Room("user", "who may open this office: list, add, remove, password"),
    "snapshot": Room("snapshot", "an encrypted list for a teacher: issue, open, list, recall"),
    "verify": Room("safekeeping", "check every page, event and picture of the office"),
    "backup": Room("safekeeping", "copy the office into one file"),
    "restore": Room("restore", "try a backup, or put it back"),
    "backups": Room("restore", "the daily backups: place, list, run"),
    "doctor": Room("doctor", "is everything here that the work needs?"),
    "demo": Room("demo", "a made-up school, from print to consent list, with every answer checked"),
}


class Commands(TyperGroup):
    """The commands, each room imported when its command is called, so that `--help` and `status` start at once."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The names of all commands, in the order of the day's work."""
        return list(ROOMS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; a usage error that names the nearest where there is none."""
        room = ROOMS.get(cmd_name)
        if room is None:
            near = get_close_matches(cmd_name, ROOMS, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"The commands are {', '.join(ROOMS)}."
            raise typer.BadParameter(f"there is no command {cmd_name}. {hint}", ctx=ctx)
        apps = import_module(f"consentdesk.cli.{room.module}").APPS
        return get_command(apps[cmd_name])

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the list of commands from their summaries alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, room.summary) for name, room in ROOMS.items()])


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(wanted: bool) -> None:
    if wanted:
        print(f"ConsentDesk {__version__}")
        raise typer.Exit(DONE)


@app.callback(
    help="Print coded consent forms, read the returned slips, and know who may be photographed, and for what.",
    epilog="Without a command, the window opens. Exit codes: 0 done, 1 a known error, 2 wrong usage.",
)
def start(
    ctx: typer.Context,
    *,
    office: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The office's folder, else CONSENTDESK_OFFICE.")
    ] = None,
    user: Annotated[str, typer.Option(metavar="NAME", help="Who signs in, else CONSENTDESK_USER.")] = "",
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version and stop."),
    ] = False,
) -> None:
    """Note which office and user the command is about; open the window where there is no command."""
    open_window: OpenWindow | None = ctx.obj if has_screen() else None
    ctx.obj = Session(office, user, open_window)
    if ctx.invoked_subcommand is not None:
        return
    if open_window is None:
        print("There is no screen here to open the window on; please give a command.\n", file=sys.stderr)
        print(ctx.get_help(), file=sys.stderr)
        raise typer.Exit(WRONG_USAGE)
    raise typer.Exit(open_window(office))


def run(arguments: Sequence[str], open_window: OpenWindow | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a known error told in one sentence, 2 wrong usage.

    Anything unexpected is logged by its code place and told calmly; CONSENTDESK_DEBUG=1 lets it through.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show a name's letters must not stop the work.
            stream.reconfigure(errors="replace")
    logs.start()
    try:
        get_command(app).main(list(arguments), prog_name="consentdesk", obj=open_window)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    except KnownError as error:
        print(error.sentence, file=sys.stderr)
        return FAILED
    except Exception as error:
        if os.environ.get("CONSENTDESK_DEBUG") == "1":
            raise
        place = logs.record_bug(error)
        print(
            f"Something went wrong that should not have ({type(error).__name__} at {place}); "
            "what was saved before is safe; please tell whoever looks after ConsentDesk.",
            file=sys.stderr,
        )
        return FAILED
    return DONE
