"""How fast catalogs are merged and how well changed messages are paired, beside GNU msgmerge and pybabel update.

Both sides work on the same files in one run. The truth of every pairing is known, as the histories are generated.

    .venv/bin/python -m bench.merge
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from constanta.catalogs.header import make_header
from constanta.catalogs.po import Catalog, Message, Source, read_catalog, write_catalog
from constanta.locales import Language

LANGUAGE = Language("be")
SEED = 20260101

CITIES = ["Minsk", "Brest", "Hrodna", "Homiel", "Viciebsk", "Mahiloŭ", "Lida", "Polack", "Pinsk", "Barysaŭ"]
BODIES = [
    "court",
    "ministry",
    "committee",
    "commission",
    "office",
    "department",
    "council",
    "agency",
    "centre",
    "service",
]
ACTS = [
    "recognised",
    "refused",
    "detained",
    "expelled",
    "released",
    "registered",
    "questioned",
    "fined",
    "summoned",
    "accepted",
]
WHO = [
    "migrants",
    "students",
    "refugees",
    "activists",
    "lawyers",
    "journalists",
    "volunteers",
    "patients",
    "workers",
    "families",
]
WHAT = [
    "report",
    "appeal",
    "decision",
    "complaint",
    "interview",
    "border",
    "shelter",
    "document",
    "visa",
    "statement",
]
TIMES = [
    "on Monday",
    "in March",
    "last year",
    "without notice",
    "for a month",
    "at night",
    "in public",
    "once again",
]
SHAPES = (
    "The {body} in {city} {act} {number} {who} {time}.",
    "According to the {what}, the {body} of {city} {act} {who} {time}, and {number} {what2}s followed.",
    "{number} {who} were {act} by the {body} {time} after a {what}.",
    "Read the {what} of the {body} about {who} in {city}, {time}, on page {number}.",
    "Our {what} explains why {who} in {city} were {act} {time} and what the {body} should do in {number} days.",
)


@dataclass
class Entry:
    """One message of a history: what it is, whatever its text becomes."""

    identity: int
    text: str


class History:
    """A catalog of messages, and what a developer then does to the sources."""

    def __init__(self, number: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.used: set[str] = set()
        self.next = 0
        self.old = [self.entry() for _ in range(number)]
        self.new: list[Entry] = []

    def entry(self) -> Entry:
        text = self.sentence()
        while text in self.used:
            text = self.sentence()
        self.used.add(text)
        self.next += 1
        return Entry(self.next, text)

    def sentence(self) -> str:
        pick = self.random.choice
        return " ".join(
            pick(SHAPES).format(
                body=pick(BODIES),
                city=pick(CITIES),
                act=pick(ACTS),
                who=pick(WHO),
                what=pick(WHAT),
                what2=pick(WHAT),
                time=pick(TIMES),
                number=self.random.randrange(2, 900),
            )
            for _ in range(self.random.choice((1, 1, 2)))
        )

    def edited(self, text: str) -> str:
        words = text.split()
        place = self.random.randrange(len(words))
        kind = self.random.randrange(5)
        if kind == 0:
            words[place] = self.random.choice(WHO)
        elif kind == 1:
            words.insert(place, "not")
        elif kind == 2:
            del words[place]
        elif kind == 3:
            words += self.sentence().split()
        else:
            words[place : place + 3] = [self.random.choice(WHAT), self.random.choice(ACTS)]
        changed = " ".join(words)
        return changed if changed not in self.used else self.edited(changed)

    def develop(self, *, edited: float, new: float, deleted: float = 0.0, moved: float = 0.0) -> None:
        """Edit, delete and move shares of the messages, and add new ones anywhere."""
        for entry in self.old:
            if self.random.random() < deleted:
                continue
            text = self.edited(entry.text) if self.random.random() < edited else entry.text
            self.used.add(text)
            self.new.append(Entry(entry.identity, text))
        for _ in range(round(len(self.old) * moved)):
            entry = self.new.pop(self.random.randrange(len(self.new)))
            self.new.insert(self.random.randrange(len(self.new)), entry)
        for _ in range(round(len(self.old) * new)):
            self.new.insert(self.random.randrange(len(self.new)), self.entry())

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write the old catalog, 90 % translated (each translation says which message it is), and the new template."""
        header = make_header(LANGUAGE)
        translated = [
            Message(Source(entry.text), (f"пераклад {entry.identity}" if self.random.random() < 0.9 else "",))
            for entry in self.old
        ]
        old, template = folder / "old.po", folder / "new.pot"
        write_catalog(old, Catalog(header, tuple(translated)))
        write_catalog(template, Catalog(header, tuple(Message(Source(e.text)) for e in self.new)))
        return old, template

    def score(self, merged: Path) -> tuple[int, int, int]:
        """Return how many changed or new messages got the right translation, a wrong one, or none that was there."""
        identity = {entry.text: entry.identity for entry in self.new}
        before = {entry.identity: entry.text for entry in self.old}
        had = {int(m.msgstr[0].split()[1]) for m in read_catalog(merged).messages if m.translated}
        right = wrong = missed = 0
        for message in read_catalog(merged).messages:
            number = identity.get(message.source.msgid)
            if message.obsolete or number is None or before.get(number) == message.source.msgid:
                continue
            if message.translated:
                if message.msgstr[0] == f"пераклад {number}":
                    right += 1
                else:
                    wrong += 1
            elif number in had:
                missed += 1
        return right, wrong, missed


