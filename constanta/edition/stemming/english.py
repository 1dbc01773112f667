"""Stems of English words: Snowball's English stemmer (Porter2), with one spelling for British and American."""

from __future__ import annotations

import re
import threading
import unicodedata

from Stemmer import Stemmer


class _Snowball(threading.local):
    """A stemmer for each thread, as PyStemmer wants it; one that remembers nothing, least of all what readers look for."""

    def __init__(self) -> None:
        self.stem = Stemmer("english", maxCacheSize=0).stemWord


_SNOWBALL = _Snowball()

_IRREGULAR = {
    "children": "child",
    "women": "woman",
    "men": "man",
    "wives": "wife",
    "crisis": "crise",
    "analysis": "analys",
    "hypothesis": "hypothes",
    "diagnosis": "diagnos",
    "news": "news",
    "authority": "authority",
    "authorities": "authority",
}
"""Plurals without -s or that change the stem, and words whose Snowball stem is that of another word."""

_IZE = re.compile(r"(?<=[a-z]{3})iz(?=e$|es$|ed$|er$|ers$|ing$|ation|ations$)")
_OUR = re.compile(r"(?<=[a-z]{2})our(?=$|s$|ed$|ing$|er$|ers$|able$)")


def stem(word: str) -> str:
    """Return the stem of a folded English word."""
    word = word if word.isascii() else _without_accents(word)
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    spelled = _OUR.sub("or", _IZE.sub("is", word))
    return str(_SNOWBALL.stem(spelled))


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
