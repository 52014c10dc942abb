"""What runs in a worker process: orders from the parent, carried out one after the other, an answer to each."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection
from pathlib import Path, PurePath
from typing import Final

import cv2

from consentdesk.model.layout import SlipTemplate
from consentdesk.model.reading import PageReading
from consentdesk.scanning import pages
from consentdesk.scanning.orders import READY, Answer, Bug, Learn, Look, Looked, Read, Seen, encode, order_in
from consentdesk.scanning.pages import LastFile
from consentdesk.scanning.read_page import read_page
from consentdesk.scanning.scan_file import PageProblem, unreadable
from consentdesk.scanning.templates import Template, prepare

WORKER_MEMORY: Final = 1_500_000_000
"""Bytes that a worker may take beyond what it starts with (on Linux)."""
KEPT_MEMORY: Final = 64 << 20
"""Bytes that a worker may keep from page to page (glibc); what is larger than half of it is always given back."""
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
"""Which settings of glibc's `mallopt` they are (malloc.h)."""
ALONE: Final = 60.0
"""Seconds after which a worker that hangs ends itself (but on Windows): its parent may have been killed."""


class Templates(Mapping[str, Template]):
    """The form versions that the worker was told of, each rendered when it is first asked for."""

    def __init__(self) -> None:
        self._told: dict[str, SlipTemplate] = {}
        self._ready: dict[str, Template] = {}

    def learn(self, template: SlipTemplate) -> None:
        """Take in one more version."""
        self._told[template.tag] = template
        self._ready.pop(template.tag, None)

    def __getitem__(self, tag: str) -> Template:
        """The version with this tag, ready for reading. Raises `KeyError`."""
        if tag not in self._ready:
            self._ready[tag] = prepare(self._told[tag])
        return self._ready[tag]

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)


def work(orders: Connection, alone: float = ALONE) -> None:
    """Carry out orders until the parent lets go of its end of the pipe.

    `alone` is how many seconds an order may take before the worker ends itself; the parent ends it much sooner.
    """
    _settle()
    templates, file = Templates(), LastFile()
    try:
        orders.send_bytes(READY)
        while True:
            order = order_in(orders.recv_bytes())
            if isinstance(order, Learn):
                templates.learn(order.template)
                continue
            _end_after(alone)
            answer = _answer(order, templates, file)
            _end_after(0)
            if not orders.poll():
                # It may be the last page: whoever gave the file may want to move it, which Windows would refuse.
                file.close()
            orders.send_bytes(encode(answer))
    except (EOFError, OSError):
        # The parent has let go, or is no more.
        file.close()


def _settle() -> None:
    # The decoders of broken files write to the standard error; what they say is told by the page's problem.
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)
    os.close(quiet)
    # Ctrl-C is the parent's to handle: a worker that heeded it would lose the pages under way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    _limit_memory()
    _keep_memory()


def _limit_memory() -> None:
    if not sys.platform.startswith("linux"):
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + WORKER_MEMORY, taken + WORKER_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _keep_memory() -> None:
    """Have the C library keep what a page needed for the next page.

    What is given back and asked for anew is cleared by the system first: up to 10 ms for a sheet at 300 dpi.
    """
    if not sys.platform.startswith("linux"):
        return
    # Another C library than glibc may lack it, and is left to itself.
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, KEPT_MEMORY // 2)
        mallopt(_TRIM_THRESHOLD, KEPT_MEMORY)


def _end_after(seconds: float) -> None:
    """Have the system end this process in so many seconds, whatever it is at by then; 0 calls it off."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _answer(order: Look | Read, templates: Templates, file: LastFile) -> Answer:
    try:
        return _look(order) if isinstance(order, Look) else Seen(_read(order, templates, file))
    except Exception as error:  # noqa: BLE001 - the parent logs it and names the page
        # The message stays here: it may hold a name.
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in reversed(frames)]
        return Bug(type(error).__name__, " < ".join(places))


def _look(order: Look) -> Looked:
    try:
        return Looked(pages.facts(Path(order.untrusted_path)))
    except PageProblem as error:
        return Looked(error.reason)


def _read(order: Read, templates: Templates, file: LastFile) -> PageReading:
    try:
        pixels = pages.load(Path(order.untrusted_path), order.kind, order.number, file)
        return read_page(pixels, order.number, templates)
    except PageProblem as error:
        return unreadable(order.number, error.reason)
    except (MemoryError, cv2.error) as error:
        memory = isinstance(error, MemoryError) or error.code == cv2.Error.StsNoMem
        return unreadable(order.number, "huge-page" if memory else "cannot-decode")