OURS = """
import sys
from pathlib import Path
from constanta.catalogs.merge import merge_messages
from constanta.catalogs.po import Catalog, read_catalog, write_catalog
old, template, target = map(Path, sys.argv[1:])
catalog = read_catalog(old)
merge = merge_messages(read_catalog(template).messages, catalog.messages, 3)
write_catalog(target, Catalog(catalog.header, merge.messages))
"""


def timed(command: list[str | Path]) -> float:
    """Return the seconds that a process takes, start-up included."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def ours(old: Path, template: Path, target: Path) -> float:
    return timed([sys.executable, "-c", OURS, old, template, target])


def msgmerge(old: Path, template: Path, target: Path, *more: str) -> float:
    return timed(["msgmerge", "--quiet", "--previous", "--no-wrap", *more, "-o", target, old, template])


def msgmerge_exact(old: Path, template: Path, target: Path) -> float:
    return msgmerge(old, template, target, "--no-fuzzy-matching")


def pybabel(old: Path, template: Path, target: Path) -> float:
    target.write_bytes(old.read_bytes())
    frontend = [sys.executable, "-m", "babel.messages.frontend"]
    return timed([*frontend, "update", "-l", "be", "-i", template, "-o", target])


Merger = Callable[[Path, Path, Path], float]


def race(number: int, mergers: dict[str, Merger]) -> None:
    """Merge one history by each of the mergers, and print their times and pairings."""
    history = History(number, SEED)
    history.develop(edited=0.05, new=0.05)
    print(f"\n{number} messages, 90 % translated, 5 % edited, 5 % new")
    compare(history, mergers)


def compare(history: History, mergers: dict[str, Merger]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        old, template = history.write(Path(folder))
        first = 0.0
        for name, merger in mergers.items():
            target = Path(folder) / "merged.po"
            seconds = merger(old, template, target)
            first = first or seconds
            right, wrong, missed = history.score(target)
            print(
                f"  {name:<28}{seconds:8.2f} s {seconds / first:7.1f} ×"
                f"   right {right:5}   wrong {wrong:5}   missed {missed:5}"
            )


def main() -> None:
    race(10_000, {"constanta": ours, "msgmerge": msgmerge, "msgmerge --no-fuzzy-matching": msgmerge_exact})
    race(1_000, {"constanta": ours, "msgmerge": msgmerge, "pybabel update": pybabel})
    history = History(2_000, SEED)
    history.develop(edited=0.15, new=0.1, deleted=0.1, moved=0.05)
    print("\n2000 messages, 15 % edited, 10 % new, 10 % deleted, 5 % moved")
    compare(history, {"constanta": ours, "msgmerge": msgmerge})
    for number in (1_000, 10_000, 100_000):
        race(number, {"constanta": ours})


if __name__ == "__main__":
    main()
