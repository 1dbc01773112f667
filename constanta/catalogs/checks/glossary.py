"""The check `glossary`: words that the term base forbids.

Source: `glossary.csv`; `docs/orthography.md`, section 23.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat

from constanta.catalogs.checks.data import terms
from constanta.catalogs.checks.rules import CYRILLIC_PAIR, WORDS_TO_REMEMBER, Form, Hit, Rule
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
        pattern: What it looks like; it is for text in small letters unless `exact`.
        first: What its first word looks like, in small letters.
        exact: Whether capitals matter.
        term: The English term, where the pattern is forbidden only in translations of it; otherwise empty.
        preferred: What should stand instead.
        note: Why.
    """

    pattern: re.Pattern[str]
    first: re.Pattern[str]
    exact: bool
    term: str
    preferred: str
    note: str


def _normal(text: str) -> str:
    """Return a text with one kind of apostrophe."""
    return _APOSTROPHES.sub("’", text)


def _english(text: str) -> str:
    """Return an English text in small letters and one spelling."""
    return text.lower().replace("organiz", "organis")


def _compile(pattern: str) -> re.Pattern[str]:
    words = [re.escape(word).replace(r"\*", r"[\w’]*") for word in _normal(pattern).split()]
    if words[0][0] == "у":
        words[0] = "[уў]" + words[0][1:]
    return re.compile(r"(?<![\w’])" + r"\s+".join(words) + r"(?![\w’])")


def _key(word: str) -> str:
    """Return what finds the patterns that begin as a word does."""
    small = _normal(word.lower())[:_KEY_LETTERS]
    return "у" + small[1:] if small[:1] == "ў" else small


@cache
def _load(language: str) -> dict[str, tuple[Forbidden, ...]]:
    """Return the forbidden patterns by the first letters of their first word."""
    found: dict[str, tuple[Forbidden, ...]] = {}
    for row in terms():
        for written in filter(None, row[f"forbidden_{language}"].split("|")):
            pattern = written.lstrip("@=")
            if _OF_PEOPLE.match(pattern):
                continue
            exact = written.startswith("=")
            term = _english(row["en"]) if written.startswith("@") else ""
            word = _FIRST_WORD.findall(pattern.lower())[0]
            forbidden = Forbidden(
                _compile(pattern if exact else pattern.lower()),
                _compile(word),
                exact,
                term,
                row[language],
                row["note"],
            )
            key = _key(word)
            found[key] = (*found.get(key, ()), forbidden)
    return found


@lru_cache(maxsize=WORDS_TO_REMEMBER)
def _candidates(word: str, language: str) -> tuple[Forbidden, ...]:
    """Return the patterns that can begin with a word."""
    small = _normal(word.lower())
    return tuple(f for f in _load(language).get(_key(word), ()) if f.first.fullmatch(small))


def _find(form: Form) -> Iterator[Hit]:
    language = form.language
    if not any(map(_candidates, form.words, repeat(language))):
        return
    candidates = {pattern for word in form.words for pattern in _candidates(word, language)}
    exact = _normal(form.masked)
    small, source = exact.lower(), _english(form.source.masked)
    seen: set[tuple[int, int]] = set()
    # The line whose English term is in the source knows best what should stand there.
    for forbidden in sorted(candidates, key=lambda candidate: (not candidate.term, candidate.preferred)):
        if forbidden.term not in source:
            continue
        for match in forbidden.pattern.finditer(exact if forbidden.exact else small):
            if match.span() not in seen:
                seen.add(match.span())
                found = form.masked[match.start() : match.end()]
                yield Hit(_advice(found, forbidden), ((*match.span(), None),))


def _advice(found: str, forbidden: Forbidden) -> Sentence:
    preferred = forbidden.preferred.replace(" | ", ", ")
    if forbidden.note:
        return sentence(
            "The term base has “%(preferred)s”, not “%(found)s”. %(note)s",
            preferred=preferred,
            found=found,
            note=forbidden.note,
        )
    return sentence("The term base has “%(preferred)s”, not “%(found)s”.", preferred=preferred, found=found)


RULES = (Rule("glossary", Severity.ERROR, _find, CYRILLIC_PAIR),)
