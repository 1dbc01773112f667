"""A document's renditions to plain texts, each under the language that it really is in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from constanta.edition.stemming.words import compose


@dataclass(slots=True)
class Texts:
    """What a document says in one language, as plain text in NFC; empty where it says it in another."""

    title: str = ""
    summary: str = ""
    body: str = ""

    @property
    def fields(self) -> tuple[str, str, str]:
        """The title, the summary and the body."""
        return self.title, self.summary, self.body


def gather_texts(renditions: Iterable[Mapping[str, Any]]) -> dict[str, Texts]:
    """Return what a document says in each language, by tag, from what is stored of its renditions.

    A language of the site is taken from its own rendition. A source language that the site does not have appears only as
    what stands in for missing translations, and is taken from the first rendition that shows it.
    """
    split = {rendition["lang"]: _split(rendition) for rendition in renditions}
    found: dict[str, Texts] = {}
    for lang, texts in split.items():
        for other, text in texts.items():
            if other == lang or other not in split:
                found.setdefault(other, text)
    return found


def _split(rendition: Mapping[str, Any]) -> dict[str, Texts]:
    """Return the texts of a rendition by their language."""
    lang = rendition["lang"]
    parts: dict[str, list[str]] = {}
    for run in rendition["body"]:
        for other, text in _split_html(run["html"], lang):
            parts.setdefault(other, []).append(text)
    found = {other: Texts(body=_clean(unescape("".join(texts)))) for other, texts in parts.items()}
    for name in ("title", "summary"):
        if rendition[name]:
            texts = found.setdefault(rendition[f"{name}_lang"] or lang, Texts())
            setattr(texts, name, _clean(rendition[name]))
    return {other: texts for other, texts in found.items() if any(texts.fields)}


def _clean(text: str) -> str:
    """Return a text on one line; its no-break spaces stay."""
    return _ROOM.sub(" ", compose(text)).strip()


_ROOM = re.compile("  +")

# In our own HTML every `<` and `>` that is none of a tag is written as an entity, and every value is in quotes.
_TAG = re.compile("<[^>]*>")
_PIECE = re.compile("(?P<text>[^<]+)|<(?P<closes>/?)(?P<name>[a-z0-9]+)(?P<attributes>[^>]*)>")
_ATTRIBUTE = re.compile('([a-z-]+)="([^"]*)"')
_END = re.compile("</(?:h[1-6]|li|p|t[dh])>")
_CLOSING = "»”)%"
"""What a sentence or a title may end with besides letters and digits, before its full stop."""
_INLINE_ENDS = frozenset({"/a", "/code", "/em", "/span", "/strong"})
_VOID = frozenset({"br", "hr"})
"""The elements without an end that CommonMark gives, images being off."""


def _close(end: re.Match[str]) -> str:
    """Return the end of a block, after a full stop where no punctuation stands before it."""
    html, last = end.string, end.start() - 1
    while html[last] == ">" and html[(tag := html.rfind("<", 0, last)) + 1 : last] in _INLINE_ENDS:
        last = tag - 1
    return f".{end[0]}" if _is_open(html[last]) else end[0]


def _is_open(last: str) -> bool:
    """Return whether a text with this character at its end has no punctuation there."""
    return last.isalnum() or (last != "" and last in _CLOSING)


def _split_html(html: str, lang: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a run of our own HTML with the `lang` of the elements around them; entities stay.

    On one line with what follows, a heading would be read as the beginning of the next sentence: it gets a full stop.
    """
    if 'lang="' not in html:
        yield lang, f"{_TAG.sub('', _END.sub(_close, html))}\n"
        return
    around, said = [lang], (lang, "")
    for piece in _PIECE.finditer(html):
        if piece["text"]:
            said = around[-1], piece["text"]
            yield said
        elif piece["closes"]:
            around.pop()
            if _END.fullmatch(piece[0]) and _is_open(said[1][-1:]):
                said = said[0], "."
                yield said
        elif piece["name"] not in _VOID:
            attributes = dict(_ATTRIBUTE.findall(piece["attributes"]))
            around.append(attributes.get("lang") or around[-1])
    yield lang, "\n"
