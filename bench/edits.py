"""What editors change in synthetic documents: a paragraph, a translation, a title."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.content import Story, make_words


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of a document in a language, and what an editor makes of them."""

    lang: str
    old: str
    new: str


def _lengthened(text: str, lang: str, chance: random.Random) -> str:
    """Return a text with a word more, one that stands nowhere else."""
    word = "".join(make_words(lang).choose(chance, 4)).lower()
    return f"{text[:-1]} {word}." if text.endswith(".") else f"{text} {word}"


def edit_paragraph(story: Story, chance: random.Random) -> Edit:
    lang = story.document.lang
    words = story.texts[lang].blocks[0]
    return Edit(lang, words, _lengthened(words, lang, chance))


def edit_title(story: Story, chance: random.Random) -> Edit:
    lang = story.document.lang
    words = story.texts[lang].title
    return Edit(lang, words, _lengthened(words, lang, chance))


def edit_translation(story: Story, chance: random.Random) -> Edit:
    lang = next(lang for lang, state in story.states.items() if state == "complete")
    words = story.texts[lang].blocks[0]
    return Edit(lang, words, _lengthened(words, lang, chance))


EDITS: Mapping[str, Callable[[Story, random.Random], Edit]] = {
    "a paragraph of the source": edit_paragraph,
    "a paragraph of a translation": edit_translation,
    "a title": edit_title,
}
