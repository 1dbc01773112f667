"""The check `glossary`: words that the term base forbids.

Source: `glossary.csv`; `docs/orthography.md`, section 23.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from constanta.catalogs.checks.data import terms
from constanta.catalogs.checks.rules import CYRILLIC_PAIR, Form, Hit, Rule
from constanta.catalogs.checks.text import WORD
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

# What is said of people is the business of `style-illegal`, which knows when it is right.
_OF_PEOPLE = re.compile(r"нелегал(?!ьн)|(?:нелегальн|незаконн)\w+ (?:[иі]м)?м[иі]грант")
_FIRST_WORD = re.compile(r"[^\W\d_]\S*")
_APOSTROPHES = re.compile("['ʼ`´‘′]")
_KEY_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A pattern that the term base forbids.

    Attributes:
        pattern: How the term base writes it; it is for text in small letters unless `exact`.
        first: What its first word is or begins with, in small letters, у for ў.
        whole: Whether `first` is the whole word.
        exact: Whether capitals matter.
        at_start: Whether the pattern is forbidden only where the text begins.
        term: The English term, where the pattern is forbidden only in translations of it; otherwise empty.
        unless: English words that make the pattern right where the source has one of them, each with what must stand in
            the translation as well.
        preferred: What should stand instead.
    """

    pattern: str
    first: str
    whole: bool
    exact: bool
    at_start: bool
    term: str
    unless: tuple[tuple[str, str], ...]
    preferred: str


def _normal(text: str) -> str:
    """Return a text with one kind of apostrophe."""
    return _APOSTROPHES.sub("’", text)


def _english(text: str) -> str:
    """Return an English text in small letters and one spelling."""
    return text.lower().replace("organiz", "organis").replace("law-enforce", "law enforce")


def _english_term(written: str) -> str:
    """Return what all forms of an English term have in common: of “to subscribe” also “subscribing” and “subscribed”."""
    term = _english(written)
    return term.removeprefix("to ").removesuffix("e") if term.startswith("to ") else term


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    # Only once it is needed: to compile all that the term base forbids takes as long as checking a hundred documents.
    words = [re.escape(word).replace(r"\*", r"[\w’]*") for word in _normal(pattern).split()]
    if words[0][0] == "у":
        words[0] = "[уў]" + words[0][1:]
    return re.compile(r"(?<![\w’])" + r"\s+".join(words) + r"(?![\w’])")


def _small(word: str) -> str:
    """Return a word in small letters, with у for a ў that it begins with only after a vowel."""
    small = word.lower()
    return "у" + small[1:] if small[0] == "ў" else small


def _head(word: str) -> str:
    """Return the first letters of a word, by which patterns are looked for."""
    return word[:_KEY_LETTERS].lower().replace("ў", "у")


@cache
def _load(language: str) -> dict[str, tuple[Forbidden, ...]]:
    """Return the forbidden patterns by the first letters of their first word."""
    found: dict[str, tuple[Forbidden, ...]] = {}
    for row in terms():
        for written in filter(None, row[f"forbidden_{language}"].split("|")):
            pattern, *unless = written.lstrip("@=^").split("!")
            if _OF_PEOPLE.match(pattern):
                continue
            exact = written.startswith("=")
            term = _english_term(row["en"]) if written.startswith("@") else ""
            word = _small(_normal(_FIRST_WORD.findall(pattern)[0]))
            first, star, _ = word.partition("*")
            forbidden = Forbidden(
                pattern if exact else pattern.lower(),
                first,
                not star,
                exact,
                written.startswith("^"),
                term,
                tuple((word, beside) for word, _, beside in (each.partition("+") for each in unless)),
                row[language],
            )
            key = _head(word)
            found[key] = (*found.get(key, ()), forbidden)
    return found


def _candidates(words: Iterable[str], language: str) -> list[Forbidden]:
    """Return the patterns that can begin with one of some words."""
    patterns = _load(language)
    found = (
        forbidden
        for word in words
        if (similar := patterns.get(_head(word)))
        for small in [_small(word)]
        for forbidden in similar
        if (small == forbidden.first if forbidden.whole else small.startswith(forbidden.first))
    )
    return list(dict.fromkeys(found))


def _find(form: Form) -> Iterator[Hit]:
    exact = _normal(form.masked)
    candidates = _candidates(form.words if exact == form.masked else WORD.findall(exact), form.language)
    if not candidates:
        return
    small, source = exact.lower(), _english(form.source.masked)
    seen: set[tuple[int, int]] = set()
    # The line whose English term is in the source knows best what should stand there.
    for forbidden in sorted(candidates, key=lambda candidate: (not candidate.term, candidate.preferred)):
        if forbidden.term not in source or any(
            w in source and beside in small for w, beside in forbidden.unless
        ):
            continue
        for match in _compile(forbidden.pattern).finditer(exact if forbidden.exact else small):
            if match.span() not in seen and not (forbidden.at_start and match.start()):
                seen.add(match.span())
                found = form.masked[match.start() : match.end()]
                yield Hit(_advice(found, forbidden), ((*match.span(), None),))


def _advice(found: str, forbidden: Forbidden) -> Sentence:
    preferred = forbidden.preferred.replace(" | ", ", ")
    return sentence("The term base has “%(preferred)s”, not “%(found)s”.", preferred=preferred, found=found)


RULES = (Rule("glossary", Severity.ERROR, _find, CYRILLIC_PAIR),)
