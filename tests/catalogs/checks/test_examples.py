"""The examples of `docs/orthography.md` hold: the rules and the document cannot drift apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from constanta.settings import ROOT
from tests.catalogs.checks.cases import ids

PAGE = ROOT / "docs" / "orthography.md"
EXAMPLES = 442
ARROW = " ⇒ "


@dataclass(frozen=True)
class Example:
    """One line of an example block: `+` gives no finding of the check, `-` gives one."""

    line: int
    language: str
    check: str
    flags: tuple[str, ...]
    sign: str
    source: str
    translation: str


def examples() -> Iterator[Example]:
    block: list[str] = []
    for number, line in enumerate(PAGE.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("```"):
            block = line.removeprefix("```ex ").split() if line.startswith("```ex ") else []
        elif block and line[:2] in {"+ ", "- "}:
            language, check, *flags = block
            # An example without a source needs one with the same punctuation and numbers: itself.
            source, _, translation = line[2:].rpartition(ARROW)
            source = (source or translation).replace("⍽", "\u00a0")
            yield Example(number, language, check, tuple(flags), line[0], source, translation)


def test_all_examples_of_the_document_are_read() -> None:
    assert len(list(examples())) == EXAMPLES


@pytest.mark.parametrize(
    "example", list(examples()), ids=lambda e: f"{e.line}-{e.language}-{e.check}{e.sign}"
)
def test_an_example_is_judged_as_the_document_says(example: Example) -> None:
    found = ids(example.language, example.source, example.translation, flags=example.flags)
    assert (example.check in found) == (example.sign == "-")
