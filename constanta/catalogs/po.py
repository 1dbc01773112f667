"""The one place that reads and writes `.po` files.

The reader is strict where polib is lenient: polib 1.2 silently drops an unterminated string, an unknown escape and the
previous source of an obsolete entry, and any of these would lose a translator's work. The writer knows one form, the
one that GNU `msgcat --no-wrap` leaves unchanged, without the line numbers and creation dates that change on their own.
Source for the format: the GNU gettext manual, section “The Format of PO Files”.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

from constanta.errors import CatalogError, Problem, Sentence, sentence

MAX_BYTES = 32 * 1024 * 1024
"""The size from which a file is taken for something else than a catalog."""

Key = tuple[str | None, str]
"""What identifies a message in a catalog: its `msgctxt` (None is not the empty string) and its `msgid`."""


class State(StrEnum):
    """The state of one message in one catalog."""

    CURRENT = "current"
    OUTDATED = "outdated"
    NEEDS_WORK = "needs-work"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a message: what is translated, without any translation."""

    msgid: str
    msgctxt: str | None = None
    msgid_plural: str | None = None

    @property
    def key(self) -> Key:
        """What identifies the message."""
        return self.msgctxt, self.msgid


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of a catalog.

    Attributes:
        source: What is translated.
        msgstr: The translation; one form, or as many as the entry has plural forms.
        comments: The translator's own comments (`# `), a line each.
        extracted: Comments for the translator (`#. `).
        references: The files in which the message stands (`#: `), without line numbers.
        flags: `fuzzy`, `python-format` and the like, in their order.
        previous: The source that the translation was made for (`#| `), where it has changed since.
        obsolete: Whether the message is gone from the sources (`#~ `).
        line: The line of `msgid` in the file, from 1; 0 where it was not read from a file.
        msgstr_line: The line of the first `msgstr`.
    """

    source: Source
    msgstr: tuple[str, ...] = ("",)
    comments: tuple[str, ...] = ()
    extracted: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    previous: Source | None = None
    obsolete: bool = False
    line: int = field(default=0, compare=False)
    msgstr_line: int = field(default=0, compare=False)

    @property
    def key(self) -> Key:
        """What identifies the message in its catalog."""
        return self.source.key

    @property
    def fuzzy(self) -> bool:
        """Whether the entry is marked for a person to look at."""
        return "fuzzy" in self.flags

    @property
    def translated(self) -> bool:
        """Whether any form of the translation has text."""
        return any(self.msgstr)

    @property
    def state(self) -> State:
        """The state as `docs/design.md` defines it."""
        if not self.translated:
            return State.MISSING
        if not self.fuzzy:
            return State.CURRENT
        return State.OUTDATED if self.previous else State.NEEDS_WORK

    def without_flag(self, flag: str) -> Message:
        """Return the message without one flag."""
        return replace(self, flags=tuple(f for f in self.flags if f != flag))

    def with_flag(self, flag: str) -> Message:
        """Return the message with one flag, `fuzzy` before all others as GNU writes it."""
        others = tuple(f for f in self.flags if f != flag)
        return replace(self, flags=(flag, *others) if flag == "fuzzy" else (*others, flag))


@dataclass(frozen=True, slots=True)
class Catalog:
    """A catalog: its header and its messages, the obsolete ones last.

    Attributes:
        header: The header's fields in their order.
        messages: All entries but the header.
        path: Where it was read from; errors and findings name it.
        header_comments: The translators' comments over the header.
    """

    header: Mapping[str, str]
    messages: tuple[Message, ...] = ()
    path: Path | None = None
    header_comments: tuple[str, ...] = ()
    header_line: int = field(default=1, compare=False)

    @property
    def language(self) -> str:
        """The header's `Language` as a BCP 47 tag; empty where it names none."""
        return self.header.get("Language", "").replace("_", "-")

    def by_key(self) -> dict[Key, Message]:
        """Return the messages by what identifies them; an obsolete one only where no other has its key."""
        found = {m.key: m for m in self.messages if m.obsolete}
        found.update((m.key, m) for m in self.messages if not m.obsolete)
        return found


# --- reading -------------------------------------------------------------------------------------------------------

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
        if name.startswith("msgstr") and "msgid" not in self.entry.strings:
            self.syntax(number, sentence("msgstr stands here without a msgid before it."))
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
        if any(name.startswith("msgstr") for name in self.entry.strings):
            self.finish()

    def finish(self) -> None:
        entry, self.entry, self.open = self.entry, _Entry(), None
        if not entry.strings:
            return
        forms = sorted(
            (name for name in entry.strings if name.startswith("msgstr")), key=lambda n: int(n[7:-1] or 0)
        )
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


# --- writing -------------------------------------------------------------------------------------------------------

_QUOTED = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
}
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_LINE_WIDTH = 79
_TO_QUOTE = re.compile(r'[\\"\n\t\r\a\b\f\v]')


def _quote(text: str) -> str:
    return '"' + _TO_QUOTE.sub(lambda match: _QUOTED[match.group()], text) + '"'


def _statement(keyword: str, text: str) -> Iterator[str]:
    lines = _LINES.findall(text)
    if len(lines) > 1:
        yield f'{keyword} ""'
        yield from map(_quote, lines)
    else:
        yield f"{keyword} {_quote(text)}"


def _source_lines(source: Source) -> Iterator[str]:
    if source.msgctxt is not None:
        yield from _statement("msgctxt", source.msgctxt)
    yield from _statement("msgid", source.msgid)
    if source.msgid_plural is not None:
        yield from _statement("msgid_plural", source.msgid_plural)


def _reference_lines(references: Iterable[str]) -> Iterator[str]:
    """Yield references in lines as GNU gettext fills them; `--no-wrap` does not hold for them."""
    line = "#:"
    for reference in references:
        if line != "#:" and len(line) + 1 + len(reference.encode()) > _LINE_WIDTH:
            yield line
            line = "#:"
        line += f" {reference}"
    if line != "#:":
        yield line


def _message_lines(message: Message) -> Iterator[str]:
    for comment in message.comments:
        yield f"# {comment}" if comment else "#"
    if not message.obsolete:
        for comment in message.extracted:
            yield f"#. {comment}" if comment else "#."
        yield from _reference_lines(message.references)
    if message.flags:
        yield "#, " + ", ".join(message.flags)
    mark = "#~" if message.obsolete else "#"
    if message.previous is not None:
        yield from (f"{mark}| {line}" for line in _source_lines(message.previous))
    prefix = "#~ " if message.obsolete else ""
    yield from (prefix + line for line in _source_lines(message.source))
    plural = message.source.msgid_plural is not None
    for index, form in enumerate(message.msgstr):
        yield from (prefix + line for line in _statement(f"msgstr[{index}]" if plural else "msgstr", form))


def format_catalog(catalog: Catalog) -> str:
    """Return the canonical text of a catalog."""
    header = Message(
        Source(""),
        ("".join(f"{name}: {value}\n" for name, value in catalog.header.items()),),
        comments=catalog.header_comments,
    )
    ordered = sorted(catalog.messages, key=lambda message: message.obsolete)
    return "\n\n".join("\n".join(_message_lines(m)) for m in (header, *ordered)) + "\n"


def write_catalog(path: Path, catalog: Catalog) -> bool:
    """Write a catalog in its canonical form, whole or not at all; return whether the file changed."""
    return write_if_changed(path, format_catalog(catalog).encode("utf-8"))


def write_if_changed(path: Path, data: bytes) -> bool:
    """Put `data` into a file by renaming a complete one into its place; return whether it changed."""
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return True
