"""Programs of the tests that need a process of their own: pytest's has several threads, and so is never copied."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from constanta.settings import ROOT


def run_alone(module: str, *arguments: Path) -> tuple[Any, str]:
    """Return what a module of the tests prints as JSON when it is run, and what it says besides."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.edition.{module}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout), done.stderr
