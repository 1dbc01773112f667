"""Searches of several readers at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from constanta.edition.stemming.english import stem

THREADS = 4
ENDINGS = ("ation", "ations", "ational", "izing", "iveness", "fulness", "ousli", "able", "ement", "ibility")
WORDS = [
    f"{first}{vowel}{last}{ending}"
    for first in "bdgst"
    for vowel in "aeiou"
    for last in "lnr"
    for ending in ENDINGS
]


@pytest.fixture
def _many_switches() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_many_switches")
def test_threads_do_not_disturb_each_other_while_they_find_stems() -> None:
    alone = [stem(word) for word in WORDS]
    with ThreadPoolExecutor(THREADS) as pool:
        together = [pool.submit(lambda: [stem(word) for word in WORDS]) for _ in range(THREADS)]
    assert [found.result() == alone for found in together] == [True] * THREADS
