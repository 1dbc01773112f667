"""Contenders that are measured in turns, so that whatever else the machine does meets all of them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.serving.load import Answered, Load, ask
from bench.serving.servers import Server, fetch

WARM_UP = 2
"""Seconds for which each contender is asked before anything is measured."""


@dataclass(slots=True)
class Contender:
    """One who answers, and what came of each turn.

    Attributes:
        name: How it is called in the table.
        server: The server.
        load: What it is asked.
        turns: What came of each turn.
        busy: How many microseconds of the processors each answer took, in each turn.
    """

    name: str
    server: Server
    load: Load
    turns: list[Answered] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    def take_turn(self, seconds: int) -> None:
        before = self.server.processor_seconds()
        answered = ask(self.load, seconds)
        self.busy.append((self.server.processor_seconds() - before) / answered.requests * 1_000_000)
        self.turns.append(answered)

    @property
    def rates(self) -> list[float]:
        """Answers in a second, in each turn."""
        return [turn.rate for turn in self.turns]

    @property
    def p95s(self) -> list[float]:
        """Milliseconds within which 95 of 100 answers came, in each turn."""
        return [turn.p95 for turn in self.turns]


def measure(contenders: Sequence[Contender], seconds: int, rounds: int) -> None:
    """Let each contender answer for some seconds, one after the other, again and again."""
    for contender in contenders:
        for path in contender.load.paths[:10]:
            fetch(contender.server.port, path, contender.load.headers)
        ask(contender.load, WARM_UP)
    for number in range(rounds):
        # The other way round each second time: nobody always comes after the same one.
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            contender.take_turn(seconds)


def ratio(ones: Iterable[float], others: Iterable[float]) -> float:
    """Return how many times as much the ones are as the others: the median of the rounds' ratios."""
    return statistics.median(one / other for one, other in zip(ones, others, strict=True))


def print_table(title: str, contenders: Iterable[Contender]) -> None:
    """Print the medians of all turns."""
    print(f"\n{title}")
    print(f"{'':<44}{'requests/s':>12}{'median, ms':>12}{'p95, ms':>10}{'processor, µs':>15}")
    for contender in contenders:
        columns = (
            f"{statistics.median(contender.rates):>12,.0f}",
            f"{statistics.median(turn.median for turn in contender.turns):>12.2f}",
            f"{statistics.median(contender.p95s):>10.2f}",
            f"{statistics.median(contender.busy):>15,.0f}",
        )
        print(f"{contender.name:<44}{''.join(columns)}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A measured value beside what it must reach."""

    what: str
    value: float
    limit: float
    at_least: bool = True
    unit: str = ""

    @property
    def reached(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        mark = "" if self.reached else "   MISSED"
        return f"{self.what:<62}{self.value:>9.2f} {self.unit:<3}({sign} {self.limit:g}){mark}"
