"""Which changes of a source are of spelling only."""

from __future__ import annotations

import pytest

from constanta.catalogs.po import Source
from constanta.catalogs.spelling import same_but_spelling


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The organisation helps.", "The organization helps."),
        ("People recieve help", "People receive help."),
        ("the border", "The Border"),
        ("A “quote” - here", "A «quote» — here"),
        ("Travelling abroad", "Traveling abroad"),
        ("%(n)s files found", "%(n)s files found!"),
    ],
)
def test_a_change_of_spelling_is_one(old: str, new: str) -> None:
    assert same_but_spelling(Source(old), Source(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It is now allowed", "It is not allowed"),
        ("People were detained", "People were not detained"),
        ("In 2024", "In 2025"),
        ("A legal act", "An illegal act"),
        ("%(n)s files", "%(m)s files"),
        ("The border is closed", "The border is opened"),
        ("One two", "Two one"),
    ],
)
def test_a_change_of_meaning_is_none(old: str, new: str) -> None:
    assert not same_but_spelling(Source(old), Source(new))


def test_the_plural_counts_too() -> None:
    assert not same_but_spelling(Source("File", None, "%(n)s files"), Source("File", None, "%(n)s documents"))
