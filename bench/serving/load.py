"""Requests that wrk sends, and what they took."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_SCRIPT = """
local requests = {}
function init(args)
  for line in io.lines(args[1]) do requests[#requests + 1] = wrk.format("GET", line) end
end
local last = 0
function request()
  last = last % #requests + 1
  return requests[last]
end
function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format("RESULT requests=%d microseconds=%d failed=%d p50=%d p95=%d", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(95)))
end
"""
"""Asks for the paths of a file in turn; the requests are made before the time begins."""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk asks for.

    Attributes:
        origin: The scheme, host and port of the server.
        paths: What is asked for in turn.
        headers: What is said besides.
        connections: How many readers ask at once, each again as soon as it has its answer.
    """

    origin: str
    paths: Sequence[str]
    headers: Mapping[str, str] = field(default_factory=dict)
    connections: int = 16


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it: answers in a second, and milliseconds from a request to the end of its answer."""

    rate: float
    requests: int
    median: float
    p95: float


def ask(load: Load, seconds: int) -> Answered:
    """Send requests for some seconds.

    Raises:
        SystemExit: There is no wrk, or an answer was an error.
    """
    with tempfile.TemporaryDirectory() as folder:
        script, paths = Path(folder) / "script.lua", Path(folder) / "paths"
        script.write_text(_SCRIPT)
        paths.write_text("".join(f"{path}\n" for path in load.paths))
        threads = min(2, load.connections)
        command = [_find_wrk(), f"-t{threads}", f"-c{load.connections}", f"-d{seconds}s", "--timeout", "30"]
        for name, value in load.headers.items():
            command += ["-H", f"{name}: {value}"]
        command += ["-s", str(script), load.origin, "--", str(paths)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", done.stdout)}
    if found["failed"] or not found["requests"]:
        raise SystemExit(f"{load.origin}{load.paths[0]} and others: {found['failed']} errors.\n{done.stdout}")
    rate = found["requests"] / found["microseconds"] * 1_000_000
    return Answered(rate, found["requests"], found["p50"] / 1000, found["p95"] / 1000)


def _find_wrk() -> str:
    found = shutil.which("wrk")
    if found is None:
        raise SystemExit("wrk is missing; on Debian: apt-get install wrk")
    return found
