"""The onion service's configuration, as Tor itself reads it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.deploy.installation import DEPLOY, require


def test_tor_finds_the_configuration_valid(tmp_path: Path) -> None:
    text = (DEPLOY / "onion" / "torrc").read_text(encoding="utf-8")
    own = text.replace("/var/lib/tor", str(tmp_path))
    config = tmp_path / "torrc"
    config.write_text(f"{own}\nDataDirectory {tmp_path / 'data'}\n", encoding="utf-8")
    command = [
        require("tor"),
        "--verify-config",
        "--ignore-missing-torrc",
        "-f",
        str(config),
        "--defaults-torrc",
        "/dev/null",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    warnings = [line for line in done.stdout.splitlines() if "[warn]" in line]
    assert [line for line in warnings if "You are running Tor as root" not in line] == []
