"""The desk: the one thread that holds the open office, and the only way in which pages reach it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from consentdesk.desktop.jobs import Answer, Runner, Task, is_there
from consentdesk.services.progress import Job

if TYPE_CHECKING:
    from consentdesk.desktop.door import Founded, Opened, Session
    from consentdesk.services.kept_reader import KeptReader
    from consentdesk.services.made_up_school import MadeUpSchool
    from consentdesk.services.office import Office

Result = TypeVar("Result")
Then = Callable[[Result], object]
Otherwise = Callable[[BaseException], object]


def _nothing(*_: object) -> None:
    """What is done with an answer that nobody waits for."""


class Desk(QObject):
    """Signing in and out, look-ups and jobs.

    A connection to the office belongs to the thread that opened it, so everything about an office happens on
    the desk's own thread: a page hands over a function that takes the `Office`, and gets the result back in
    the window's thread. What lasts is a service's `Job`, and goes through `run`. Work that needs no office,
    such as looking into a folder on a share, goes through `aside`, on a second thread.

    `failed` carries every error that nobody else takes care of. `job_started` carries the `Task` of each job.
    """

    signed_in = Signal(object)
    signed_out = Signal()
    failed = Signal(object)
    job_started = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session: Session | None = None
        self._opened: Opened | None = None  # touched on the runner's thread alone
        self._runner = Runner("office", self)
        self._aside = Runner("aside", self)

    @property
    def job(self) -> Task | None:
        """The job that is running, if any."""
        return self._runner.job

    def ask(
        self,
        owner: QObject,
        question: Callable[[Office], Result],
        then: Then[Result] = _nothing,
        otherwise: Otherwise | None = None,
    ) -> Task:
        """Call `question` with the open office between two steps of whatever job runs; at most some 50 ms of work.

        `then` gets its result. An error goes to `otherwise`, or else to the one place that shows errors. Both
        are called in the window's thread, and not at all once `owner` is gone or the office is closed.
        """
        return self._runner.question(lambda: question(self._open()), self._answer(owner, then, otherwise))

    def run(
        self,
        owner: QObject,
        job: Callable[[Office], Job[Result]],
        then: Then[Result] = _nothing,
        otherwise: Otherwise | None = None,
        stopped: Callable[[], object] = _nothing,
    ) -> Task:
        """Begin a service's job once those before it are done; the task tells its progress and can be cancelled."""
        return self._start(lambda: job(self._open()), self._answer(owner, then, otherwise, stopped))

    def read(
        self,
        owner: QObject,
        job: Callable[[Office, KeptReader], Job[Result]],
        then: Then[Result] = _nothing,
        otherwise: Otherwise | None = None,
        stopped: Callable[[], object] = _nothing,
    ) -> Task:
        """Begin a job that reads scans, with the reader that is kept until the office is left; else as `run`."""

        def begin() -> Job[Result]:
            inside = self._inside()
            return job(inside.office, inside.reader)

        return self._start(begin, self._answer(owner, then, otherwise, stopped))

    def aside(
        self,
        owner: QObject,
        work: Callable[[], Result],
        then: Then[Result] = _nothing,
        otherwise: Otherwise | None = None,
    ) -> Task:
        """Do what may take long and needs no office, such as reading a folder, on the second thread.

        It is done between two steps of a job that runs there.
        """
        return self._aside.question(work, self._answer(owner, then, otherwise))

    def run_aside(
        self,
        owner: QObject,
        job: Callable[[], Job[Result]],
        then: Then[Result] = _nothing,
        otherwise: Otherwise | None = None,
    ) -> Task:
        """Begin a job that needs no office, such as printing, on the second thread."""
        return self._aside.start_job(job, self._answer(owner, then, otherwise))

    def names(
        self, owner: QObject, folder: Path, then: Then[tuple[str, ...]], otherwise: Otherwise | None = None
    ) -> Task:
        """Who may sign in to the office in `folder`; nobody where there is none."""
        return self._runner.errand(
            lambda: _door().who_may_enter(folder), self._answer(owner, then, otherwise)
        )

    def sign_in(
        self, owner: QObject, folder: Path, user: str | None, password: str, otherwise: Otherwise
    ) -> Task:
        """Open the office; `signed_in` follows. Waits for a job that still runs from before it was locked."""
        return self._enter(owner, lambda: _door().enter(folder, user, password), otherwise)

    def sign_in_with_sheet(
        self, owner: QObject, folder: Path, groups: str, user: str, password: str, otherwise: Otherwise
    ) -> Task:
        """Set a new password by the recovery sheet and sign in with it; `signed_in` follows."""
        return self._enter(owner, lambda: _door().enter_with_sheet(folder, groups, user, password), otherwise)

    def found(
        self,
        owner: QObject,
        folder: Path,
        school: str,
        user: str,
        password: str,
        then: Then[Founded],
        otherwise: Otherwise,
    ) -> Task:
        """Make a new office with its recovery sheet; it is not open afterwards."""
        return self._runner.errand(
            lambda: _door().found(folder, school, user, password), self._answer(owner, then, otherwise)
        )

    def make_up(
        self,
        owner: QObject,
        folder: Path,
        then: Then[MadeUpSchool],
        otherwise: Otherwise,
        stopped: Callable[[], object],
    ) -> Task:
        """Make a school to look round in, in a new folder; it is not open afterwards."""

        def begin() -> Job[MadeUpSchool]:
            job: Job[MadeUpSchool] = import_module("consentdesk.services.made_up_school").make_up_school(
                folder
            )
            return job

        return self._start(begin, self._answer(owner, then, otherwise, stopped))

    def sign_out(self) -> None:
        """Lock: the window forgets at once; the office closes as soon as the job that runs has ended."""
        if self.session is not None:
            self.session = None
            self._runner.errand(self._leave, self._answer(self, _nothing, None))
            self.signed_out.emit()

    def shut(self) -> None:
        """At the program's end: stop what runs, keep what it has done, and close the office."""
        self._runner.errand(self._leave, self._answer(self, _nothing, _nothing))
        self._runner.stop()
        self._aside.stop()

    def _start(self, begin: Callable[[], Job[Any]], answer: Answer) -> Task:
        task = self._runner.start_job(begin, answer)
        self.job_started.emit(task)
        return task

    def _answer(
        self,
        owner: QObject,
        then: Callable[[Any], object],
        otherwise: Otherwise | None,
        stopped: Callable[[], object] = _nothing,
    ) -> Answer:
        def fail(error: BaseException) -> None:
            if isinstance(error, _Locked):
                return
            if otherwise is not None and is_there(owner):
                otherwise(error)
            else:
                self.failed.emit(error)

        return Answer(owner, then, fail, stopped)

    def _enter(self, owner: QObject, enter: Callable[[], Opened], otherwise: Otherwise) -> Task:
        def begin() -> Session:
            self._leave()
            opened = enter()
            self._opened = opened
            return opened.session

        def then(session: Session) -> None:
            self.session = session
            self.signed_in.emit(session)

        return self._runner.errand(begin, self._answer(owner, then, otherwise))

    def _open(self) -> Office:
        return self._inside().office

    def _inside(self) -> Opened:
        if self._opened is None:
            raise _Locked
        return self._opened

    def _leave(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            _door().leave(opened)


class _Locked(Exception):
    """The office was closed before its turn came: nobody waits for the answer any more."""


def _door() -> Any:
    """What knows the services, imported on the desk's own thread once the window is up."""
    return import_module("consentdesk.desktop.door")
