"""Reading and writing `.po` files: nothing is lost, and every error names its line."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constanta.catalogs.po import (
    MAX_BYTES,
    Catalog,
    Message,
    Source,
    State,
    format_catalog,
    parse_catalog,
    read_catalog,
    write_catalog,
)
from constanta.catalogs.po.canonical import read_canonical
from constanta.catalogs.po.entries import EntryReader
from constanta.errors import CatalogError
from tests.catalogs.parts import HEADER, parse

FULL = """\
# A translator's note
# in two lines
#. Title
#: templates/home.html
#, fuzzy, python-format
#| msgctxt "title"
#| msgid "Old %(n)s"
msgctxt "title"
msgid "New %(n)s"
msgid_plural "New ones\\n"
msgstr[0] "Новы\\t«%(n)s»"
msgstr[1] ""
msgstr[2] "\\"новых\\" \\\\"

#, fuzzy
#~| msgid "Before"
#~ msgid "Gone"
#~ msgstr "Няма"
"""


def problems_of(data: bytes) -> list[tuple[int | None, str]]:
    with pytest.raises(CatalogError) as caught:
        parse_catalog(data, Path("be.po"))
    return [(problem.line, problem.code) for problem in caught.value.problems]


def test_the_canonical_form_is_read_and_written_without_a_change() -> None:
    assert format_catalog(parse(FULL)) == HEADER + FULL


def test_every_part_of_an_entry_is_read() -> None:
    message, gone = parse(FULL).messages
    assert message.source == Source("New %(n)s", "title", "New ones\n")
    assert message.msgstr == ("Новы\t«%(n)s»", "", '"новых" \\')
    assert message.comments == ("A translator's note", "in two lines")
    assert message.previous == Source("Old %(n)s", "title")
    assert message.state is State.OUTDATED
    assert gone.obsolete
    assert gone.previous == Source("Before")


def test_line_numbers_of_references_are_dropped() -> None:
    assert parse('#: a.py:12 b.py:3\n#: a.py:99\nmsgid "A"\nmsgstr ""\n').messages[0].references == (
        "a.py",
        "b.py",
    )


def test_an_entry_knows_its_lines() -> None:
    message = parse('msgctxt "c"\nmsgid ""\n"A"\nmsgstr "Б"\n').messages[0]
    start = HEADER.count("\n")
    assert (message.line, message.msgstr_line) == (start + 2, start + 4)


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ('msgid "A\nmsgstr "Б"\n', 1, "po-syntax"),
        ('msgid "A"\nmsgstr "\\q"\n', 2, "po-syntax"),
        ('msgid "A"\nmsgstr "\\320"\n', 2, "po-syntax"),
        ('msgid "A"\n', 1, "po-syntax"),
        ('msgstr "Б"\n', 1, "po-syntax"),
        ('"A"\n', 1, "po-syntax"),
        ('msgid "A"\nmsgid "B"\nmsgstr ""\n', 1, "po-syntax"),
        ('msgctxt "c"\nmsgid "A"\n\n#: a.py\nmsgctxt "c"\nmsgid "B"\nmsgstr ""\n', 2, "po-syntax"),
        ('msgid "A"\n\nmsgctxt "c"\nmsgid "B"\nmsgstr ""\n', 1, "po-syntax"),
        ('#| msgid "X"\nmsgid "A"\n\n#| msgid "Y"\nmsgid "B"\nmsgstr ""\n', 2, "po-syntax"),
        ('#~ msgid "A"\n\n#~ msgid "B"\n#~ msgstr ""\n', 1, "po-syntax"),
        ('msgctxt "c"\nmsgctxt "d"\nmsgid "A"\nmsgstr ""\n', 2, "po-syntax"),
        ('msgctxt "c"\n', 1, "po-syntax"),
        ('msgid "A"\nmsgid_plural "As"\nmsgstr "Б"\n', 3, "po-syntax"),
        ('msgid "A"\nmsgstr "Б"\nnonsense\n', 3, "po-syntax"),
        ('<<<<<<< ours\nmsgid "A"\nmsgstr "Б"\n', 1, "po-syntax"),
        ('msgid "A"\nmsgstr "Б"\n\nmsgid "A"\nmsgstr "В"\n', 4, "po-duplicate"),
    ],
)
def test_a_mistake_is_reported_with_its_line(text: str, line: int, code: str) -> None:
    assert problems_of((HEADER + text).encode()) == [(HEADER.count("\n") + line, code)]


def test_a_missing_msgstr_is_named() -> None:
    with pytest.raises(CatalogError, match="The entry has no msgstr"):
        parse('msgctxt "c"\nmsgid "A"\n\nmsgctxt "c"\nmsgid "B"\nmsgstr ""\n')


@pytest.mark.parametrize(
    ("header", "forms", "expected"),
    [
        (HEADER, (0, 2), 3),
        (HEADER, (1,), 3),
        (HEADER, (0, 5), 3),
        (HEADER, (None,), 3),
        (HEADER.replace("nplurals=3", "nplurals=987654321"), (0, 3), 4),
        (re.sub(".*Plural-Forms.*\n", "", HEADER), (0, 3), 4),
        (re.sub(".*Plural-Forms.*\n", "", HEADER), (None,), 1),
    ],
)
def test_the_forms_that_a_plural_entry_lacks_are_named(
    header: str, forms: tuple[int | None, ...], expected: int
) -> None:
    lines = "".join(f'msgstr{"" if form is None else f"[{form}]"} "Б"\n' for form in forms)
    with pytest.raises(CatalogError) as error:
        parse_catalog(f'{header}msgid "A"\nmsgid_plural "As"\n{lines}'.encode())
    names = ", ".join(f"msgstr[{form}]" for form in range(expected))
    assert str(error.value).endswith(f"expected {names}.")


def test_a_form_with_an_endless_number_is_refused() -> None:
    with pytest.raises(CatalogError, match="neither a comment, nor a keyword"):
        parse(f'msgid "A"\nmsgid_plural "As"\nmsgstr[0] "Б"\nmsgstr[{"9" * 5000}] "Б"\n')


@pytest.mark.parametrize(
    ("data", "line", "code"),
    [
        (b"", 1, "po-header"),
        (b'msgid "A"\nmsgstr "B"\n', 1, "po-header"),
        (b"\xef\xbb\xbf" + HEADER.encode(), 1, "po-bom"),
        (HEADER.encode() + 'msgid "A"\nmsgstr "Правы"\n'.encode("cp1251"), 10, "po-header-charset"),
        (HEADER.replace("UTF-8", "CP1251").encode(), 1, "po-header-charset"),
        (b"#, fuzzy\n" + HEADER.encode(), 2, "po-header-fuzzy"),
        (HEADER.encode() + b'msgid "A"\nmsgstr "\xd0', 10, "po-header-charset"),
    ],
)
def test_a_file_that_is_no_catalog_is_refused(data: bytes, line: int, code: str) -> None:
    assert problems_of(data) == [(line, code)]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="cannot be read"):
        read_catalog(tmp_path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "be.po"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(CatalogError, match="larger than"):
        read_catalog(path)


def test_writing_the_same_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "be.po"
    assert write_catalog(path, parse(FULL))
    before = path.stat().st_mtime_ns, path.stat().st_ino
    assert not write_catalog(path, parse(FULL))
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_writing_leaves_no_other_file_behind(tmp_path: Path) -> None:
    write_catalog(tmp_path / "be.po", parse(FULL))
    assert [path.name for path in tmp_path.iterdir()] == ["be.po"]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
SOURCES = st.builds(Source, TEXTS.filter(bool), st.none() | TEXTS, st.none() | TEXTS)
COMMENTS = st.lists(st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=20), max_size=2)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    source = draw(SOURCES)
    forms = 3 if source.msgid_plural is not None else 1
    fuzzy = draw(st.booleans())
    return Message(
        source,
        tuple(draw(st.lists(TEXTS, min_size=forms, max_size=forms))),
        comments=tuple(draw(COMMENTS)),
        flags=("fuzzy",) if fuzzy else (),
        previous=draw(st.none() | SOURCES) if fuzzy else None,
        obsolete=draw(st.booleans()),
    )


@given(st.lists(messages(), max_size=4, unique_by=lambda message: message.key))
@settings(max_examples=100, deadline=None)
def test_whatever_is_written_is_read_again(entries: list[Message]) -> None:
    ordered = tuple(sorted(entries, key=lambda message: message.obsolete))
    catalog = Catalog(parse("").header, ordered)
    assert parse_catalog(format_catalog(catalog).encode()).messages == ordered


_LINES = st.sampled_from(
    (
        "",
        "# a note ",
        "#. Title",
        "#: a.py:12 b.py",
        "#, fuzzy, fuzzy",
        '#| msgid "old"',
        '#~ msgid "gone"',
        'msgctxt "title"',
        'msgid "one"',
        'msgid ""',
        'msgid_plural "ones"',
        'msgstr "\\"адзін\\"\\n"',
        '"two"',
        '  "three"',
        '"\\x41"',
        "\tx",
    )
)
_ENTRY = ("#. Title", 'msgid "source"', 'msgstr ""', '"пера"', '"клад\\n"')


@given(before=st.lists(_LINES, max_size=4), after=st.lists(_LINES, max_size=4))
@settings(max_examples=300, deadline=None)
def test_an_entry_that_is_read_with_one_pattern_is_read_the_same_line_by_line(
    before: list[str], after: list[str]
) -> None:
    text = "\n".join((*before, *_ENTRY, *after))
    messages = read_canonical(text)
    if messages is not None:
        careful = EntryReader(None).read(text)
        assert messages == careful
        places = [(message.line, message.msgstr_line) for message in messages]
        assert places == [(message.line, message.msgstr_line) for message in careful]


def test_msgcat_leaves_the_canonical_form_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "be.po"
    references = [f"templates/a-rather-long-name-of-a-template-{number}.html" for number in range(6)]
    long = Message(Source("A " * 100), ("Б\nВ\n",), extracted=("Heading 2",), references=tuple(references))
    catalog = parse(FULL)
    write_catalog(path, Catalog(catalog.header, (long, *catalog.messages)))
    rewritten = subprocess.run(["msgcat", "--no-wrap", path], check=True, capture_output=True).stdout
    assert rewritten.decode() == path.read_text(encoding="utf-8")
