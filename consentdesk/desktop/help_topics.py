"""What help says, as data: short topics in plain words, and the keys of every screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from consentdesk.desktop.pieces.page import Key, PageName
from consentdesk.desktop.words import tr
from consentdesk.model.consent import StatusWord


class Topic(NamedTuple):
    """One topic: paragraphs, then numbered steps, then what is worth knowing; `page` is where it is done.

    `shows` adds the table of signs or of keys.
    """

    name: str
    title: str
    paragraphs: tuple[str, ...]
    steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    page: PageName | None = None
    way: str = ""
    shows: str = ""


def topics() -> tuple[Topic, ...]:
    """Every topic, in the order of a school's year."""
    return tuple(make() for make in _TOPICS)


def _begin() -> Topic:
    return Topic(
        "begin",
        tr("From paper to answer"),
        (tr("ConsentDesk asks families on paper, reads what comes back, and tells what is allowed."),),
        (
            tr("Import your class list. You see what it would change before anything is kept."),
            tr("Print forms. Each slip carries a code of its own, so nobody types names."),
            tr("Scan what comes back, all in one pile, whichever way up."),
            tr("Decide about the slips that the reader was not sure of."),
            tr("Look at the clear ones on a sheet, and confirm them. Only then does a yes count."),
            tr("Check a class before a trip, or export its list."),
        ),
        (
            tr("Nothing leaves this computer. There is no cloud, no account and no internet connection."),
            tr(
                "Every paper that goes through the scanner is kept and counted, also those that cannot be read."
            ),
        ),
    )


def _yes() -> Topic:
    return Topic(
        "yes",
        tr("What a yes means"),
        (
            tr(
                "A yes counts when its box is clearly marked, the slip is signed, a person here has confirmed it, and "
                "it has not come to its end. If any of these is missing, it acts as a no."
            ),
            tr(
                "Nothing is ever yes because nobody said no: a form that has not come back, a question that was not "
                "asked and a mark that nobody has looked at all act as no."
            ),
        ),
        (),
        (
            tr("A no holds at once, also one that only the machine has read."),
            tr("If two guardians disagree, the answer is no until the family has settled it."),
            tr("Where a pupil answers too, both must say yes. The pupil’s no wins."),
            tr("A yes is for one purpose. A yes to the website says nothing about social media."),
            tr("What a family wrote beside a yes narrows it, and stands word for word on every list."),
            tr("A yes ends with the school year, unless your form says otherwise. Then you ask again."),
        ),
    )


def _signs() -> Topic:
    return Topic(
        "signs",
        tr("What the signs mean"),
        (
            tr(
                "Each sign is a word and a shape, so it can be told in grey as well. Only “Yes” allows anything."
            ),
        ),
        shows="signs",
    )


def _trip() -> Topic:
    return Topic(
        "trip",
        tr("Before a trip"),
        (
            tr(
                "Who may not be photographed stands first. Whoever is not on the list may not be photographed."
            ),
        ),
        (
            tr("Open “Check a trip” and press the class."),
            tr("Say what the pictures are for, if they are not for everything."),
            tr("Print the list, or save it. It says as at when it holds."),
        ),
        (
            tr("“Only for” names each place where a picture may be used. Everywhere else it may not."),
            tr("A list is right at the moment it says. Check again if somebody withdraws after that."),
            tr("No list says why a pupil may not be photographed. Please do not ask them either."),
        ),
        "trip",
        tr("Check a trip"),
    )


def _withdraw() -> Topic:
    return Topic(
        "withdraw",
        tr("When somebody withdraws"),
        (
            tr(
                "Anybody may take consent back at any time, in any way, without a reason. It holds from the moment "
                "you record it."
            ),
        ),
        (
            tr("Find the pupil, and press “Record a withdrawal”."),
            tr("Tick what is withdrawn, and say how it was said and by whom, if you know."),
            tr("Read the question that comes back, and press “Record the withdrawal”."),
            tr("Print the lists of the class anew, and take down what is already out where you can."),
        ),
        (
            tr("To give consent again takes a yes on a slip that was printed after the withdrawal."),
            tr("A slip that was printed before and comes in later does not bring the yes back."),
        ),
        "pupils",
        tr("Find the pupil"),
    )


def _scanning() -> Topic:
    return Topic(
        "scanning",
        tr("Scanning and deciding"),
        (
            tr(
                "Scan at 200 or 300 dpi into the folder that is set under Settings, or drop the files onto the window. "
                "Upside down, sideways and mixed with other pages is all right."
            ),
            tr(
                "What the reader is not sure of waits for a person: two boxes marked, none, a faint or crossed-out "
                "mark, handwriting, a missing signature."
            ),
        ),
        (),
        (
            tr("A slip in review acts as no until you have decided."),
            tr(
                "A slip without a code that can be read lies in the tray. Type the code that is printed on it."
            ),
            tr("Every decision can be undone with Ctrl+Z. What was decided before stays in the history."),
        ),
        "scan",
        tr("Scan and review"),
    )


