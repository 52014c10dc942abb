"""The queue of review behind the screen: slips made ready ahead, decisions recorded meanwhile, and taken back."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.slip_picture import decoded
from consentdesk.desktop.words import tr
from consentdesk.services.confirm_sheet import confirm_sheet, put_back
from consentdesk.services.look_at_slip import SeenAnswer, SeenSlip, look_at
from consentdesk.services.office import Office
from consentdesk.services.review import DecisionWord
from consentdesk.services.review_steps import Step, verdict_of
from consentdesk.services.take_back import Undo, decide_once, take_back

_AHEAD: Final = 3
"""Slips that are made ready before they are asked for."""


class Ready(NamedTuple):
    """A slip with the decoded pictures of its copies, ready to be shown."""

    seen: SeenSlip
    images: tuple[QImage, ...]


@dataclass
class _Made:
    """A decision: about which slip, in which step, and how it is undone, None until it is recorded."""

    reading: str
    step: Step | None
    undo: Undo | None = None


def made_ready(office: Office, reading: str) -> Ready:
    """Look a slip up and decode its pictures; on the desk's own thread."""
    seen = look_at(office, reading)
    return Ready(seen, tuple(decoded(copy.picture) for copy in seen.copies))


class ReviewQueue(QObject):
    """What waits, by the ids of the readings, and the `steps` through the first of them.

    `moved` when another slip or step is to be shown, `said` carries a word for the toast, `changed` when a
    decision was recorded or taken back. `done` counts the slips that were finished since the queue began.
    """

    moved = Signal()
    said = Signal(str)
    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.waiting: deque[str] = deque()
        self.done = 0
        self.steps: list[Step] = []
        self._ready: dict[str, Ready] = {}
        self._coming: set[str] = set()
        self._shown = ""
        self._made: list[_Made] = []
        self._writing = 0

    @property
    def current(self) -> Ready | None:
        """The slip that is to be shown; None while it is not there yet, or nothing waits."""
        return self._ready.get(self.waiting[0]) if self.waiting else None

    @property
    def step(self) -> Step | None:
        """What is asked of it now; None where nothing is in doubt."""
        return self.steps[0] if self.steps else None

    @property
    def can_undo(self) -> bool:
        """Whether there is a decision to take back."""
        return bool(self._made)

    @property
    def place(self) -> tuple[int, int]:
        """Which slip of how many is shown."""
        return self.done + 1, self.done + len(self.waiting)

    def take_over(self, readings: Sequence[str]) -> None:
        """Take over what waits now; the slip that is shown stays, new ones come last."""
        if self._writing:
            return  # what is being recorded would come back for a moment
        wanted = set(readings)
        kept = [one for one in self.waiting if one in wanted]
        if not kept:
            self.done = 0
        known = set(kept)
        self.waiting = deque([*kept, *(one for one in readings if one not in known)])
        self._go_on()

    def decide(self, word: DecisionWord, guardian: str, condition: str) -> None:
        """Decide about what is asked, and go on at once; it is recorded meanwhile."""
        now = self.current
        if now is None:
            return
        made = _Made(now.seen.reading, self.step)
        step, code, reading = made.step, now.seen.code, now.seen.reading

        def record(office: Office) -> Ready:
            if step is None:
                # Nothing is in doubt, and the whole slip was seen: that is as good as a sheet of crops.
                put_back(office, reading)
                confirmed = confirm_sheet(office, [reading], {reading: guardian})
                made.undo = confirmed._replace(states=((reading, "review"),))
            else:
                verdict = verdict_of(step, word, guardian=guardian, condition=condition)
                made.undo = decide_once(office, code, verdict).undo
            return made_ready(office, reading)

        self.steps = self.steps[1:]
        self._made.append(made)
        self._writing += 1
        self._desk.ask(
            self, record, lambda after: self._recorded(made, after), lambda error: self._refuse(made, error)
        )
        if self.steps:
            self.moved.emit()
        else:
            self.waiting.popleft()
            self.done += 1
            self._go_on()

    def turn(self, answer: SeenAnswer) -> None:
        """Ask about a question that somebody chose, in doubt or not."""
        asked = answer.who, (answer.purpose,)
        open_one = next(
            (one for one in self.steps if one.kind == "question" and (one.who, one.purposes) == asked), None
        )
        read_as = tr("It was read as {word}.").format(word=tr(answer.answer))
        texts = () if answer.answer == "review" else (read_as,)
        wanted = open_one or Step("question", answer.who, (answer.purpose,), (), texts)
        self.steps = [wanted, *(one for one in self.steps if one is not open_one)]
        self.moved.emit()

    def skip(self) -> None:
        """Put the slip at the end of the queue."""
        if len(self.waiting) > 1:
            self.waiting.rotate(-1)
            self._go_on()
        elif self.waiting:
            self.said.emit(tr("This is the only slip left."))

    def undo(self) -> bool:
        """Take back the last decision, and go to what it was about; False where there is none."""
        if not self._made:
            return False
        made = self._made.pop()

        def take(office: Office) -> Ready:
            if made.undo is not None:
                take_back(office, made.undo)
            return made_ready(office, made.reading)

        self._desk.ask(self, take, lambda ready: self._taken_back(made, ready))
        return True

    def _recorded(self, made: _Made, after: Ready) -> None:
        self._writing -= 1
        self._ready[made.reading] = after
        if after.seen.steps and made.reading not in self.waiting:
            # Something is still open that was not foreseen: it comes next.
            self.done = max(self.done - 1, 0)
            self.waiting.insert(1 if self.waiting else 0, made.reading)
            self._go_on()
        elif self.waiting and made.reading == self.waiting[0] and not self._writing:
            self.steps = list(after.seen.steps) or self.steps
        self._forget_far()
        self.moved.emit()
        if not self._writing:
            self.changed.emit()

    def _refuse(self, made: _Made, error: BaseException) -> None:
        self._writing -= 1
        if made in self._made:
            self._made.remove(made)
        self._ready.pop(made.reading, None)
        self.said.emit(told(error).sentence)
        self.changed.emit()

    def _taken_back(self, made: _Made, ready: Ready) -> None:
        self._ready[made.reading] = ready
        if made.reading in self.waiting:
            self.waiting.remove(made.reading)
        else:
            self.done = max(self.done - 1, 0)
        self.waiting.appendleft(made.reading)
        self._shown = ""
        self._go_on()
        same = [one for one in self.steps if made.step and one.purposes == made.step.purposes]
        self.steps = [*same, *(one for one in self.steps if one not in same)]
        self.moved.emit()
        self.said.emit(tr("Taken back. Both stay in the history; decide again."))
        self.changed.emit()

    def _go_on(self) -> None:
        """Turn to the first of the queue, and have the following made ready."""
        for reading in list(self.waiting)[: _AHEAD + 1]:
            self._prepare(reading)
        now = self.current
        if now is None:
            self._shown, self.steps = "", []
        elif now.seen.reading != self._shown:
            self._shown = now.seen.reading
            self.steps = list(now.seen.steps)
        self.moved.emit()

    def _prepare(self, reading: str) -> None:
        if reading in self._ready or reading in self._coming:
            return
        self._coming.add(reading)
        self._desk.ask(
            self,
            lambda office: made_ready(office, reading),
            self._arrived,
            lambda error: self._missing(reading, error),
        )

    def _arrived(self, ready: Ready) -> None:
        self._coming.discard(ready.seen.reading)
        self._ready[ready.seen.reading] = ready
        if self.waiting and self.waiting[0] == ready.seen.reading and not self._shown:
            self._go_on()

    def _missing(self, reading: str, error: BaseException) -> None:
        self._coming.discard(reading)
        if reading in self.waiting:
            self.waiting.remove(reading)
        self.said.emit(told(error).sentence)
        self._go_on()

    def _forget_far(self) -> None:
        """Keep only what may be needed soon: a picture takes a megabyte or two."""
        near = {*list(self.waiting)[: _AHEAD + 2], *(made.reading for made in self._made[-2:])}
        self._ready = {reading: ready for reading, ready in self._ready.items() if reading in near}
