"""Reads the entries of a `.po` file that is written in the form of this project, a whole entry with one pattern.

That takes half the time of reading line by line, and nearly all catalogs of documents are written so. Whatever has another
form is left to `EntryReader`, which knows all that gettext allows, and names the line of each error.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from constanta.catalogs.po.model import Message, Source

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
"""What stands for what after a backslash in a string."""


def _string(mark: str = "") -> str:
    """Return the pattern of a string, perhaps of several lines that begin with a mark."""
    line = r'"[^"\\\n]*(?:\\[ntr"\\abfv][^"\\\n]*)*"'
    return rf"{line}(?:\n{mark}{line})*"


_ENTRY = re.compile(
    r"(?P<comments>(?:#(?: .*)?\n)*)"
    r"(?P<extracted>(?:#\. .*\n)*)"
    r"(?P<references>(?:#: .*\n)*)"
    r"(?P<flags>(?:#, .*\n)*)"
    rf"(?:(?:#\| msgctxt (?P<old_context>{_string('#[|] ')})\n)?#\| msgid (?P<old_id>{_string('#[|] ')})\n)?"
    rf"(?:msgctxt (?P<context>{_string()})\n)?"
    rf"msgid (?P<id>{_string()})\n"
    rf"msgstr (?P<text>{_string()})(?:\n+|\Z)"
)
_SEAM = re.compile(r'"\n(?:#\| )?"')
_ESCAPE = re.compile(r"\\(.)")
_LINE_NUMBER = re.compile(r":\d+$")


def read_canonical(text: str) -> list[Message] | None:
    """Return the entries of a file's text, the header among them; None where it has another form anywhere."""
    if "\t" in text or "\r" in text or " \n" in text or text.endswith(" "):
        return None  # `EntryReader` looks past such spaces
    messages: list[Message] = []
    position, line = 0, 1
    while position < len(text):
        entry = _ENTRY.match(text, position)
        if entry is None:
            return None
        id_line = line + text.count("\n", position, entry.start("id"))
        msgstr_line = id_line + text.count("\n", entry.start("id"), entry.start("text"))
        messages.append(_message(entry, id_line, msgstr_line))
        line = msgstr_line + text.count("\n", entry.start("text"), entry.end())
        position = entry.end()
    return messages


def read_references(line: str) -> list[str]:
    """Return the files that a comment `#:` names, without the numbers of lines."""
    return [_LINE_NUMBER.sub("", reference) for reference in line.split()]


def read_flags(line: str) -> list[str]:
    """Return the flags of a comment `#,`."""
    return [flag for flag in map(str.strip, line.split(",")) if flag]


def _message(entry: re.Match[str], line: int, msgstr_line: int) -> Message:
    comments, extracted, references, flags = entry.group("comments", "extracted", "references", "flags")
    old_context, old_id, context, msgid, text = entry.group("old_context", "old_id", "context", "id", "text")
    return Message(
        source=_source(msgid, context),
        msgstr=(_unquote(text),),
        comments=tuple(_rests(comments)) if comments else (),
        extracted=tuple(map(str.strip, _rests(extracted))) if extracted else (),
        references=_distinct(read_references, references) if references else (),
        flags=_distinct(read_flags, flags) if flags else (),
        previous=None if old_id is None else _source(old_id, old_context),
        line=line,
        msgstr_line=msgstr_line,
    )


def _rests(comments: str) -> list[str]:
    """Return what stands after the mark in each of some lines of comments."""
    return [comment[2:] for comment in comments.split("\n")[:-1]]


def _distinct(read: Callable[[str], list[str]], comments: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([name for rest in _rests(comments) for name in read(rest)]))


def _source(msgid: str, context: str | None) -> Source:
    return Source(_unquote(msgid), None if context is None else _unquote(context))


def _unquote(string: str) -> str:
    text = string[1:-1]
    if "\n" in text:
        text = _SEAM.sub("", text)
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def _unescape(escape: re.Match[str]) -> str:
    return ESCAPES[escape[1]]
