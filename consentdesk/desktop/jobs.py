"""The one runner: whatever may take time happens on a thread of its own, in order, and tells the window how it goes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from consentdesk.services.progress import Job, Progress

TOLD_EVERY_S: Final = 0.1
"""Seconds between two messages about progress."""
_SURE_AFTER_S: Final = 2.0


def is_there(owner: QObject) -> bool:
    """Whether Qt has not yet destroyed what `owner` stands for."""
    try:
        owner.isWidgetType()
    except RuntimeError:
        return False
    return True


class Estimate:
    """How many seconds a job still takes, from how far it came since it began to count what it counts now."""

    def __init__(self) -> None:
        self._counting: tuple[str, int] | None = None
        self._since = 0.0
        self._first = 0

    def seconds_left(self, progress: Progress, now: float) -> float | None:
        """From a reading of the clock `now` in seconds; None while nobody can tell."""
        counting = (progress.what, progress.total)
        if counting != self._counting:
            self._counting, self._since, self._first = counting, now, progress.done
        done, passed = progress.done - self._first, now - self._since
        if not progress.total or done <= 0 or passed < _SURE_AFTER_S:
            return None
        return passed / done * max(progress.total - progress.done, 0)


class Task(QObject):
    """Something that was asked of the runner; lives in the window's thread.

    `progressed` carries a `Progress` and the seconds left or None. `ended` comes last, however it ended.
    """

    progressed = Signal(object, object)
    ended = Signal()

    def __init__(self, parent: QObject, *, is_job: bool) -> None:
        super().__init__(parent)
        self.is_job = is_job
        self.running = True
        self.stopping = False
        self.progress = Progress(0, 0, "")
        self.left: float | None = None

    def cancel(self) -> None:
        """Stop at the next place where it can; what is done is kept."""
        self.stopping = True

    def tell(self, progress: Progress, left: float | None) -> None:
        """Note how far it is."""
        self.progress, self.left = progress, left
        self.progressed.emit(progress, left)

    def end(self) -> None:
        """Note that it is over."""
        self.running = False
        self.ended.emit()


@dataclass(frozen=True)
class Answer:
    """What becomes of a piece of work, called in the window's thread while `owner` exists.

    `then` takes the result, `stopped` is called where it was cancelled. `otherwise` takes the error, and is
    called even when `owner` has gone: no error is lost.
    """

    owner: QObject
    then: Callable[[Any], object]
    otherwise: Callable[[BaseException], object]
    stopped: Callable[[], object]


@dataclass(frozen=True)
class _Work:
    task: Task
    begin: Callable[[], Any]
    answer: Answer


class Runner(QObject):
    """One thread for everything that shares one thing, such as the open office.

    Questions are answered between two steps of a job, so that a look-up never waits for a whole job. Jobs and
    `errand`s keep their order. Nothing of it works in the window's thread but the answers.
    """

    _post = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions: deque[_Work] = deque()
        self._errands: deque[_Work] = deque()
        self._wake = threading.Condition()
        self._ending = False
        self._current: Task | None = None
        self._post.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    @property
    def job(self) -> Task | None:
        """The job that is running, if any."""
        current = self._current
        return current if current is not None and current.running else None

    def question(self, begin: Callable[[], Any], answer: Answer) -> Task:
        """Call `begin` as soon as the thread is between two steps."""
        return self._take(self._questions, begin, answer, is_job=False)

    def errand(self, begin: Callable[[], Any], answer: Answer) -> Task:
        """Call `begin` once everything asked for before is done, jobs too."""
        return self._take(self._errands, begin, answer, is_job=False)

    def start_job(self, begin: Callable[[], Job[Any]], answer: Answer) -> Task:
        """Begin a job once those before it are done, and advance it to its end, or until it is cancelled."""
        return self._take(self._errands, begin, answer, is_job=True)

    def stop(self) -> None:
        """Cancel what runs, drop what waits, and wait for the thread to end. What a job has done is kept."""
        with self._wake:
            self._ending = True
            self._questions.clear()
            for work in self._errands:
                work.task.stopping = True
            if self._current is not None:
                self._current.stopping = True
            self._wake.notify()
        self._thread.join()

    def _take(self, queue: deque[_Work], begin: Callable[[], Any], answer: Answer, *, is_job: bool) -> Task:
        task = Task(self, is_job=is_job)
        with self._wake:
            queue.append(_Work(task, begin, answer))
            self._wake.notify()
        return task

    # On the runner's own thread from here on, but for `_deliver`.

    def _work(self) -> None:
        while (work := self._next()) is not None:
            if work.task.stopping and work.task.is_job:
                self._tell(work, work.answer.stopped)
            elif work.task.is_job:
                self._advance(work)
            else:
                self._do(work)

    def _next(self) -> _Work | None:
        with self._wake:
            while not self._questions and not self._errands:
                if self._ending:
                    return None
                self._wake.wait()
            if self._questions:
                return self._questions.popleft()
            return self._errands.popleft()

    def _do(self, work: _Work) -> None:
        try:
            result = work.begin()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the window is told
            self._tell(work, work.answer.otherwise, error)
        else:
            self._tell(work, work.answer.then, result)

    def _advance(self, work: _Work) -> None:
        """Run a job, answering questions between its steps."""
        task, estimate, told = work.task, Estimate(), 0.0
        self._current = task
        try:
            job = work.begin()
            while not task.stopping:
                try:
                    progress = next(job)
                except StopIteration as end:
                    self._tell(work, work.answer.then, end.value)
                    return
                now = monotonic()
                left = estimate.seconds_left(progress, now)
                if now - told >= TOLD_EVERY_S:
                    told = now
                    self._post.emit(lambda progress=progress, left=left: task.tell(progress, left))
                self._answer_questions()
            job.close()
            self._tell(work, work.answer.stopped)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the window is told
            self._tell(work, work.answer.otherwise, error)
        finally:
            self._current = None

    def _answer_questions(self) -> None:
        while True:
            with self._wake:
                if not self._questions:
                    return
                work = self._questions.popleft()
            self._do(work)

    def _tell(self, work: _Work, what: Callable[..., object], *values: object) -> None:
        def tell() -> None:
            try:
                if what is work.answer.otherwise or is_there(work.answer.owner):
                    what(*values)
            finally:
                work.task.end()
                work.task.deleteLater()

        self._post.emit(tell)

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        """In the window's thread: what the other one wants said."""
        call()
