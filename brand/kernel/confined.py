"""Runs one script over foreign bytes in a child process that has a memory, processor, output and wall-clock limit.

Source: resource limits of POSIX.1-2017 ``setrlimit``. A parser met by a hostile file then costs a dead child, never the
service. The child sets its own limits as its first act, because a hook between fork and exec is unsafe under threads.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile


@dataclass(frozen=True)
class Limits:
    """What one child may use: address space and output in bytes, processor and wall time in seconds."""

    memory: int = 256 * 1024 * 1024
    output: int = 32 * 1024 * 1024
    processor: int = 4
    wall: float = 4.5


class OverrunError(Exception):
    """The child went over a limit, crashed, or ended without an answer."""


def run(script: Path, data: bytes, limits: Limits) -> bytes:
    """What ``script`` writes to its standard output when ``data`` stands on its standard input.

    The script gets memory, processor seconds and output bytes as its three arguments and must pass them to
    ``setrlimit`` before it touches the input. Files instead of pipes: nothing can block, and the output limit holds.
    """
    arguments = [str(limits.memory), str(limits.processor), str(limits.output)]
    with TemporaryFile() as given, TemporaryFile() as answer:
        given.write(data)
        given.seek(0)
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-B", str(script), *arguments],
            stdin=given,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        status = _wait(child, limits.wall)
        answer.seek(0)
        written = answer.read(limits.output)
    if status != 0 or not written:
        raise OverrunError(f"status {status}")
    return written


def _wait(child: subprocess.Popen[bytes], seconds: float) -> int:
    """The child's exit status; a child that outlives its time is killed and collected."""
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        return -9
    finally:
        child.kill()
        child.wait()
