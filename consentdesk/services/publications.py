"""What was published with whom: recorded with its sign-off, and refused for whoever is not a yes that day (rule I1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import uuid4

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.activity import Publication, permission_state
from consentdesk.model.people import Pupil
from consentdesk.model.school_events import Published
from consentdesk.model.status import statuses_for
from consentdesk.services.forms import questions, the_purposes
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.services.trips import permissions_of, the_trip
from consentdesk.store import ledger, people, publications

_MOST_NAMED = 12


class ToPublish(NamedTuple):
    """What somebody means to publish.

    `purposes` are all that it needs (a picture on the website with a full name needs two), `place` its address,
    issue or wall, `editor` who signed it off. `pupils` are ids, numbers or names. `conditions_met` is the
    editor's word that it keeps to every condition of these pupils.
    """

    what: str
    purposes: tuple[str, ...]
    place: str
    day: date
    editor: str
    pupils: tuple[str, ...]
    activity: str | None = None
    conditions_met: bool = False


class PublishedPupil(msgspec.Struct, frozen=True):
    """A pupil in a publication, by the name that is used now."""

    pupil: str
    name: str
    school_class: str


class PublicationTold(msgspec.Struct, frozen=True):
    """A publication as people know it."""

    publication: str
    what: str
    purposes: tuple[str, ...]
    place: str
    day: date
    editor: str
    pupils: tuple[PublishedPupil, ...]


def publish(office: Office, wanted: ToPublish) -> Publication:
    """Record a publication with its sign-off.

    Raises `KnownError`, and records nothing, where a word is missing, a purpose or pupil unknown, the day not
    yet come, a pupil's status for any of the purposes not yes on that day, or a condition is not known to be
    kept; for pictures of an activity also where it was not permitted, or not for these purposes (rule A7).
    """
    require(office, "record-publications")
    _refuse_missing_words(wanted)
    if wanted.day > office.today:
        raise KnownError(
            "that day has not come yet", "nothing was recorded", "record it on the day it is published"
        )
    purposes = tuple(the_purposes(office, wanted.purposes))
    pupils = list({pupil.id: pupil for pupil in (the_pupil(office, one) for one in wanted.pupils)}.values())
    activity = _activity(office, wanted, purposes)
    _refuse_unless_yes(office, pupils, purposes, wanted)
    publication = Publication(
        uuid4().hex,
        " ".join(wanted.what.split()),
        purposes,
        wanted.place.strip(),
        wanted.day,
        wanted.editor.strip(),
        tuple(pupil.id for pupil in pupils),
        activity,
    )
    with office.db.writing():
        publications.keep_publication(office.db, publication)
        published = Published(publication.id, publication.day, purposes, publication.pupils)
        record(office, [Happening(published)])
    return publication


def published(office: Office, pupil: str | None = None) -> tuple[PublicationTold, ...]:
    """Everything that was published, or where one pupil was, the latest first. Raises `KnownError` for nobody."""
    require(office, "see-status")
    if pupil is None:
        found = publications.publications(office.db)
    else:
        found = publications.publications_of(office.db, the_pupil(office, pupil).id)
    known = people.pupils_named(office.db, {one for publication in found for one in publication.pupils})
    names = {purpose: question.name for purpose, question in questions(office).items()}
    return tuple(
        PublicationTold(
            one.id,
            one.what,
            tuple(names.get(purpose, purpose) for purpose in one.purposes),
            one.place,
            one.day,
            one.editor,
            tuple(
                PublishedPupil(pupil.id, pupil.display_name, pupil.class_name)
                for pupil in sorted((known[name] for name in one.pupils), key=lambda each: each.sort_key)
            ),
        )
        for one in found
    )


def _refuse_missing_words(wanted: ToPublish) -> None:
    words = {
        "what it is": wanted.what,
        "where it is": wanted.place,
        "who signed it off": wanted.editor,
    }
    missing = [what for what, text in words.items() if not text.strip()]
    if not wanted.purposes:
        missing.append("a purpose")
    if not wanted.pupils:
        missing.append("the pupils in it")
    if missing:
        raise KnownError(
            f"the publication wants {', '.join(missing)}", "nothing was recorded", "say that as well"
        )


def _activity(office: Office, wanted: ToPublish, purposes: Sequence[str]) -> str | None:
    """The id of the activity that pictures come from, where one is named and covers them."""
    if wanted.activity is None:
        return None
    activity = the_trip(office, wanted.activity)
    if permission_state(activity.plan, permissions_of(office, activity.id)) != "given":
        raise KnownError(
            f"pictures at {activity.plan.title} were never permitted",
            "nothing was recorded",
            "do not publish them",
        )
    beyond = [purpose for purpose in purposes if purpose not in activity.plan.purposes]
    if beyond:
        raise KnownError(
            f"pictures at {activity.plan.title} were not permitted for {', '.join(beyond)}",
            "nothing was recorded",
            "do not publish them there",
        )
    return activity.id


def _refuse_unless_yes(
    office: Office, pupils: Sequence[Pupil], purposes: Sequence[str], wanted: ToPublish
) -> None:
    """Names who may not be in it and never why (rules A6, D1); what was withdrawn since that day is not looked at."""
    refused, narrowed = [], []
    for pupil in pupils:
        found = statuses_for(ledger.events_of(office.db, pupil.id), purposes, wanted.day)
        statuses = [found[purpose] for purpose in purposes]
        if any(status.acts_as != "yes" for status in statuses):
            refused.append(pupil.display_name)
        narrowed += [f"{pupil.display_name}: “{one.condition}”" for one in statuses if one.condition]
    if refused:
        raise KnownError(
            f"{_named(refused)} may not be published there on that day",
            "nothing was recorded",
            "take them out, or take it down if it is published already",
        )
    if narrowed and not wanted.conditions_met:
        raise KnownError(
            f"there are conditions to keep to: {_named(list(dict.fromkeys(narrowed)))}",
            "nothing was recorded",
            "say that it keeps to them, or take the pupil out",
        )


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
