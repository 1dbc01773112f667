"""What editors change in synthetic documents: a paragraph, a translation, a title."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

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


def has_translation(story: Story) -> bool:
    return "complete" in story.states.values()


def has_none(story: Story) -> bool:
    return set(story.states.values()) <= {"missing", "partial"}


@dataclass(frozen=True, slots=True)
class EditKind:
    """A kind of edit, and which documents it is tried on."""

    name: str
    fits: Callable[[Story], bool]
    make: Callable[[Story, random.Random], Edit]


EDIT_KINDS = (
    EditKind("a paragraph of a translation", has_translation, edit_translation),
    EditKind("a paragraph that is not translated", has_none, edit_paragraph),
    # Its translations are no longer whole after it, and the lists of what is translated change.
    EditKind("a paragraph that is translated", has_translation, edit_paragraph),
    EditKind("a title that is translated", has_translation, edit_title),
)


def choose_edits(stories: Sequence[Story], rounds: int) -> Iterator[tuple[int, EditKind, Story, Edit]]:
    """Yield what is edited in each round: every kind once, and never the same document twice.

    Raises:
        SystemExit: There are not enough documents.
    """
    chance = random.Random("edits")
    left = chance.sample(stories, len(stories))
    for number, kind in product(range(rounds), EDIT_KINDS):
        story = next(filter(kind.fits, left), None)
        if story is None:
            raise SystemExit(f"{len(stories)} documents are too few for {rounds} rounds of edits.")
        left.remove(story)
        yield number, kind, story, kind.make(story, chance)
