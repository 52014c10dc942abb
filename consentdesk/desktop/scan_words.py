"""The words of scan and review: the heads of its views, and what they say when nothing waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from consentdesk.desktop.words import counted, isolated, moment_in_words, tr
from consentdesk.services.look_at_slip import SeenSlip
from consentdesk.services.waiting import DoneIn


def view_names() -> dict[str, str]:
    """What the views of the page are called."""
    return {"inbox": tr("Inbox"), "review": tr("Review"), "confirm": tr("Confirm"), "tray": tr("Tray")}


def review_title(place: tuple[int, int], seen: SeenSlip | None, now: datetime | None) -> tuple[str, str]:
    """Which slip of how many, and whose it is."""
    parts = []
    if seen is not None:
        parts = [
            isolated(seen.name),
            tr("Class {name}").format(name=seen.school_class) if seen.school_class else tr("No class"),
            seen.form,
        ]
    if seen is not None and now is not None:
        parts.append(tr("scanned {when}").format(when=moment_in_words(seen.came, now)))
    number, count = place
    return tr("Review slip {number} of {count}").format(number=number, count=count), " · ".join(parts)


def confirm_title(rows: Sequence[SeenSlip], waiting: int) -> tuple[str, str]:
    """How many of the clear slips lie on this sheet, and what to do with it."""
    line = tr("Compare each box with the shape beside it: what you confirm, counts.")
    if not rows:
        return tr("Confirm clear slips"), line
    slips = counted(waiting, tr("clear slip"), tr("clear slips"))
    title = tr("Confirm {shown} of {slips}").format(shown=len(rows), slips=slips)
    return title, f"{isolated(rows[0].form)} · {line}"


def tray_title() -> tuple[str, str]:
    """What the tray is."""
    return tr("The tray"), tr(
        "Slips whose owner is not known, and copies of others. Nothing here is ever thrown away."
    )


def keying_title() -> tuple[str, str]:
    """A slip is keyed that never saw the scanner."""
    return tr("Key a slip by hand"), tr("With the paper before you. Put it into the file afterwards.")


def empty_tray() -> tuple[str, str]:
    """Nothing lies in the tray."""
    return tr("The tray is empty"), tr("Every page that came in has found its owner.")


def nothing_to_confirm() -> tuple[str, str]:
    """No clear slip waits."""
    return tr("Nothing to confirm"), tr("Every clear slip has been looked at and confirmed.")


def nothing_to_review(done: DoneIn | None, clear: int) -> tuple[str, str]:
    """No slip is in doubt: what was done today, and what still waits to be confirmed."""
    heading, parts = tr("No slips to review"), []
    if done is not None and done.slips:
        heading = tr("All {slips} done").format(slips=counted(done.slips, tr("slip"), tr("slips")))
        parts.append(done_words(done))
    if clear:
        waits = tr("{slips} read without doubt still to be confirmed.")
        parts.append(waits.format(slips=counted(clear, tr("slip"), tr("slips"))))
    return heading, " ".join(parts) or tr("New ones appear here as they come in.")


def done_words(done: DoneIn) -> str:
    """`37 read without help, 3 confirmed by you.`"""
    parts = [tr("{slips} read without help").format(slips=f"{done.slips - done.helped:,}")]
    if done.by_user:
        parts.append(tr("{slips} decided by you").format(slips=f"{done.by_user:,}"))
    if done.helped > done.by_user:
        parts.append(tr("{slips} decided by others").format(slips=f"{done.helped - done.by_user:,}"))
    return ", ".join(parts) + "."
