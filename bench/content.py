"""Makes synthetic content of any size: documents, and their catalogs in every language of the site.

    .venv/bin/python -m bench.content /tmp/large --documents 100000
    CONSTANTA_CONTENT=/tmp/large/content CONSTANTA_TRANSLATIONS=/tmp/large/translations make run

The folder gets `content/`, with publications, topics and one area, and `translations/`, with a catalog for each document
and language beside a copy of the interface's catalogs of this project. Document n of a seed is the same whatever their
number, so a folder can be made larger by calling this again. Texts are grammatical endings on invented stems: they say
nothing, but have the letters, the lengths, the inflection and the word frequencies (Zipf) of their language.

Benchmarks that need no files take `make_story` and make their own use of it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

from constanta.catalogs.extract import document_messages
from constanta.catalogs.header import make_header
from constanta.catalogs.paths import document_path
from constanta.catalogs.po import Catalog, Message, Source, State, format_catalog
from constanta.content.records import Document, Kind, parse_partial_date
from constanta.locales import Language
from constanta.settings import ROOT

LANGUAGES = ("be", "ru", "en")
TOPICS = 12
LEXEMES = 6000
FIRST_DAY = dt.date(2011, 1, 1)
DAYS = 15 * 365


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the invented words of a language are made of, and its most frequent real words."""

    onsets: str
    vowels: str
    paradigms: Sequence[Sequence[str]]
    small: str


