"""The data that people keep beside the checks: the term base and the names that are what they seem wrong for.

`names.csv` has a line for each name: `kind`, `language` (empty: all), `text` and a `note` that says why it is there.

- `same`: may stand in a translation as in the source;
- `quoted`: letters of another language are right in it, when it stands in quotation marks;
- `final-vowel`: a name in Latin letters that is read with a vowel at its end;
- `read-as-word`: an abbreviation that is read as a word, not letter by letter;
- `name-u`: the beginning of a name that keeps its У also where all letters are capitals;
- `name`: the beginning of a word that is rightly written with a capital.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def names(kind: str, language: str) -> tuple[str, ...]:
    """Return the names of one kind that are for a language."""
    return tuple(
        row["text"] for row in _rows("names.csv") if row["kind"] == kind and row["language"] in {"", language}
    )


@cache
def terms() -> tuple[dict[str, str], ...]:
    """Return the lines of the term base."""
    return tuple(_rows("glossary.csv"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
