"""A trip's pupils as they are said and shown: sign, what is allowed, what is not, every condition (rules P3, C8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from consentdesk.desktop.look.signs import Sign, only_for, sign_of
from consentdesk.desktop.words import counted, tr
from consentdesk.model.consent import StatusWord
from consentdesk.services.trip import Group, TripCheck, TripPupil


class Line(NamedTuple):
    """A line below the sign of a pupil; one that `warns` is shown in the colour of a no."""

    words: str
    warns: bool = False


class PupilRow(NamedTuple):
    """A pupil as shown: the sign, and what goes with it."""

    pupil: TripPupil
    sign: Sign
    lines: tuple[Line, ...]

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = (self.pupil.name, self.sign.word, *(line.words for line in self.lines))
        return ", ".join(parts)


class GroupRow(NamedTuple):
    """The heading of a group, and how many are in it."""

    words: str
    pupils: str


Row = PupilRow | GroupRow


def sign_for(pupil: TripPupil) -> Sign:
    """How a pupil is shown: why not, only for some purposes, or a yes, quiet unless a condition narrows it."""
    match pupil.group:
        case "none":
            return sign_of(pupil.word)
        case "some":
            return only_for("")._replace(word=tr("Only for"))
        case "all":
            return sign_of(StatusWord.YES, "; ".join(one.words for one in pupil.conditions) or None)


def lines_for(pupil: TripPupil) -> tuple[Line, ...]:
    """What is allowed and what is not, by name, and each condition word for word."""
    lines = []
    if pupil.group == "some":
        lines.append(Line(", ".join(pupil.allowed)))
        never = [name for name, _word in pupil.statuses if name not in pupil.allowed]
        lines.append(Line(tr("Not for {purposes}").format(purposes=", ".join(never)), warns=True))
    for one in pupil.conditions:
        everywhere = len(one.purposes) == len(pupil.allowed)
        where = "" if everywhere else f" ({', '.join(one.purposes)})"
        lines.append(Line(f"“{one.words}”{where}"))
    return tuple(lines)


def rows_of(check: TripCheck, pupils: Sequence[TripPupil]) -> tuple[Row, ...]:
    """The pupils with a heading before each group that has any of them."""
    rows: list[Row] = []
    for group in ("none", "some", "all"):
        of_group = [one for one in pupils if one.group == group]
        if of_group:
            named = counted(len(of_group), tr("pupil"), tr("pupils"))
            rows.append(GroupRow(group_in_words(group, check), named))
            rows += [PupilRow(one, sign_for(one), lines_for(one)) for one in of_group]
    return tuple(rows)


def group_in_words(group: Group, check: TripCheck) -> str:
    """What a group is called; with one purpose chosen, by that purpose."""
    single = check.purposes[0].name if len(check.purposes) == 1 else ""
    match group:
        case "none":
            return tr("Do not photograph")
        case "some":
            return tr("Only for some")
        case "all":
            return tr("Yes: {purpose}").format(purpose=single) if single else tr("Yes to all")