GRAMMARS: Mapping[str, Grammar] = {
    "be": Grammar(
        "б в г д ж з к л м н п р с т ф х ц ш бр вл гр др зн кр пл пр ст сл тр",
        "ааіыуэе",
        (
            ("", "а", "у", "ам", "е", "ы", "аў", "амі", "ах"),
            ("а", "ы", "е", "у", "ай", "", "ам", "амі", "ах"),
            ("ы", "ага", "аму", "ым", "ая", "ай", "ую", "ыя", "ых", "ымі"),
            ("аць", "аю", "ае", "аюць", "аў", "ала", "алі", "анне", "ання"),
        ),
        "і на з да не што для па ад як гэта за пра або таксама пры паміж калі якія",
    ),
    "ru": Grammar(
        "б в г д ж з к л м н п р с т ф х ц ш бр вл гр др зн кр пл пр ст сл тр",
        "аоиыуэе",
        (
            ("", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"),
            ("а", "ы", "е", "у", "ой", "", "ам", "ами", "ах"),
            ("ый", "ого", "ому", "ым", "ая", "ой", "ую", "ые", "ых", "ыми"),
            ("ать", "аю", "ает", "ают", "ал", "ала", "али", "ание", "ания"),
        ),
        "и в на с к не что для по от как это за о или также при между когда которые",
    ),
    "en": Grammar(
        "b c d f g h l m n p r s t v w br cl cr dr fl gr pl pr sh sl st str th tr",
        "aaeeiioou",
        (("", "s"), ("ity", "ities"), ("al", "ally"), ("e", "es", "ed", "ing"), ("ate", "ates", "ating")),
        "the of and to in a is for that on with as are by this be from at or which",
    ),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a language, each with its forms, the more frequent first."""

    forms: Sequence[Sequence[str]]
    weights: Sequence[float]

    def choose(self, chance: random.Random, number: int) -> list[str]:
        """Return words in a row as texts have them: few of them very often."""
        lexemes = chance.choices(self.forms, cum_weights=self.weights, k=number)
        return [chance.choice(forms) for forms in lexemes]


@cache
def make_words(lang: str) -> Words:
    """Return the words of a language: the same in every run."""
    grammar, chance = GRAMMARS[lang], random.Random(f"words {lang}")
    onsets = grammar.onsets.split()
    forms: list[Sequence[str]] = [(word,) for word in grammar.small.split()]
    for _ in range(LEXEMES):
        syllables = chance.choices((1, 2, 3), (2, 6, 3))[0]
        stem = "".join(chance.choice(onsets) + chance.choice(grammar.vowels) for _ in range(syllables))
        stem += chance.choice(onsets)
        # As the prefixes ад-, пад- and прад- it would need an apostrophe before е, or the text would be left out.
        stem = stem.replace("ад", "ат")
        forms.append([stem + ending for ending in chance.choice(grammar.paradigms)])
    return Words(forms, list(accumulate(1 / (rank + 3) for rank in range(len(forms)))))


@dataclass(frozen=True, slots=True)
class Texts:
    """A document in one language: plain title and summary, and blocks of inline Markdown."""

    title: str
    summary: str
    blocks: Sequence[str]

    @property
    def body(self) -> str:
        """The body as CommonMark."""
        return "\n\n".join(self.blocks)


@dataclass(frozen=True, slots=True)
class Story:
    """A synthetic document, whole in every language, and how much of its translations there is."""

    document: Document
    texts: Mapping[str, Texts]
    states: Mapping[str, str]
    """By language other than the document's own: `complete`, `partial`, `outdated` or `missing`."""


_SHAPES = ("{}", "## {}", "- {}", "> {}", "{} [{}](https://example.org/{})", "{} *{}*")


def make_story(number: int, seed: int = 1) -> Story:
    """Return the synthetic document of a number, from 1."""
    chance = random.Random(f"{seed} {number}")
    shapes = [_SHAPES[0], *chance.choices(_SHAPES, (8, 2, 2, 1, 2, 2), k=chance.randint(2, 6))]
    texts = {lang: _make_texts(lang, chance, shapes, number) for lang in LANGUAGES}
    lang = chance.choices(LANGUAGES, (2, 2, 6))[0]
    kinds = ("complete", "partial", "outdated", "missing")
    states = {other: chance.choices(kinds, (7, 1, 1, 1))[0] for other in LANGUAGES if other != lang}
    slug = f"synthetic-{number:06}"
    document = Document(
        path=Path(f"content/{Kind.PUBLICATION}/{slug}.md"),
        kind=Kind.PUBLICATION,
        slug=slug,
        lang=lang,
        title=texts[lang].title,
        summary=texts[lang].summary,
        body=texts[lang].body,
        date=parse_partial_date(str(FIRST_DAY + dt.timedelta(days=chance.randrange(DAYS)))),
        topics=tuple(sorted({f"topic-{chance.randint(1, TOPICS):02}" for _ in range(2)})),
    )
    return Story(document, texts, states)


def _make_texts(lang: str, chance: random.Random, shapes: Sequence[str], number: int) -> Texts:
    words = make_words(lang)

    def sentence(least: int, most: int) -> str:
        text = " ".join(words.choose(chance, chance.randint(least, most)))
        return text[:1].upper() + text[1:]

    def block(shape: str) -> str:
        if shape.startswith("#"):
            return shape.format(sentence(2, 6))
        text = " ".join(f"{sentence(6, 14)}." for _ in range(chance.randint(1, 4)))
        return shape.format(text, sentence(1, 3), number)

    return Texts(sentence(4, 10), f"{sentence(8, 20)}.", [block(shape) for shape in shapes])


def make_catalog(story: Story, language: Language) -> Catalog:
    """Return the catalog of a document in a language other than its own, in the state that the story gives it."""
    sources = document_messages(story.document)
    translated = document_messages(_in_language(story, language.tag))
    state = story.states[language.tag]
    messages = [
        Message(
            message.source, (other.source.msgid,), extracted=message.extracted, references=message.references
        )
        for message, other in zip(sources, translated, strict=True)
    ]
    if state == "partial":
        messages[2:] = [Message(m.source, extracted=m.extracted) for m in messages[2:]]
    if state == "outdated":
        last = messages[-1]
        before = Source(f"{last.source.msgid} (1)", last.source.msgctxt)
        messages[-1] = Message(last.source, last.msgstr, last.comments, last.extracted, previous=before)
        messages[-1] = messages[-1].with_flag("fuzzy")
        assert messages[-1].state is State.OUTDATED
    return Catalog(make_header(language, story.document), tuple(messages))


def _in_language(story: Story, lang: str) -> Document:
    texts, document = story.texts[lang], story.document
    return Document(
        path=document.path,
        kind=document.kind,
        slug=document.slug,
        lang=lang,
        title=texts.title,
        summary=texts.summary,
        body=texts.body,
    )


def format_document(document: Document) -> str:
    """Return a document as the text of its file."""
    fields = {
        "title": document.title,
        "summary": document.summary,
        "lang": document.lang,
        "date": document.date,
        "topics": f"[{', '.join(document.topics)}]" if document.topics else None,
    }
    header = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return f"---\n{header}---\n\n{document.body}\n"


def _frames() -> Iterator[Document]:
    """Yield the topics and the area that the publications need."""
    path = Path()
    for number in range(1, TOPICS + 1):
        slug = f"topic-{number:02}"
        yield Document(path=path, kind=Kind.TOPIC, slug=slug, lang="en", title=f"Topic {number}")
    area = Document(path=path, kind=Kind.AREA, slug="everything", lang="en", title="Everything")
    yield Document(
        path=path, kind=area.kind, slug=area.slug, lang="en", title=area.title, topics=("topic-01",)
    )


def write_content(folder: Path, documents: int, seed: int = 1) -> None:
    """Write the documents 1 to `documents`, and all that they need, into a folder."""
    for kind in Kind:
        (folder / "content" / kind).mkdir(parents=True, exist_ok=True)
    for lang in LANGUAGES:
        (folder / "translations" / lang / "content" / Kind.PUBLICATION).mkdir(parents=True, exist_ok=True)
    if (ROOT / "translations").is_dir():
        shutil.copytree(
            ROOT / "translations",
            folder / "translations",
            ignore=shutil.ignore_patterns("content"),
            dirs_exist_ok=True,
        )
    for frame in _frames():
        (folder / "content" / frame.kind / f"{frame.slug}.md").write_text(format_document(frame))
    for number in range(1, documents + 1):
        _write_story(folder, make_story(number, seed))


def _write_story(folder: Path, story: Story) -> None:
    document = story.document
    path = folder / "content" / document.kind / f"{document.slug}.md"
    path.write_text(format_document(document), encoding="utf-8")
    for tag, state in story.states.items():
        if state != "missing":
            language = Language(tag)
            catalog = document_path(folder / "translations", language, document.name)
            catalog.write_text(format_catalog(make_catalog(story, language)), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make synthetic content of any size.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write_content(options.folder, options.documents, options.seed)


if __name__ == "__main__":
    main()