def _safety() -> Topic:
    return Topic(
        "safety",
        tr("Keeping it safe"),
        (
            tr(
                "All that ConsentDesk knows is encrypted on this computer. It opens with your password, or with the "
                "recovery sheet from the safe."
            ),
        ),
        (),
        (
            tr("Lock with Ctrl+L when you leave the desk. It locks itself after a while, too."),
            tr("Back up under Settings, at least once a week, onto another disk."),
            tr(
                "If you forgot your password, choose “Forgotten?” where you sign in, and use the recovery sheet."
            ),
            tr(
                "A list that you print, save or export is not protected any more. Shred or delete it after use."
            ),
            tr("Everyone signs in with a name of their own: the history says who recorded what."),
        ),
        "settings",
        tr("Open the settings"),
    )


def _keys() -> Topic:
    return Topic(
        "keys",
        tr("Keys"),
        (tr("Everything can be done without the mouse. Press ? on any screen to see its keys."),),
        shows="keys",
    )


_TOPICS: Final[tuple[Callable[[], Topic], ...]] = (
    _begin, _yes, _signs, _trip, _withdraw, _scanning, _safety, _keys,
)  # fmt: skip


def meanings() -> tuple[tuple[StatusWord, str], ...]:
    """What each status means. A restriction reads as a no and is not told apart (rule A6)."""
    return (
        (StatusWord.YES, tr("Allowed, for this purpose.")),
        (StatusWord.NO, tr("Not allowed. Nobody needs to say why.")),
        (StatusWord.WITHDRAWN, tr("Was taken back. A new slip is needed to give it again.")),
        (
            StatusWord.CONFLICTING,
            tr("The same slip came back with different marks. Not allowed until settled."),
        ),
        (StatusWord.PENDING, tr("Somebody else has to agree first, or say who signed. Not allowed yet.")),
        (StatusWord.AWAITING_REVIEW, tr("Somebody has to look at the slip. Not allowed until then.")),
        (StatusWord.UNSIGNED, tr("The slip says yes and is not signed. Not allowed: ask again.")),
        (StatusWord.UNCONFIRMED, tr("Read by the machine, seen by nobody. Not allowed until confirmed.")),
        (StatusWord.EXPIRED, tr("Was a yes, and its time is over. Not allowed: ask again.")),
        (
            StatusWord.NO_REPLY,
            tr("A form was printed, and no answer that counts has come back. Not allowed."),
        ),
        (StatusWord.NOT_ASKED, tr("Nobody has asked. Not allowed.")),
    )


def keys_of_pages() -> dict[PageName, tuple[Key, ...]]:
    """The keys of each screen that has any of its own."""
    return {
        "print": (
            Key("Page Down, Page Up", tr("Next page, page before")),
            Key("Ctrl++, Ctrl+-", tr("Larger, smaller")),
            Key("Ctrl+0", tr("The whole page")),
        ),
        "scan": (
            Key("Y", tr("Yes")),
            Key("N", tr("No")),
            Key("U", tr("Unclear: ask the family again")),
            Key("S", tr("Skip: come back to it at the end")),
            Key("Ctrl+Z", tr("Take back the last decision")),
            Key("+   –   0", tr("In the picture: closer, further away, all of it")),
        ),
        "trip": (
            Key("Ctrl+F", tr("Find a pupil of the class")),
            Key("↑ ↓", tr("Go from pupil to pupil")),
            Key("Ctrl+P", tr("Print the list")),
            Key("Esc", tr("Empty the search box, or back to the list")),
        ),
        "pupils": (
            Key("Ctrl+F", tr("Find a pupil by name or number")),
            Key("↓", tr("From the search box to what was found")),
            Key("Enter", tr("Open the class or pupil that is chosen")),
            Key("Esc", tr("Empty the search box, or back to the list")),
        ),
    }


def keys_everywhere() -> tuple[Key, ...]:
    """The keys that work on every screen, besides those of the screens themselves."""
    return (
        Key("Ctrl+F", tr("Find a pupil")),
        Key("Ctrl+Z", tr("Undo")),
        Key("Ctrl+L", tr("Lock, or let somebody else sign in")),
        Key("?", tr("The keys of this screen")),
        Key("Tab, Shift+Tab", tr("To the next field or button, and back")),
        Key("Space, Enter", tr("Press the button that has the frame")),
    )
