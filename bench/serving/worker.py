"""How long a worker of gunicorn takes to its first answer, and how much memory it has once it has served for a while."""

from __future__ import annotations

import http.client
import os
import signal
import statistics
import time
from contextlib import suppress
from pathlib import Path

from bench.serving.editions import Editions, environment
from bench.serving.load import Load, ask
from bench.serving.rounds import Verdict
from bench.serving.servers import GUNICORN, Server, fetch, run_gunicorn

STARTS = 7
OTHERS = ("/", "/be/nowhere/", "/ru/newsletter/", "/en/search/", "/healthz")
"""What is made for each request, beside searches."""


def measure_worker(editions: Editions, seconds: int) -> list[Verdict]:
    """Return how long the start of a worker takes, and the memory of the largest worker."""
    with run_gunicorn(GUNICORN, environment(editions.pages), workers=1) as server:
        fetch(server.port, "/be/")
        start = statistics.median(_start(server) for _ in range(STARTS))
    with run_gunicorn(GUNICORN, environment(editions.pages)) as server:
        _serve_everything(server, editions, seconds)
        memory = [_memory(worker) for worker in server.workers()]
    resident, proportional = (max(sizes) for sizes in zip(*memory, strict=True))
    print(
        f"\nA worker: first answer after {start:.2f} s; resident {resident:.1f} MB, proportional {proportional:.1f} MB"
    )
    return [
        Verdict("start of a worker to its first answer", start, 1, at_least=False, unit="s"),
        Verdict("resident memory of a worker", resident, 80, at_least=False, unit="MB"),
    ]


def _start(server: Server) -> float:
    """End the only worker, and return how long the next one takes from its birth to its first answer, in seconds."""
    (worker,) = server.workers()
    os.kill(int(worker.name), signal.SIGKILL)
    while True:
        with suppress(OSError, http.client.HTTPException):
            if fetch(server.port, "/be/").status == 200:
                break
        time.sleep(0.002)
    answered = time.clock_gettime(time.CLOCK_BOOTTIME)
    (worker,) = server.workers()
    return answered - _born(worker)


def _born(process: Path) -> float:
    """Return when a process began, in seconds since the machine did (proc(5), `stat`)."""
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def _serve_everything(server: Server, editions: Editions, seconds: int) -> None:
    """Serve pages in each encoding, searches, and what is made for each request."""
    for accepted in ("gzip, deflate, br", "gzip", "identity"):
        ask(Load(server.origin, editions.browsed, {"Accept-Encoding": accepted}), seconds)
    ask(Load(server.origin, editions.searched, {"Accept-Encoding": "gzip"}), seconds * 3)
    for path in OTHERS * 10:
        fetch(server.port, path)


def _memory(process: Path) -> tuple[float, float]:
    """Return the resident and the proportional memory of a process in MB (proc(5), `smaps_rollup`)."""
    lines = (line.split() for line in (process / "smaps_rollup").read_text().splitlines()[1:])
    sizes = {line[0]: int(line[1]) / 1024 for line in lines}
    return sizes["Rss:"], sizes["Pss:"]
