"""CommonMark to safe HTML, block by block, so that each block can be in another language.

Raw HTML in a document or a translation is shown as text, and there are no images: their addresses would let other hosts
see who reads. The structure (headings, lists, quotations) always comes from
the document; a translation gives only what stands inside a block, so it can never add one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from constanta.content.renditions import Run, Text

_SOFT_BREAK = re.compile(r"(?<! {2})(?<!\\)\n\s*")
_ROLES = {
    "blockquote_open": "quotation",
    "list_item_open": "list item",
    "th_open": "table",
    "td_open": "table",
}


class _Renderer(RendererHTML):
    """Marks links that leave the site, so that the other host learns nothing of the page they stand on."""

    def link_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        if re.match(r"https?:", str(token.attrGet("href")), re.IGNORECASE):
            token.attrSet("rel", "external noreferrer")
        return self.renderToken(tokens, index, options, env)


_MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table").disable("image")
_BLOCKS = MarkdownIt("commonmark", {"html": False}).enable("table").disable("inline")


# A document's blocks are the same in every language, and a text is checked before it is rendered; so both are read once.
# Tokens that come from here are copied before anything in them is changed.
@lru_cache(maxsize=16)
def _parse_blocks(body: str) -> tuple[Token, ...]:
    return tuple(_BLOCKS.parse(body))


@lru_cache(maxsize=512)
def _parse_inline(text: str) -> Token:
    return _MARKDOWN.parseInline(text)[0]


@dataclass(frozen=True, slots=True)
class Segment:
    """The translatable text inside one block of a body: inline Markdown, and where it stands.

    Attributes:
        text: The text, with soft line breaks folded into spaces.
        role: What the block is, in the words of a comment for translators (“heading 2”, “list item”).
        line: Its line within the body, from 0.
    """

    text: str
    role: str
    line: int


def segment_text(content: str) -> str:
    """Return the text of a block as it stands in a catalog."""
    return _SOFT_BREAK.sub(" ", content).strip()


def _segments(tokens: Sequence[Token]) -> Iterator[tuple[int, Segment]]:
    """Yield the place of each inline token that has text, and its segment."""
    around: list[str] = []
    for index, token in enumerate(tokens):
        if token.nesting > 0:
            around.append(_ROLES.get(token.type, ""))
        elif token.nesting < 0:
            around.pop()
        elif token.type == "inline" and token.content.strip():
            opening = tokens[index - 1]
            inside = next((role for role in reversed(around) if role), "paragraph")
            role = f"heading {opening.tag[1:]}" if opening.type == "heading_open" else inside
            line = token.map[0] if token.map else 0
            yield index, Segment(segment_text(token.content), role, line)


def split_body(body: str) -> list[Segment]:
    """Return the translatable segments of a body, in their order."""
    return [segment for _, segment in _segments(_parse_blocks(body))]


def render_body(body: str, translate: Callable[[str], Text]) -> list[Run]:
    """Return a body as HTML, each segment as `translate` gives it, in runs of one language.

    A segment that is not in the page's language is wrapped in `lang`, even inside a block of mixed languages; the run
    then says what the first such segment of the block is.
    """
    tokens = list(_parse_blocks(body))
    foreign: dict[int, Text] = {}
    for index, segment in _segments(tokens):
        text = translate(segment.text)
        tokens[index] = _parse_inline(text.text).copy(level=tokens[index].level)
        if text.lang is not None:
            foreign[index] = text
            _mark_language(tokens, index, text.lang)
    runs: list[Run] = []
    for start, end in _blocks(tokens):
        marked = next((foreign[index] for index in range(start, end) if index in foreign), Text(""))
        html = _MARKDOWN.renderer.render(tokens[start:end], _MARKDOWN.options, {})
        if runs and (runs[-1].lang, runs[-1].reason) == (marked.lang, marked.reason):
            html = runs.pop().html + html
        runs.append(Run(html, marked.lang, marked.reason))
    return runs


def _mark_language(tokens: list[Token], index: int, lang: str) -> None:
    opening = tokens[index - 1]
    if opening.nesting > 0 and not opening.hidden:
        tokens[index - 1] = opening.copy(attrs={**opening.attrs, "lang": lang})
        return
    begin, end = Token("span_open", "span", 1), Token("span_close", "span", -1)
    begin.attrSet("lang", lang)
    tokens[index].children = [begin, *(tokens[index].children or []), end]


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the first and one past the last token of each top-level block."""
    start, depth = 0, 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield start, index + 1
            start = index + 1


def inline_marks(text: str) -> Counter[str]:
    """Return what a text holds besides words: links with their addresses, emphasis, code, line breaks.

    A translation is safe to show where its marks are those of its source.
    """
    marks: Counter[str] = Counter()
    for token in _parse_inline(text).children or []:
        if token.type == "link_open":
            titled = " with a title" if token.attrGet("title") else ""
            marks[f"link {token.attrGet('href')}{titled}"] += 1
        elif token.type == "code_inline":
            marks[f"code {token.content}"] += 1
        elif token.nesting > 0 or token.type == "hardbreak":
            marks[token.type] += 1
    return marks
