"""The shim between a program and its disk: built here, and loaded into a process that works in a made-up office."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_SOURCE: Final = Path(__file__).with_name("disk_shim.c")
_ROOT: Final = Path(__file__).resolve().parents[2]


def can_build() -> bool:
    """Whether this computer has what the shim needs: Linux and a C compiler."""
    return sys.platform.startswith("linux") and shutil.which("cc") is not None


def build(folder: Path) -> Path:
    """The shim as a library in `folder`."""
    library = folder / "disk_shim.so"
    subprocess.run(  # noqa: S603 - our own words
        ["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(_SOURCE), "-ldl"],  # noqa: S607
        check=True,
    )
    return library


def run_under(library: Path, module: str, arguments: Sequence[str], **environment: str) -> str:
    """Run a module of ours with the shim loaded; what it printed. Raises `RuntimeError` where it failed."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", module, *arguments],
        cwd=_ROOT,
        env={**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": str(_ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr[-2000:]}")
    return done.stdout


def watch(folder: Path, record: Path | None) -> None:
    """Within a process that has the shim: follow what is written under `folder`, into `record` if given."""
    ctypes.CDLL(None).shim_watch(str(folder).encode(), str(record).encode() if record else None)


def fail(at: int, errno: int, *, on: bool) -> None:
    """Let the call of this number fail, counted from now and from 1; all after it as well where `on`."""
    ctypes.CDLL(None).shim_fail(ctypes.c_long(at), ctypes.c_int(errno), ctypes.c_int(on))


def fail_no_more() -> None:
    """Let every call through, and count from now."""
    ctypes.CDLL(None).shim_fail(ctypes.c_long(-1), ctypes.c_int(0), ctypes.c_int(0))


def calls() -> int:
    """How many calls changed something since the count began."""
    count = ctypes.CDLL(None).shim_calls
    count.restype = ctypes.c_long
    return int(count())
