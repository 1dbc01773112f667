"""Installs a peer, at the versions that stand in its list, into an environment of its own under `build/peers/`."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

from constanta.settings import ROOT


def install(name: str) -> Path:
    """Return the folder with the commands of a peer, once all of `bench/peers/NAME.txt` is installed.

    Raises:
        SystemExit: It cannot be installed.
    """
    home, wanted = ROOT / "build" / "peers" / name, Path(__file__).with_name(f"{name}.txt")
    installed = home / "installed.txt"
    if not installed.exists() or installed.read_bytes() != wanted.read_bytes():
        venv.create(home, clear=True, with_pip=True)
        _pip(home, wanted)
        installed.write_bytes(wanted.read_bytes())
    return home / "bin"


def _pip(home: Path, wanted: Path) -> None:
    pip: list[str | Path] = [home / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "install", "--no-deps", "--requirement", wanted], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{home.name} cannot be installed:\n{done.stderr[-3000:]}")


def version(name: str) -> str:
    """Return the version of a peer that stands in its list."""
    lines = Path(__file__).with_name(f"{name}.txt").read_text().splitlines()
    return next(line.partition("==")[2] for line in lines if line.lower().startswith(f"{name}=="))
