"""Runs commands of any number of processes, and says what they took: time, processor, memory."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

SAMPLE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took: seconds by the clock, seconds of all processors, and bytes of memory at its peak.

    The memory is that of all processes together (PSS: what several of them share counts once); 0 where it was not watched.
    """

    wall: float
    cpu: float
    memory: int = 0


def run(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], *, watch: bool = False
) -> Taken:
    """Run a command in a folder to its end; `watch` its memory, which costs it some milliseconds in a second.

    Raises:
        SystemExit: The command failed; the end of what it said is the message.
    """
    os.sync()  # so that nobody waits for what others wrote
    with tempfile.TemporaryFile() as said:
        before, begin = _processor_seconds(), time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        with _watched(process.pid if watch else None) as peak:
            status = process.wait()
        taken = Taken(time.perf_counter() - begin, _processor_seconds() - before, max(peak))
        if status:
            said.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))} failed:\n{said.read().decode()[-3000:]}")
    return taken


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _watched(session: int | None) -> Iterator[list[int]]:
    """Give a list to which the memory of a session's processes is added again and again."""
    samples, ended = [0], Event()
    if session is None:
        yield samples
        return

    def sample() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            samples.append(sum(map(_memory, _processes(session))))

    thread = Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        ended.set()
        thread.join()


def _processes(session: int) -> Iterator[Path]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                yield folder


def _memory(process: Path) -> int:
    """Return the proportional set size of a process in bytes (proc(5), `smaps_rollup`)."""
    with suppress(OSError):
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
