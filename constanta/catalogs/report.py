"""Findings as text for a person: the place as compilers write it, the sentence, and a caret under what is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from unicodedata import category, east_asian_width

from constanta.catalogs.findings import Finding, Severity
from constanta.catalogs.po import Key, Message
from constanta.errors import Sentence

Say = Callable[[Sentence], str]

_AROUND = 40
"""How many characters of a long text stand before and after the place."""


_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Zl", "Zp"})
"""The categories of characters that take no place or another one than they seem to, or that a terminal obeys."""


def format_finding(finding: Finding, place: str, messages: Mapping[Key, Message], say: Say) -> Iterator[str]:
    """Yield the lines of one finding; `place` is the file with its line, `messages` those of the catalog."""
    yield f"{place}: {finding.severity} [{finding.check}] {say(finding.text)}"
    message = messages.get(finding.key) if finding.key is not None else None
    if message is None or finding.form >= len(message.msgstr) or not message.msgstr[finding.form]:
        return
    text = message.msgstr[finding.form]
    start, end = finding.span or (0, len(text))
    before, inside, after = _excerpt(text, start, end)
    yield f"    {before}{inside}{after}"
    if finding.span is not None:
        yield f"    {' ' * _width(before)}{'^' * max(1, _width(inside))}"
    if finding.suggestion is not None:
        yield f"    → {_visible(finding.suggestion)}"


def _excerpt(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Return a text in three parts, the middle one being what is meant, shortened to fit on a line."""
    before, inside, after = text[:start], text[start:end], text[end:]
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:]
    if len(inside) > 2 * _AROUND:
        inside = inside[: 2 * _AROUND] + "…"
    if len(after) > _AROUND:
        after = after[:_AROUND] + "…"
    return _visible(before), _visible(inside), _visible(after)


def _visible(text: str) -> str:
    """Return a text with what is not seen made visible: line ends, no-break spaces, control characters."""
    return "".join(_visible_character(character) for character in text)


def _visible_character(character: str) -> str:
    if character == "\n":
        return "↵"
    if character in "\u00a0\u202f":
        return "⍽"
    return "�" if category(character) in _UNSEEN else character


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if category(character) in {"Mn", "Me"}:
        return 0
    return 2 if east_asian_width(character) in {"W", "F"} else 1


def format_annotation(finding: Finding, file: str, say: Say) -> str:
    """Return a finding as an annotation of GitHub Actions (“workflow commands”, `::error file=…`)."""
    level = {Severity.ERROR: "error", Severity.WARNING: "warning"}.get(finding.severity, "notice")
    properties = f"file={_escape(file)},line={finding.line or 1},title={_escape(finding.check)}"
    message = say(finding.text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} {properties}::{message}"


def _escape(value: str) -> str:
    for character, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        value = value.replace(character, code)
    return value
