"""Reads the entries of a `.po` file; every error names its line.

The reader is strict where polib is lenient: polib 1.2 silently drops an unterminated string, an unknown escape and the
previous source of an obsolete entry, and any of these would lose a translator's work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from constanta.catalogs.po.canonical import ESCAPES, read_flags, read_references
from constanta.catalogs.po.model import Message, Source
from constanta.errors import CatalogError, Problem, Sentence, sentence

_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})(?: |$)")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"\s*$')
_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d{1,3})\])?\s*(?=\")")
_NUMBER_OF_FORMS = re.compile(r"Plural-Forms:\s*nplurals\s*=\s*([1-9])\b")
_ESCAPE = re.compile(r"((?:\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}))+)|\\(.)")


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


class EntryReader:
    """Reads entries line by line; every error names its line."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.entry = _Entry()
        self.open: list[str] | None = None
        self.messages: list[Message] = []

    def _syntax(self, line: int, text: Sentence) -> NoReturn:
        raise CatalogError(Problem(text, self.path, line, "po-syntax"))

    def read(self, text: str) -> list[Message]:
        """Return the entries of a file's text, the header among them."""
        for number, raw in enumerate(text.split("\n"), 1):
            line = raw.strip(" \t\r")
            if not line:
                self.open = None
            elif line[0] == "#":
                self._comment(number, line)
            else:
                self._statement(number, line, self.entry.strings, obsolete=False)
        self._finish()
        return self.messages

    def _comment(self, number: int, line: str) -> None:
        mark, rest = line[1:2], line[2:].strip()
        if mark == "~":
            if rest.startswith("|"):
                self._begin_if_complete()
                self._statement(number, rest[1:].lstrip(), self.entry.previous, obsolete=True)
            elif rest:
                self._statement(number, rest, self.entry.strings, obsolete=True)
            return
        if mark == "|":
            self._begin_if_complete()
            self._statement(number, rest, self.entry.previous, obsolete=False)
            return
        self.open = None
        self._begin_if_complete()
        if mark == ".":
            self.entry.extracted.append(rest)
        elif mark == ":":
            self.entry.references.extend(read_references(rest))
        elif mark in {",", "="}:
            self.entry.flags.extend(read_flags(rest))
        else:
            self.entry.comments.append(line[2:] if mark == " " else line[1:])

    def _statement(self, number: int, line: str, strings: dict[str, list[str]], *, obsolete: bool) -> None:
        keyword = _KEYWORD.match(line)
        if keyword is None:
            if line[0] != '"':
                if _CONFLICT.match(line):
                    self._syntax(
                        number,
                        sentence("A conflict mark of git was left in the file. Resolve the conflict first."),
                    )
                self._syntax(
                    number, sentence("This line is neither a comment, nor a keyword, nor a quoted text.")
                )
            if self.open is None:
                self._syntax(number, sentence("A quoted text stands here without msgid or msgstr before it."))
            self.open.append(self._string(number, line))
            return
        name = keyword.group(1) + (f"[{keyword.group(2)}]" if keyword.group(2) else "")
        if strings is self.entry.strings and (name in {"msgctxt", "msgid"}):
            self._begin_if_complete()
            strings = self.entry.strings
        if name in {"msgctxt", "msgid"} and "msgid" in self.entry.strings:
            self._finish()  # it has no msgstr, and says so at its own line rather than at that of the next entry
        if name in strings:
            self._syntax(number, sentence("%(keyword)s stands twice in one entry.", keyword=name))
        if name == "msgid" and strings is self.entry.strings:
            self.entry.line = number
        if name.startswith("msgstr"):
            if "msgid" not in self.entry.strings:
                self._syntax(number, sentence("msgstr stands here without a msgid before it."))
            self.entry.is_translated = True
        if strings is self.entry.strings:
            self.entry.obsolete = obsolete
            self.entry.where[name] = number
        self.open = strings[name] = [self._string(number, line[keyword.end() :])]

    def _string(self, number: int, line: str) -> str:
        quoted = _STRING.match(line)
        if quoted is None:
            self._syntax(
                number,
                sentence('The quoted text does not end: a quotation mark (") is missing or one too many.'),
            )
        text = quoted.group(1)
        if "\\" not in text:
            return text

        def unescape(match: re.Match[str]) -> str:
            numbers, letter = match.groups()
            if numbers:
                return self._bytes(number, numbers)
            if letter not in ESCAPES:
                self._syntax(
                    number,
                    sentence(
                        "“\\%(letter)s” means nothing here; a backslash itself is written \\\\.",
                        letter=letter,
                    ),
                )
            return ESCAPES[letter]

        return _ESCAPE.sub(unescape, text)

    def _bytes(self, number: int, escapes: str) -> str:
        """Return the text of bytes written as numbers, as `msgcat --escape` writes what is not ASCII."""
        values = (
            int(digits[1:], 16) if digits[0] == "x" else int(digits, 8) for digits in escapes.split("\\")[1:]
        )
        try:
            return bytes(values).decode("utf-8")
        except (UnicodeDecodeError, ValueError):
            self._syntax(number, sentence("“%(escapes)s” is no text in UTF-8.", escapes=escapes))

    def _begin_if_complete(self) -> None:
        """Begin the next entry once the present one has its translation."""
        if self.entry.is_translated:
            self._finish()

    def _finish(self) -> None:
        entry, self.entry, self.open = self.entry, _Entry(), None
        if not entry.strings:
            return
        forms = [name for name in entry.strings if name.startswith("msgstr")]
        if len(forms) > 1:
            forms.sort(key=lambda name: int(name[7:-1] or 0))
        if "msgid" not in entry.strings:
            self._syntax(min(entry.where.values()), sentence("msgctxt stands here without a msgid after it."))
        if not forms:
            self._syntax(
                entry.line, sentence("The entry has no msgstr: the file is cut off, or a line is missing.")
            )
        plural = "msgid_plural" in entry.strings
        if forms != ([f"msgstr[{i}]" for i in range(len(forms))] if plural else ["msgstr"]):
            expected = ", ".join(self._expected(forms) if plural else ["msgstr"])
            self._syntax(
                entry.where[forms[0]],
                sentence("The forms of msgstr do not fit the entry: expected %(forms)s.", forms=expected),
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

    def _expected(self, forms: Sequence[str]) -> list[str]:
        """Return the forms of a plural entry: as many as the header says, or else up to the last of those found."""
        header = self.messages[0] if self.messages else None
        number = _NUMBER_OF_FORMS.search(header.msgstr[0]) if header and header.source == Source("") else None
        count = int(number[1]) if number else int(forms[-1][7:-1] or 0) + 1
        return [f"msgstr[{i}]" for i in range(count)]


def _source(strings: Mapping[str, list[str]]) -> Source:
    def joined(name: str) -> str | None:
        return "".join(strings[name]) if name in strings else None

    return Source(joined("msgid") or "", joined("msgctxt"), joined("msgid_plural"))
