"""`user`: who may open the office."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consentdesk.cli.output import Output, new_app
from consentdesk.cli.session import ask_new_password, ask_password
from consentdesk.cli.signed_in import RECOVERY, opened, opened_with_recovery
from consentdesk.services.office import add_user, change_data_key, change_password, remove_user
from consentdesk.services.safekeeping import try_recovery_sheet
from consentdesk.services.set_up import renew_recovery
from consentdesk.services.users import list_users, the_user
from consentdesk.store.slots import Role

NEW_PASSWORD = "CONSENTDESK_NEW_PASSWORD"  # noqa: S105 - the name of a variable
app = new_app()
APPS = {"user": app}

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]


@app.callback()
def users() -> None:
    """Who may open this office. New passwords are typed, or taken from CONSENTDESK_NEW_PASSWORD."""


@app.command("list")
def list_them(ctx: typer.Context) -> None:
    """Show who may sign in, and as what."""
    with opened(ctx) as office:
        Output().table([(user.name, user.role.value) for user in list_users(office)])


@app.command("add")
def add(
    ctx: typer.Context,
    name: Name,
    role: Annotated[Role, typer.Option(help="What the user is in the school.")] = Role.OFFICE,
) -> None:
    """Add a user."""
    with opened(ctx) as office:
        user = add_user(office, name, role, ask_new_password(NEW_PASSWORD))
        Output().say(f"{user.name} may now sign in as {user.role.value}.")


@app.command("remove")
def remove(ctx: typer.Context, name: Name) -> None:
    """Take a user's key away and change the office's data key. What they recorded stays under their name."""
    with opened(ctx) as office:
        user = the_user(office, name)
        remove_user(office, user.id)
        Output().say(f"{user.name} may no longer sign in. Copies that they kept can still be opened by them.")


@app.command("password")
def password(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="Whose password; your own where left out.")
    ] = "",
    from_sheet: Annotated[
        bool, typer.Option("--recovery", help="Open the office with its recovery sheet; NAME is needed.")
    ] = False,
) -> None:
    """Set a new password, your own or, as the head, anyone's.

    Where every password is lost, --recovery takes the groups of the recovery sheet instead, typed or from
    CONSENTDESK_RECOVERY.
    """
    if from_sheet and not name:
        raise typer.BadParameter("say whose password is set, such as: user password head --recovery")
    with opened_with_recovery(ctx) if from_sheet else opened(ctx) as office:
        user = the_user(office, name) if name else office.user
        change_password(office, user.id, ask_new_password(NEW_PASSWORD))
        Output().say(f"{user.name} has a new password.")


@app.command("recovery")
def recovery(
    ctx: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="Where to write it.")]
) -> None:
    """Make a new recovery sheet. The one before it opens nothing any more."""
    with opened(ctx) as office:
        renew_recovery(office, file)
        Output().say(f"Print {file}, keep it in the safe, and shred the one before it.")


@app.command("drill")
def drill(ctx: typer.Context) -> None:
    """Try whether the recovery sheet in hand would open this office. Nothing changes.

    Its groups are typed, or taken from CONSENTDESK_RECOVERY.
    """
    with opened(ctx) as office:
        try_recovery_sheet(office, ask_password("The groups of the recovery sheet: ", RECOVERY))
        Output().say("The sheet opens this office.")


@app.command("rekey")
def rekey(ctx: typer.Context) -> None:
    """Change the office's data key for everyone. Passwords and the recovery sheet stay as they are.

    Backups made before can still be opened by whoever could open them then.
    """
    with opened(ctx) as office:
        change_data_key(office)
        Output().say("The data key was changed, and both files were checked with it.")
