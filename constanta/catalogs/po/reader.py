"""Reads `.po` files; every error names its file and line.

The reader is strict where polib is lenient: polib 1.2 silently drops an unterminated string, an unknown escape and the
previous source of an obsolete entry, and any of these would lose a translator's work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from constanta.catalogs.po.model import Catalog, Key, Message, Source
from constanta.errors import CatalogError, Problem, Sentence, sentence

MAX_BYTES = 32 * 1024 * 1024
"""The size from which a file is taken for something else than a catalog."""

_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})(?: |$)")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"\s*$')
_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s*(?=\")")
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_LINE_NUMBER = re.compile(r":\d+$")
_CHARSET = re.compile(rb"charset=([^\s\\\"]+)", re.IGNORECASE)


def _fail(path: Path | None, line: int | None, text: Sentence, code: str) -> NoReturn:
    raise CatalogError(Problem(text, path, line, code))


def decode_catalog(data: bytes, path: Path | None = None) -> str:
    """Return the text of a catalog file.

    Raises:
        CatalogError: It has a byte order mark (`po-bom`) or is not UTF-8 (`po-header-charset`).
    """
    if data.startswith(b"\xef\xbb\xbf"):
        _fail(
            path,
            1,
            sentence("The file begins with a byte order mark (BOM). Save it as UTF-8 without BOM."),
            "po-bom",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        declared = _CHARSET.search(data)
        charset = declared.group(1).decode("ascii", "replace") if declared else "?"
        _fail(
            path,
            line,
            sentence(
                "This line is not UTF-8 (the header says %(charset)s). Save the file as UTF-8.",
                charset=charset,
            ),
            "po-header-charset",
        )
    return text


class _Entry:
    """The entry that is being read: its strings by field, and the comments over it."""

    __slots__ = (
        "comments",
        "extracted",
        "flags",
        "is_translated",
        "line",
        "obsolete",
        "previous",
        "references",
        "strings",
        "where",
    )

    def __init__(self) -> None:
        self.comments: list[str] = []
        self.extracted: list[str] = []
        self.references: list[str] = []
        self.flags: list[str] = []
        self.strings: dict[str, list[str]] = {}
        self.previous: dict[str, list[str]] = {}
        self.where: dict[str, int] = {}
        self.obsolete = False
        self.is_translated = False
        self.line = 0


class _Reader:
    """Reads entries line by line; every error names its line."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.entry = _Entry()
        self.open: list[str] | None = None
        self.messages: list[Message] = []

    def syntax(self, line: int, text: Sentence) -> NoReturn:
        _fail(self.path, line, text, "po-syntax")

    def read(self, text: str) -> list[Message]:
        for number, raw in enumerate(text.split("\n"), 1):
            line = raw.strip(" \t\r")
            if not line:
                self.open = None
            elif line[0] == "#":
                self.comment(number, line)
            else:
                self.statement(number, line, self.entry.strings, obsolete=False)
        self.finish()
        return self.messages

    def comment(self, number: int, line: str) -> None:
        mark, rest = line[1:2], line[2:].strip()
        if mark == "~":
            if rest.startswith("|"):
                self.begin_if_complete()
                self.statement(number, rest[1:].lstrip(), self.entry.previous, obsolete=True)
            elif rest:
                self.statement(number, rest, self.entry.strings, obsolete=True)
            return
        if mark == "|":
            self.begin_if_complete()
            self.statement(number, rest, self.entry.previous, obsolete=False)
            return
        self.open = None
        self.begin_if_complete()
        if mark == ".":
            self.entry.extracted.append(rest)
        elif mark == ":":
            self.entry.references.extend(_LINE_NUMBER.sub("", ref) for ref in rest.split())
        elif mark in {",", "="}:
            self.entry.flags.extend(flag for flag in map(str.strip, rest.split(",")) if flag)
        else:
            self.entry.comments.append(line[2:] if mark == " " else line[1:])

    def statement(self, number: int, line: str, strings: dict[str, list[str]], *, obsolete: bool) -> None:
        keyword = _KEYWORD.match(line)
        if keyword is None:
            if line[0] != '"':
                if _CONFLICT.match(line):
                    self.syntax(
                        number,
                        sentence("A conflict mark of git was left in the file. Resolve the conflict first."),
                    )
                self.syntax(
                    number, sentence("This line is neither a comment, nor a keyword, nor a quoted text.")
                )
            if self.open is None:
                self.syntax(number, sentence("A quoted text stands here without msgid or msgstr before it."))
            self.open.append(self.string(number, line))
            return
        name = keyword.group(1) + (f"[{keyword.group(2)}]" if keyword.group(2) else "")
        if strings is self.entry.strings and (name in {"msgctxt", "msgid"}):
            self.begin_if_complete()
            strings = self.entry.strings
        if name in strings:
            self.syntax(number, sentence("%(keyword)s stands twice in one entry.", keyword=name))
        if name == "msgid" and strings is self.entry.strings:
            self.entry.line = number
        if name.startswith("msgstr"):
            if "msgid" not in self.entry.strings:
                self.syntax(number, sentence("msgstr stands here without a msgid before it."))
            self.entry.is_translated = True
        if strings is self.entry.strings:
            self.entry.obsolete = obsolete
            self.entry.where[name] = number
        self.open = strings[name] = [self.string(number, line[keyword.end() :])]

    def string(self, number: int, line: str) -> str:
        quoted = _STRING.match(line)
        if quoted is None:
            self.syntax(
                number,
                sentence('The quoted text does not end: a quotation mark (") is missing or one too many.'),
            )
        text = quoted.group(1)
        if "\\" not in text:
            return text

        def unescape(match: re.Match[str]) -> str:
            octal, hexadecimal, letter = match.groups()
            if octal:
                return chr(int(octal, 8))
            if hexadecimal:
                return chr(int(hexadecimal, 16))
            if letter not in _ESCAPES:
                self.syntax(
                    number,
                    sentence(
                        "“\\%(letter)s” means nothing here; a backslash itself is written \\\\.",
                        letter=letter,
                    ),
                )
            return _ESCAPES[letter]

        return _ESCAPE.sub(unescape, text)

    def begin_if_complete(self) -> None:
        """Begin the next entry once the present one has its translation."""
        if self.entry.is_translated:
            self.finish()

    def finish(self) -> None:
        entry, self.entry, self.open = self.entry, _Entry(), None
        if not entry.strings:
            return
        forms = [name for name in entry.strings if name.startswith("msgstr")]
        if len(forms) > 1:
            forms.sort(key=lambda name: int(name[7:-1] or 0))
        if "msgid" not in entry.strings:
            self.syntax(min(entry.where.values()), sentence("msgctxt stands here without a msgid after it."))
        if not forms:
            self.syntax(
                entry.line, sentence("The entry has no msgstr: the file is cut off, or a line is missing.")
            )
        plural = "msgid_plural" in entry.strings
        expected = [f"msgstr[{i}]" for i in range(len(forms))] if plural else ["msgstr"]
        if forms != expected:
            self.syntax(
                entry.where[forms[0]],
                sentence(
                    "The forms of msgstr do not fit the entry: expected %(forms)s.", forms=", ".join(expected)
                ),
            )
        self.messages.append(
            Message(
                source=_source(entry.strings),
                msgstr=tuple("".join(entry.strings[form]) for form in forms),
                comments=tuple(entry.comments),
                extracted=tuple(entry.extracted),
                references=tuple(dict.fromkeys(entry.references)),
                flags=tuple(dict.fromkeys(entry.flags)),
                previous=_source(entry.previous) if "msgid" in entry.previous else None,
                obsolete=entry.obsolete,
                line=entry.line,
                msgstr_line=entry.where[forms[0]],
            )
        )


