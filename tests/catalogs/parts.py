"""Messages and catalogs for the tests of the translation workflow."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from constanta.catalogs.po import Catalog, Message, Source, parse_catalog

HEADER = """\
msgid ""
msgstr ""
"Language: be\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

"""


def parse(text: str) -> Catalog:
    """Return the catalog of a text without a header."""
    return parse_catalog((HEADER + text).encode(), Path("be.po"))


def template(*texts: str, context: str | None = "body") -> list[Message]:
    """Return the template of these texts."""
    return [Message(Source(text, context)) for text in texts]


def current(text: str, msgstr: str, context: str | None = "body") -> Message:
    """Return a message with a current translation."""
    return Message(Source(text, context), (msgstr,))


def outdated(text: str, msgstr: str, previous: str, context: str | None = "body") -> Message:
    """Return a message whose translation was made for another source."""
    return Message(Source(text, context), (msgstr,), flags=("fuzzy",), previous=Source(previous, context))


def by_msgid(messages: Iterable[Message]) -> dict[str, Message]:
    """Return messages by their source."""
    return {message.source.msgid: message for message in messages}
