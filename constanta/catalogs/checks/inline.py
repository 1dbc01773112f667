"""What inline Markdown holds besides words, for the check `html` in the catalogs of documents."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from constanta.content.markdown import parse_inline


class _Reader(MarkdownIt):
    """Sees links to addresses that the pages refuse (`javascript:`), so that they can be compared as well."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the signature is markdown-it's
        return True


# `text_join` would mix escaped characters and entities into the text, where they could not be told from raw tags.
_READER = _Reader("commonmark", {"html": True}).disable("text_join")
_SPECIAL = re.compile(r"[*_\[\]<>`!&\\\n]")
_READ_OTHERWISE = re.compile(r"[<&!\\:](?:(?<=[<&!\\])|(?<=script:)|(?<=file:)|(?<=data:))", re.IGNORECASE)
"""What a text has somewhere of which this reader makes something else than the pages: HTML, images, refused addresses."""
_SIGNS = {"em_open": "*…*", "strong_open": "**…**", "hardbreak": "\\"}


@dataclass(frozen=True, slots=True)
class Inline:
    """The parts of an inline text.

    Attributes:
        marks: Links, images, emphasis, code and line breaks, each as Markdown writes it.
        text: The text and the raw HTML in it; without code, escaped characters and entities.
    """

    marks: Counter[str]
    text: str


def is_plain(text: str) -> bool:
    """Return whether a text cannot hold any mark of Markdown or HTML."""
    return _SPECIAL.search(text) is None


def read_inline(text: str) -> Inline:
    """Return the parts of an inline Markdown text."""
    if is_plain(text):
        return Inline(Counter(), text)
    marks: Counter[str] = Counter()
    pieces: list[str] = []
    for token in _parse(text).children or ():
        mark = _mark(token)
        if mark:
            marks[mark] += 1
        elif token.type in {"text", "html_inline"}:
            pieces.append(token.content)
    return Inline(marks, "".join(pieces))


def _parse(text: str) -> Token:
    if _READ_OTHERWISE.search(text):
        return _READER.parseInline(text)[0]
    return parse_inline(text)  # the page's own reading is at hand


def _mark(token: Token) -> str:
    if token.type == "link_open":
        return f"[…]({token.attrGet('href')}{_title(token)})"
    if token.type == "image":
        return f"![…]({token.attrGet('src')}{_title(token)})"
    if token.type == "code_inline":
        return f"`{token.content}`"
    return _SIGNS.get(token.type, "")


def _title(token: Token) -> str:
    return ' "…"' if token.attrGet("title") else ""
