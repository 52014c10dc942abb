"""A pool of worker processes that may die or hang without taking more than the task in their hands along."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from time import monotonic
from typing import Final, Literal, TypeAlias

from consentdesk.errors import KnownError

AHEAD: Final = 4
"""Tasks that a worker is given, the one it works on included: enough to keep it busy while the parent saves."""
START_SECONDS: Final = 60.0
"""A worker that is not ready by then is given up."""
_FAILED_STARTS: Final = 6
"""After so many in a row no more workers are started."""
_FAREWELL_S: Final = 5.0
_LARGEST: Final = 64_000_000
"""Bytes of a message; a worker that announces more is broken."""

Loss: TypeAlias = Literal["worker-died", "too-slow"]
"""Why a task has no answer."""


@dataclass(eq=False)
class Task:
    """A message to a worker, the seconds that it may take, and in the end the answer or why there is none."""

    order: bytes
    seconds: float
    answer: bytes | None = None
    loss: Loss | None = None

    @property
    def done(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.answer is not None or self.loss is not None


@dataclass(eq=False)
class _Worker:
    """A process, the parent's end of its pipe, and the tasks that it was given, the one it works on first.

    `since` is when it is known to have begun with that one, on the monotonic clock; `taught` counts the lessons
    it was given. Where it is `deaf`, it has died, and what it said before is still to be taken.
    """

    process: SpawnProcess
    pipe: Connection
    since: float
    ready: bool = False
    deaf: bool = False
    taught: int = 0
    tasks: deque[Task] = field(default_factory=deque)

    @property
    def deadline(self) -> float:
        """When it will have taken too long, on the monotonic clock."""
        if not self.ready:
            return self.since + START_SECONDS
        return self.since + self.tasks[0].seconds if self.tasks else inf

    @property
    def silent(self) -> bool:
        """Whether nothing that it said is still to be taken."""
        try:
            return not self.pipe.poll()
        except OSError:
            return False

    def send(self, messages: Iterable[bytes]) -> None:
        try:
            for message in messages:
                self.pipe.send_bytes(message)
        except OSError:
            self.deaf = True

    def end(self) -> None:
        if self.pipe.closed:
            return
        self.pipe.close()
        self.process.kill()
        # One that waits for a dead network share cannot even be killed.
        self.process.join(_FAREWELL_S)
        if self.process.exitcode is not None:
            self.process.close()


class Pool:
    """Kept processes that carry out tasks; one that dies or hangs loses the task it was at, and is replaced.

    Each has a pipe of its own and shares no lock, so that whenever one is killed, idle or at work, nothing is
    spoilt that others use. All this is done by the thread that waits for a task; there is no other.
    """

    def __init__(self, work: Callable[[Connection], None], workers: int) -> None:
        """Start the processes, each to call `work` with its end of a pipe.

        It sends an empty message when it is ready, and one answer to each task. The caller need not wait.
        """
        self._work = work
        self._context = multiprocessing.get_context("spawn")
        self._lessons: list[bytes] = []
        self._waiting: deque[Task] = deque()
        self._failed_starts = 0
        self._workers = [self._start() for _ in range(workers)]

    @property
    def room(self) -> int:
        """How many tasks the workers hold when all are well supplied."""
        return AHEAD * len(self._workers)

    def teach(self, lessons: Sequence[bytes]) -> None:
        """Send every worker, the later ones too, these messages before its next task; they have no answer."""
        self._lessons += lessons

    def give(self, order: bytes, seconds: float, *, ahead: bool = False) -> Task:
        """A new task, which may take so many seconds from when a worker begins with it.

        `ahead` of those that no worker was given yet, it keeps them from running dry where others hang on its answer.
        """
        task = Task(order, seconds)
        if ahead:
            self._waiting.appendleft(task)
        else:
            self._waiting.append(task)
        self._hand_out()
        return task

    def wait_for(self, task: Task, seconds: float = inf) -> bool:
        """Wait until `task` is done, at most so long; whether it is. Raises `KnownError` where no worker starts."""
        until = monotonic() + seconds
        while not task.done and (left := until - monotonic()) > 0:
            self.attend(min(left, START_SECONDS))
        return task.done

    def attend(self, longest: float = 0.0) -> None:
        """Take what the workers say within so many seconds, and supply them; raises as `wait_for`.

        For a caller that is long away, so that they do not run dry.
        """
        self._receive(longest)
        self._hand_out()

    def forget(self, tasks: Iterable[Task]) -> None:
        """Take back those of `tasks` that no worker was given yet: nobody waits for them any more."""
        unwanted = set(tasks)
        self._waiting = deque(task for task in self._waiting if task not in unwanted)

    def close(self) -> None:
        """End the workers, whatever they are at; harmless when done twice."""
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=self._work, args=(theirs,), name="reader", daemon=True)
        try:
            process.start()
        except OSError as error:
            ours.close()
            raise _not_started() from error
        finally:
            theirs.close()
        return _Worker(process, ours, monotonic())

    def _hand_out(self) -> None:
        """Give waiting tasks to the workers that have fewest."""
        while self._waiting:
            free = [worker for worker in self._workers if self._may_have_more(worker)]
            if not free:
                return
            self._hand_to(min(free, key=lambda worker: len(worker.tasks)), self._waiting.popleft())

    def _may_have_more(self, worker: _Worker) -> bool:
        if not worker.ready or worker.deaf:
            return False
        # A lesson is long, and would block where the worker is at a page instead of its pipe.
        return len(worker.tasks) < AHEAD if worker.taught == len(self._lessons) else not worker.tasks

    def _hand_to(self, worker: _Worker, task: Task) -> None:
        lessons = self._lessons[worker.taught :]
        worker.taught += len(lessons)
        worker.send((*lessons, task.order))
        if worker.deaf:
            self._waiting.appendleft(task)
            return
        if not worker.tasks:
            worker.since = monotonic()
        worker.tasks.append(task)

    def _receive(self, longest: float) -> None:
        """Take what the workers say within so many seconds, and replace those that died or hang."""
        pipes = {worker.pipe: worker for worker in self._workers}
        left = min(worker.deadline for worker in self._workers) - monotonic()
        for pipe in wait(list(pipes), min(max(0.0, left), longest)):
            worker = pipes[pipe]  # type: ignore[index]
            try:
                self._take(worker, worker.pipe.recv_bytes(_LARGEST))
            except (EOFError, OSError):
                self._replace(worker, "worker-died")
        now = monotonic()
        for worker in list(self._workers):
            # What lies in the pipe was in time: it is this process that was away.
            if worker.deadline <= now and worker.silent:
                self._replace(worker, "too-slow")

    def _take(self, worker: _Worker, message: bytes) -> None:
        worker.since = monotonic()
        if not worker.ready:
            worker.ready = True
        elif worker.tasks:
            worker.tasks.popleft().answer = message

    def _replace(self, worker: _Worker, loss: Loss) -> None:
        worker.end()
        if worker.tasks:
            worker.tasks.popleft().loss = loss
        # What it had not begun is given to others first, in its order.
        self._waiting.extendleft(reversed(worker.tasks))
        self._failed_starts = 0 if worker.ready else self._failed_starts + 1
        self._workers[self._workers.index(worker)] = self._start()
        if self._failed_starts >= _FAILED_STARTS:
            self._failed_starts = 0
            raise _not_started()


def _not_started() -> KnownError:
    return KnownError(
        "the part of the program that reads pages could not be started",
        "what was read before is kept",
        "close other programs, or start the computer again, and give the files once more",
    )
