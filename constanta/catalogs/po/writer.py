"""Writes `.po` files in one canonical form: the one that GNU `msgcat --no-wrap` leaves unchanged.

Line numbers and creation dates, which change on their own, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from constanta.catalogs.po.model import Catalog, Message, Source
from constanta.files import replace_file

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
        # polib puts an empty comment over every header.
        comments=catalog.header_comments if any(catalog.header_comments) else (),
    )
    ordered = sorted(catalog.messages, key=lambda message: message.obsolete)
    return "\n\n".join("\n".join(_message_lines(m)) for m in (header, *ordered)) + "\n"


def write_catalog(path: Path, catalog: Catalog) -> bool:
    """Write a catalog in its canonical form, whole or not at all; return whether the file changed."""
    return write_if_changed(path, format_catalog(catalog).encode("utf-8"))


def write_if_changed(path: Path, data: bytes) -> bool:
    """Put `data` into a file by renaming a complete one into its place; return whether it changed.

    Raises:
        OSError: The system refuses; it names this file, since nobody knows the one that is renamed.
    """
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, data, 0o644)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    return True
