"""The pool of worker processes: whatever becomes of one, each task ends, and only the one in its hands is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest

from consentdesk.errors import KnownError
from consentdesk.scanning import pool
from consentdesk.scanning.pool import AHEAD, Pool, Task

LONG = 60.0


def parrot(orders: Connection) -> None:
    """A worker that repeats what it is told after what it was taught, and does as some words say."""
    taught = b""
    try:
        orders.send_bytes(b"")
        while True:
            order = orders.recv_bytes()
            if order.startswith(b"learn "):
                taught += order.removeprefix(b"learn ")
                continue
            if order == b"die":
                os._exit(1)
            if order == b"hang":
                time.sleep(LONG)
            if order == b"swell":
                orders._send(b"\x7f\xff\xff\xff")  # the length of a message that never comes
                time.sleep(LONG)
            orders.send_bytes(taught + order)
    except (EOFError, OSError):
        return


def stillborn(_: Connection) -> None:
    """A worker that cannot even start."""
    os._exit(1)


@pytest.fixture(scope="module")
def kept() -> Iterator[Pool]:
    """Two workers for all tests: they outlive whatever the tests before did to them."""
    workers = Pool(parrot, 2)
    yield workers
    workers.close()


def ends(workers: Pool, *orders: bytes) -> list[bytes | str | None]:
    """What becomes of these tasks, all given at once: the answer, or why there is none."""
    tasks = [workers.give(order, 0.5 if order == b"hang" else LONG) for order in orders]
    for task in tasks:
        workers.wait_for(task)
    return [task.answer if task.loss is None else task.loss for task in tasks]


def children() -> list[BaseProcess]:
    return [process for process in multiprocessing.active_children() if process.name == "reader"]


def test_each_task_has_its_own_answer(kept: Pool) -> None:
    orders = [str(number).encode() for number in range(3 * kept.room)]
    assert ends(kept, *orders) == orders


@pytest.mark.parametrize(
    ("order", "loss"), [(b"die", "worker-died"), (b"hang", "too-slow"), (b"swell", "worker-died")]
)
@pytest.mark.parametrize("place", [0, 1, AHEAD - 1, 2 * AHEAD, 5 * AHEAD - 1])
def test_of_many_tasks_under_way_only_the_guilty_one_is_lost(
    kept: Pool, order: bytes, loss: str, place: int
) -> None:
    orders = [str(number).encode() for number in range(5 * AHEAD)]
    wanted: list[bytes | str | None] = [*orders]
    orders[place], wanted[place] = order, loss
    assert ends(kept, *orders) == wanted


def test_every_task_may_be_guilty(kept: Pool) -> None:
    orders = [b"die"] * (2 * AHEAD)
    assert ends(kept, *orders) == ["worker-died"] * len(orders)
    assert ends(kept, b"and on") == [b"and on"]


def kill_one() -> None:
    victim = children()[0]
    victim.kill()
    victim.join()


def kill_all() -> None:
    for victim in children():
        victim.kill()
        victim.join()


@pytest.mark.parametrize("kill", [kill_one, kill_all])
def test_workers_killed_while_they_are_idle_cost_nothing(kept: Pool, kill: Callable[[], None]) -> None:
    assert ends(kept, b"before") == [b"before"]
    kill()
    assert ends(kept, b"1", b"2", b"3") == [b"1", b"2", b"3"]


def test_a_lesson_comes_before_later_tasks_to_every_worker_and_to_those_that_replace_them() -> None:
    workers = Pool(parrot, 2)
    try:
        earlier = [workers.give(b"0", LONG) for _ in range(3 * workers.room)]
        workers.wait_for(earlier[0])
        # Larger than a pipe holds: to send it to a worker that is busy would block.
        lesson = b"x" * 300_000
        workers.teach([b"learn " + lesson])
        assert ends(workers, b"1", b"2", b"die", b"3", b"4", b"5") == [
            lesson + b"1", lesson + b"2", "worker-died", lesson + b"3", lesson + b"4", lesson + b"5"
        ]  # fmt: skip
        assert {task.answer for task in earlier} == {b"0", lesson + b"0"}
    finally:
        workers.close()


def test_what_was_done_in_time_counts_however_long_the_parent_was_away(
    kept: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ends(kept, b"ready") == [b"ready"]
    tasks = [kept.give(b"in time", LONG) for _ in range(kept.room)]
    for worker in kept._workers:
        assert not worker.tasks or worker.pipe.poll(LONG)
    begun = time.monotonic()
    monkeypatch.setattr(pool, "monotonic", lambda: begun + 100 * LONG)
    for task in tasks:
        kept.wait_for(task)
    assert {task.loss for task in tasks} == {None}


def test_tasks_that_nobody_waits_for_are_taken_back(kept: Pool) -> None:
    unwanted = [kept.give(order, 0.5) for order in (b"hang", b"hang", *[b"0"] * (2 * kept.room))]
    kept.forget(unwanted)
    assert ends(kept, b"wanted") == [b"wanted"]
    assert not unwanted[-1].done


def test_a_task_may_go_ahead_of_those_that_no_worker_has() -> None:
    workers = Pool(parrot, 1)
    try:
        later = [workers.give(b"later", LONG) for _ in range(2 * AHEAD)]
        sooner = workers.give(b"sooner", LONG, ahead=True)
        workers.wait_for(sooner)
        assert sooner.answer == b"sooner"
        assert not any(task.done for task in later)
    finally:
        workers.close()


def test_a_worker_that_cannot_start_is_told_and_not_tried_for_ever() -> None:
    workers = Pool(stillborn, 2)
    try:
        with pytest.raises(KnownError, match="could not be started"):
            workers.wait_for(workers.give(b"anything", LONG))
    finally:
        workers.close()


def test_a_worker_that_never_gets_ready_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "START_SECONDS", 0.05)
    workers = Pool(parrot, 1)
    try:
        with pytest.raises(KnownError, match="could not be started"):
            workers.wait_for(workers.give(b"anything", LONG))
    finally:
        workers.close()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nothing can be stopped here")
def test_a_closed_pool_leaves_nothing_behind() -> None:
    before = set(children())
    workers = Pool(parrot, 2)
    stopped = (set(children()) - before).pop()
    assert stopped.pid is not None
    os.kill(stopped.pid, signal.SIGSTOP)
    workers.close()
    workers.close()
    assert set(children()) == before


def test_a_task_is_done_when_it_has_an_answer_or_will_have_none() -> None:
    assert not Task(b"", 1.0).done
    assert Task(b"", 1.0, answer=b"").done
    assert Task(b"", 1.0, loss="too-slow").done
