"""The runner: jobs tell how far they are, stop when asked, keep their order, and no error is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from consentdesk.desktop.jobs import Answer, Estimate, Runner
from consentdesk.services.progress import Job, Progress
from tests.desktop.driving import until


@pytest.fixture
def runner(system: object) -> Iterator[Runner]:
    made = Runner("test")
    yield made
    made.stop()


class Heard:
    """What the window was told, and on which thread."""

    def __init__(self) -> None:
        self.owner = QObject()
        self.said: list[tuple[str, Any]] = []
        self.threads: set[int] = set()

    @property
    def answer(self) -> Answer:
        return Answer(
            self.owner, self._note("then"), self._note("otherwise"), lambda: self._note("stopped")(None)
        )

    def _note(self, how: str) -> Any:
        def note(value: Any) -> None:
            self.said.append((how, value))
            self.threads.add(threading.get_ident())

        return note


def counting(steps: int, gate: threading.Event | None = None) -> Job[int]:
    for done in range(steps):
        yield Progress(done, steps, "counting")
        if gate is not None:
            gate.wait()
    return steps


def test_a_question_is_answered_in_the_window(qtbot: QtBot, runner: Runner) -> None:
    heard = Heard()
    runner.question(threading.get_ident, heard.answer)
    until(qtbot, lambda: heard.said)
    ((how, thread),) = heard.said
    assert how == "then"
    assert thread != threading.get_ident(), "the work is done elsewhere"
    assert heard.threads == {threading.get_ident()}, "and told here"


def test_an_error_comes_back_as_it_was_raised(qtbot: QtBot, runner: Runner) -> None:
    heard = Heard()
    error = ValueError("made up")

    def fail() -> None:
        raise error

    runner.question(fail, heard.answer)
    until(qtbot, lambda: heard.said)
    assert heard.said == [("otherwise", error)]


def test_a_job_tells_how_far_it_is_and_what_came_of_it(qtbot: QtBot, runner: Runner) -> None:
    heard, told = Heard(), []
    task = runner.start_job(lambda: counting(5), heard.answer)
    task.progressed.connect(lambda progress, _left: told.append(progress))
    until(qtbot, lambda: heard.said)
    assert heard.said == [("then", 5)]
    assert told[0] == Progress(0, 5, "counting")


def test_a_question_does_not_wait_for_a_job(qtbot: QtBot, runner: Runner) -> None:
    gate, of_job, of_question = threading.Event(), Heard(), Heard()
    runner.start_job(lambda: counting(2, gate), of_job.answer)
    runner.question(lambda: "quick", of_question.answer)
    gate.set()
    until(qtbot, lambda: of_question.said and of_job.said)
    assert of_question.said == [("then", "quick")]


def test_a_cancelled_job_is_closed_where_it_stands(qtbot: QtBot, runner: Runner) -> None:
    heard, kept = Heard(), []
    gate = threading.Event()

    def careful() -> Job[None]:
        try:
            for done in range(1000):
                yield Progress(done, 1000, "working")
                gate.wait()
        finally:
            kept.append(True)

    task = runner.start_job(careful, heard.answer)
    task.cancel()
    gate.set()
    until(qtbot, lambda: heard.said)
    assert heard.said == [("stopped", None)]
    assert kept in ([], [True]), "cancelled before it began, it has nothing to keep"


def test_what_cannot_be_kept_while_stopping_is_an_error(qtbot: QtBot, runner: Runner) -> None:
    heard, begun = Heard(), threading.Event()
    error = OSError("the disk is full")

    def stubborn() -> Job[None]:
        try:
            while True:
                yield Progress(0, 0, "working")
                begun.set()
        finally:
            raise error

    task = runner.start_job(stubborn, heard.answer)
    until(qtbot, begun.is_set)
    task.cancel()
    until(qtbot, lambda: heard.said)
    assert heard.said == [("otherwise", error)]


def test_jobs_keep_their_order(qtbot: QtBot, runner: Runner) -> None:
    first, second, between = Heard(), Heard(), Heard()
    order: list[str] = []

    def named(name: str) -> Job[str]:
        order.append(name)
        yield Progress(0, 1, name)
        return name

    runner.start_job(lambda: named("first"), first.answer)
    runner.errand(lambda: order.append("between"), between.answer)
    runner.start_job(lambda: named("second"), second.answer)
    until(qtbot, lambda: second.said)
    assert order == ["first", "between", "second"]


def test_nothing_is_told_to_who_has_gone_but_errors(qtbot: QtBot, runner: Runner) -> None:
    gone, after = Heard(), Heard()
    gate = threading.Event()
    runner.question(gate.wait, gone.answer)
    gone.owner.deleteLater()
    qtbot.wait(1)
    gate.set()
    runner.question(lambda: 1 / 0, gone.answer)
    runner.question(lambda: None, after.answer)
    until(qtbot, lambda: after.said)
    assert [how for how, _value in gone.said] == ["otherwise"]


def test_stopping_drops_what_waits_and_ends_what_runs(system: object) -> None:
    runner, heard, begun = Runner("short"), Heard(), threading.Event()

    def endless() -> Job[None]:
        while True:
            yield Progress(0, 0, "working")
            begun.set()

    runner.start_job(endless, heard.answer)
    runner.start_job(endless, heard.answer)
    assert begun.wait(10)
    runner.stop()
    assert not runner._thread.is_alive()


@pytest.mark.parametrize(
    ("moments", "left"),
    [
        ([(0, 0.0)], None),
        ([(0, 0.0), (5, 1.0)], None),
        ([(0, 0.0), (50, 5.0)], 5.0),
        ([(0, 0.0), (25, 10.0)], 30.0),
        ([(40, 100.0), (70, 106.0)], 6.0),
    ],
)
def test_the_time_left_is_told_once_it_can_be(moments: list[tuple[int, float]], left: float | None) -> None:
    estimate = Estimate()
    found = None
    for done, now in moments:
        found = estimate.seconds_left(Progress(done, 100, "reading"), now)
    assert found == left


def test_the_time_left_starts_anew_with_what_is_counted() -> None:
    estimate = Estimate()
    estimate.seconds_left(Progress(0, 10, "preparing"), 0.0)
    assert estimate.seconds_left(Progress(5, 10, "preparing"), 5.0) == 5.0
    assert estimate.seconds_left(Progress(0, 300, "reading"), 6.0) is None