def _source(strings: Mapping[str, list[str]]) -> Source:
    def joined(name: str) -> str | None:
        return "".join(strings[name]) if name in strings else None

    return Source(joined("msgid") or "", joined("msgctxt"), joined("msgid_plural"))


def parse_catalog(data: bytes, path: Path | None = None) -> Catalog:
    """Return the catalog that the bytes of a `.po` file hold.

    Raises:
        CatalogError: It cannot be read; each problem has its line and, as `code`, the id of a file-level check:
            `po-bom`, `po-header-charset`, `po-syntax`, `po-header`, `po-header-fuzzy` or `po-duplicate`.
    """
    text = decode_catalog(data, path)
    messages = _Reader(path).read(text)
    header = next((m for m in messages if m.source == Source("") and not m.obsolete), None)
    if header is None or not header.msgstr[0]:
        _fail(
            path,
            1,
            sentence(
                "The file has no header: the first entry must be an empty msgid with Language and Content-Type."
            ),
            "po-header",
        )
    if header.fuzzy:
        _fail(
            path,
            header.line,
            sentence("The header is marked fuzzy. Remove the word “fuzzy” above it."),
            "po-header-fuzzy",
        )
    fields = [line.partition(":") for line in header.msgstr[0].split("\n") if line.strip()]
    catalog = Catalog(
        header={name.strip(): value.strip() for name, _, value in fields},
        messages=tuple(m for m in messages if m is not header),
        path=path,
        header_comments=header.comments,
        header_line=header.line,
    )
    _refuse_other_charset(catalog)
    _refuse_duplicates(catalog)
    return catalog


def _refuse_other_charset(catalog: Catalog) -> None:
    content_type = catalog.header.get("Content-Type", "").lower()
    if "charset=utf-8" not in content_type.replace(" ", "") and "charset=utf8" not in content_type:
        _fail(
            catalog.path,
            catalog.header_line,
            sentence("The header must say: Content-Type: text/plain; charset=UTF-8"),
            "po-header-charset",
        )


def _refuse_duplicates(catalog: Catalog) -> None:
    seen: dict[Key, int] = {}
    problems = []
    for message in catalog.messages:
        if message.obsolete:
            continue
        first = seen.setdefault(message.key, message.line)
        if first != message.line:
            text = sentence(
                "The same message stands already in line %(first)s; keep one of the two.", first=first
            )
            problems.append(Problem(text, catalog.path, message.line, "po-duplicate"))
    if problems:
        raise CatalogError(*problems)


def read_catalog(path: Path) -> Catalog:
    """Return the catalog in a file.

    Raises:
        CatalogError: It cannot be read (see `parse_catalog`), is a folder, or is larger than `MAX_BYTES`.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            limit = MAX_BYTES // 2**20
            _fail(
                path,
                1,
                sentence("The file is larger than %(limit)s MB; that is no catalog.", limit=limit),
                "po-syntax",
            )
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise CatalogError(
            Problem(sentence("The file cannot be read: %(reason)s.", reason=reason), path, None, "po-syntax")
        ) from error
    return parse_catalog(data, path)
