"""Words on the screen: where they are translated, and how counts, days and other people's names are put into them."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication

FIRST_ISOLATE, END_ISOLATE = "\u2068", "\u2069"


def tr(text: str) -> str:
    """`text` in the language of the window. Values are put in afterwards: `tr("Add {count}").format(count=3)`."""
    return QCoreApplication.translate("ConsentDesk", text)


def counted(number: int, one: str, many: str) -> str:
    """A number and what it counts: `counted(2, tr("slip"), tr("slips"))` is `2 slips`."""
    return f"{number:,} {one if number == 1 else many}"


def isolated(name: str) -> str:
    """A name inside a sentence: whichever way it is written, it cannot turn round the words beside it."""
    return f"{FIRST_ISOLATE}{name}{END_ISOLATE}"


def day_in_words(day: date) -> str:
    """`21 September 2026`."""
    return f"{day.day} {day:%B %Y}"


def moment_in_words(moment: datetime, now: datetime) -> str:
    """`today at 9:41`, `yesterday at 16:02`, or `21 September 2026 at 9:41`; both moments aware."""
    local = moment.astimezone()
    days = (now.astimezone().date() - local.date()).days
    time = f"{local.hour}:{local:%M}"
    if days == 0:
        return tr("today at {time}").format(time=time)
    if days == 1:
        return tr("yesterday at {time}").format(time=time)
    return tr("{day} at {time}").format(day=day_in_words(local.date()), time=time)


def time_left(seconds: float | None) -> str:
    """`about 3 minutes left`; empty where nobody can tell yet."""
    if seconds is None:
        return ""
    if seconds < 50:  # noqa: PLR2004 - from here on it is called a minute
        return tr("less than a minute left")
    minutes = round(seconds / 60)
    if minutes <= 90:  # noqa: PLR2004 - longer ones are told in hours
        return tr("about {time} left").format(time=counted(max(minutes, 1), tr("minute"), tr("minutes")))
    return tr("about {time} left").format(time=counted(round(minutes / 60), tr("hour"), tr("hours")))
