"""How fast a full check is, with every rule, beside translate-toolkit's pofilter with all its filters.

Both sides read the same generated Belarusian catalog, each in a process of its own, start-up included. pofilter is taken
from PyPI into an environment of its own under `build/`; where that cannot be had, from the PATH.

    .venv/bin/python -m bench.checks
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from constanta.catalogs.header import make_header
from constanta.catalogs.po import Catalog, Message, Source, write_catalog
from constanta.locales import Language
from constanta.settings import ROOT

LANGUAGE = Language("be")
SEED = 20260101
MESSAGES = 10_000
GROWTH = (1_000, 10_000, 100_000)
PEER = "translate-toolkit"

# English and Belarusian, in the cases that the sentences ask for.
BODIES = [
    ("court", "суд"),
    ("ministry", "міністр"),
    ("committee", "камітэт"),
    ("department", "дэпартамент"),
    ("council", "савет"),
    ("centre", "цэнтр"),
]
CITIES = [
    ("Minsk", "Мінску"),
    ("Brest", "Брэсце"),
    ("Hrodna", "Гродне"),
    ("Homiel", "Гомелі"),
    ("Warsaw", "Варшаве"),
]
WHO = [
    ("migrants", "мігрантаў"),
    ("refugees", "бежанцаў"),
    ("students", "студэнтаў"),
    ("workers", "работнікаў"),
    ("families", "сем’яў"),
    ("foreigners", "замежнікаў"),
]
WHAT = [
    ("report", "справаздачу"),
    ("appeal", "зварот"),
    ("decision", "рашэнне"),
    ("complaint", "скаргу"),
    ("statement", "заяву"),
    ("announcement", "аб’яву"),
]
MONTHS = [("January", "студзеня"), ("May", "мая"), ("August", "жніўня"), ("December", "снежня")]
SHAPES = [
    (
        "The {body} in {city} received an appeal of {n} {who} on {day} {month} {year}.",
        "{Body} у⍽{city} атрымаў зварот {n} {who} {day} {month} {year} года.",
    ),
    (
        'Read the <a href="/{n}">{what}</a> about “extremism” and the rights of {who} in {city}',
        'Чытайце <a href="/{n}">{what}</a> пра «экстрэмізм» і⍽правы {who} у⍽{city}',
    ),
    ("Share: {p}% of {who}, {year}–{next}", "Доля: {p}⍽% {who}, {year}–{next}"),
    (
        "We help {who} in {city} for free: with consultations, documents and answers; case No. {n}.",
        "Мы бясплатна дапамагаем: кансультацыямі, дакументамі і⍽адказамі для {who} у⍽{city}; справа №⍽{n}.",
    ),
    ("Updated on %(date)s — see the {what}, number {n}", "Абноўлена %(date)s⍽— глядзіце {what}, нумар {n}"),
    (
        "{what}: why did the {body} of {city} not wait? Who will answer, and when, in {year}?",
        "Чаму {body} у⍽{city} не пачакаў і⍽не прыняў {what}? Хто і⍽калі адкажа ў⍽{year}⍽годзе?",
    ),
    ("Search {n}", "Пошук {n}"),
]
SLIPS = [("⍽", " "), ("у⍽", "ў⍽"), ("«", '"'), ("і", "i"), ("–", "-"), (".", "")]


@dataclass(frozen=True)
class Run:
    """What one process took, in seconds."""

    wall: float
    cpu: float


def make_messages(number: int, seed: int = SEED) -> tuple[Message, ...]:
    """Return translated messages, one in twenty of them with a slip."""
    pick = random.Random(seed)
    return tuple(_message(index, pick) for index in range(number))


def _message(index: int, pick: random.Random) -> Message:
    english, belarusian = pick.choice(SHAPES)
    year = pick.randrange(2011, 2025)
    numbers = {
        "n": index,
        "p": pick.randrange(2, 99),
        "day": pick.randrange(2, 28),
        "year": year,
        "next": year + 1,
    }
    pairs = {
        name: pick.choice(words)
        for name, words in {"body": BODIES, "city": CITIES, "who": WHO, "what": WHAT, "month": MONTHS}.items()
    }
    msgid = english.format(**{name: pair[0] for name, pair in pairs.items()}, **numbers)
    words = {name: pair[1] for name, pair in pairs.items()}
    msgstr = belarusian.format(**words, Body=words["body"].capitalize(), **numbers)
    if pick.random() < 0.05:
        msgstr = msgstr.replace(*pick.choice(SLIPS))
    flags = ("python-format",) if "%(" in msgid else ()
    return Message(Source(msgid, str(index)), (msgstr.replace("⍽", "\u00a0"),), flags=flags)


def run(command: Sequence[str | Path]) -> Run:
    """Run a process and return the time that passed, and the time that it computed."""
    before, begin = os.times(), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    wall, after = time.perf_counter() - begin, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, cpu)


OURS = """
import sys
from pathlib import Path
from constanta.catalogs.checks.files import check_file
print(len(check_file(Path(sys.argv[1]))))
"""


def ours(path: Path) -> Run:
    return run([sys.executable, "-c", OURS, path])


def theirs(pofilter: Path, path: Path) -> Run:
    return run([pofilter, "--progress=none", "--language=be", path, path.with_suffix(".out")])


def find_pofilter() -> Path:
    """Return the newest pofilter that can be had."""
    home = ROOT / "build" / PEER
    found = home / "bin" / "pofilter"
    if found.exists():
        return found
    venv.create(home, with_pip=True)
    pip: list[str | Path] = [
        home / "bin" / "python",
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "install",
        PEER,
    ]
    if subprocess.run(pip, check=False).returncode == 0:
        return found
    shutil.rmtree(home)
    installed = shutil.which("pofilter")
    if installed is None:
        raise SystemExit(f"Neither PyPI nor this machine has pofilter ({PEER}).")
    return Path(installed)


def race(folder: Path) -> None:
    path = folder / "be.po"
    write_catalog(path, Catalog(make_header(LANGUAGE), make_messages(MESSAGES)))
    pofilter = find_pofilter()
    version = subprocess.run(
        [pofilter, "--version"], check=True, capture_output=True, text=True
    ).stdout.split()
    print(f"{MESSAGES} messages, start-up included, the best of three")
    own = min((ours(path) for _ in range(3)), key=lambda one: one.cpu)
    peer = min((theirs(pofilter, path) for _ in range(3)), key=lambda one: one.cpu)
    for name, taken in (("constanta", own), (" ".join(version), peer)):
        print(f"  {name:<28}{taken.wall:8.2f} s wall {taken.cpu:8.2f} s cpu {taken.cpu / own.cpu:6.1f} ×")


def grow(folder: Path) -> None:
    print("\nour time by the number of messages, without start-up")
    empty = folder / "empty.be.po"
    write_catalog(empty, Catalog(make_header(LANGUAGE)))
    start = min(ours(empty).cpu for _ in range(3))
    for number in GROWTH:
        path = folder / f"{number}.be.po"
        write_catalog(path, Catalog(make_header(LANGUAGE), make_messages(number)))
        cpu = ours(path).cpu - start
        print(f"  {number:>7} messages {cpu:8.2f} s cpu {1e6 * cpu / number:8.1f} µs each")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        race(Path(folder))
        grow(Path(folder))


if __name__ == "__main__":
    main()
