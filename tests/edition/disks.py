"""A small disk of its own, which can be filled up and made read-only."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Disk:
    """A disk in memory that is mounted only for one process, and for those that enter its view."""

    shell: subprocess.Popen[str]
    place: Path

    @property
    def folder(self) -> Path:
        """The disk as other processes can look at it; SQLite cannot follow this path."""
        return Path(f"/proc/{self.shell.pid}/root{self.place}")

    @property
    def view(self) -> list[Path]:
        """The namespaces to enter (setns(2)), in this order."""
        names = ["mnt"] if os.geteuid() == 0 else ["user", "mnt"]
        return [Path(f"/proc/{self.shell.pid}/ns/{name}") for name in names]

    @property
    def under(self) -> list[str]:
        """The command that starts another one in the view of the disk."""
        powers = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        return ["nsenter", "--target", str(self.shell.pid), "--mount", *powers]

    def do(self, command: str) -> None:
        """Run a command that sees the disk at its place."""
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(f"{command}\necho $?\n")
        self.shell.stdin.flush()
        assert self.shell.stdout.readline() == "0\n", command

    @contextmanager
    def filled(self, free: int) -> Iterator[None]:
        """Leave only some bytes free."""
        status = os.statvfs(self.folder)
        filler = self.folder / "filler"
        filler.write_bytes(bytes(max(status.f_bavail * status.f_bsize - free, 0)))
        try:
            yield
        finally:
            filler.unlink()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        self.do(f"mount -o remount,ro {self.place}")
        try:
            yield
        finally:
            self.do(f"mount -o remount,rw {self.place}")


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[Disk]:
    """Give a disk of some bytes; whoever is not root mounts it as the root of a user namespace."""
    place.mkdir()
    powers = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", "--mount", *powers, "sh"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as shell:
        disk = Disk(shell, place)
        disk.do(f"mount -t tmpfs -o size={size} tmpfs {place}")
        try:
            yield disk
        finally:
            shell.kill()
