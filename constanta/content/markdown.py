"""CommonMark to safe HTML, block by block, so that each block can be in another language.

Raw HTML in a document or a translation is shown as text, and there are no images: their addresses would let other hosts
see who reads. The structure (headings, lists, quotations) always comes from
the document; a translation gives only what stands inside a block, so it can never add one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
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
    """Marks links that leave the site, so that the other host learns nothing of the page they stand on.

    The alignment of a table's cells is a class, since the policy of a page allows no style in its tags. A table can be
    reached by keys, since a wide one is scrolled.
    """

    def link_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        if re.match(r"https?:", str(token.attrGet("href")), re.IGNORECASE):
            token.attrSet("rel", "external noreferrer")
        return self.renderToken(tokens, index, options, env)

    def td_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        side = str(token.attrs.pop("style", "")).removeprefix("text-align:")
        if side in {"center", "right"}:
            token.attrSet("class", side)
        return self.renderToken(tokens, index, options, env)

    th_open = td_open

    def table_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        tokens[index].attrSet("tabindex", "0")
        return self.renderToken(tokens, index, options, env)


_MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table").disable("image")
_BLOCKS = MarkdownIt("commonmark", {"html": False}).enable("table").disable("inline")


_MARK = re.compile(r"[\0\n\r&*<\[\]\\_`]")
"""What a text has somewhere where inline Markdown makes more of it than the text itself."""


# A text is checked before it is rendered; so it is read once. What is rendered of the tokens changes nothing that counts.
@lru_cache(maxsize=512)
def parse_inline(text: str) -> Token:
    """Return an inline text as a token with all that is in it as its children; nobody may change it."""
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
    return (_SOFT_BREAK.sub(" ", content) if "\n" in content else content).strip()


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


@dataclass(frozen=True, slots=True)
class _Block:
    """A top-level block of a body, which is the same in every language but for its texts.

    Attributes:
        html: The HTML before, between and after the texts.
        segments: The texts.
        tagged: Whether each text stands in a tag of its own, which can say its language.
    """

    html: Sequence[str]
    segments: Sequence[Segment]
    tagged: Sequence[bool]


_GAP = "\0"
"""Stands for a text in the HTML of a block; CommonMark (2.3) allows it nowhere."""


@lru_cache(maxsize=16)
def _read_blocks(body: str) -> tuple[_Block, ...]:
    tokens = _BLOCKS.parse(body)
    segments = dict(_segments(tokens))
    for index in segments:
        tokens[index].children = [Token("text", "", 0, content=_GAP)]
    blocks = []
    for start, end in _blocks(tokens):
        html = _render(tokens[start:end])
        inside = [index for index in range(start, end) if index in segments]
        tagged = [tokens[index - 1].nesting > 0 and not tokens[index - 1].hidden for index in inside]
        blocks.append(_Block(html.split(_GAP), [segments[index] for index in inside], tagged))
    return tuple(blocks)


def _render(tokens: Sequence[Token]) -> str:
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the first and one past the last token of each top-level block."""
    start, depth = 0, 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield start, index + 1
            start = index + 1


def split_body(body: str) -> list[Segment]:
    """Return the translatable segments of a body, in their order."""
    return [segment for block in _read_blocks(body) for segment in block.segments]


def render_body(body: str, translate: Callable[[str], Text]) -> list[Run]:
    """Return a body as HTML, each segment as `translate` gives it, in runs of one language.

    A segment that is not in the page's language is wrapped in `lang`, even inside a block of mixed languages; the run
    then says what the first such segment of the block is.
    """
    runs: list[Run] = []
    for block in _read_blocks(body):
        texts = [translate(segment.text) for segment in block.segments]
        marked = next((text for text in texts if text.lang is not None), Text(""))
        html = _render_block(block, texts)
        if runs and (runs[-1].lang, runs[-1].reason) == (marked.lang, marked.reason):
            html = runs.pop().html + html
        runs.append(Run(html, marked.lang, marked.reason))
    return runs


def _render_block(block: _Block, texts: Sequence[Text]) -> str:
    html = block.html[0]
    for text, tagged, after in zip(texts, block.tagged, block.html[1:], strict=True):
        inline = _render_inline(text.text)
        if text.lang is not None:
            lang = f' lang="{escapeHtml(text.lang)}"'
            if tagged:
                html = f"{html[:-1]}{lang}>"
            else:
                inline = f"<span{lang}>{inline}</span>"
        html += inline + after
    return html


def _render_inline(text: str) -> str:
    if _MARK.search(text):
        return _render([parse_inline(text)])
    return escapeHtml(text)


@lru_cache(maxsize=512)
def inline_marks(text: str) -> Mapping[str, int]:
    """Return what a text holds besides words: links with their addresses, emphasis, code, line breaks.

    A translation is safe to show where its marks are those of its source.
    """
    if not _MARK.search(text):
        return {}
    marks: Counter[str] = Counter()
    for token in parse_inline(text).children or ():
        if token.type == "link_open":
            titled = " with a title" if token.attrGet("title") else ""
            marks[f"link {token.attrGet('href')}{titled}"] += 1
        elif token.type == "code_inline":
            marks[f"code {token.content}"] += 1
        elif token.nesting > 0 or token.type == "hardbreak":
            marks[token.type] += 1
    return marks
