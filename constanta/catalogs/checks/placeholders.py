"""The check `placeholder`: what the program fills in must be in the translation as in the source.

Source: `docs/orthography.md`, section 12.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from constanta.catalogs.checks.plural_rules import numbers_of_form
from constanta.catalogs.checks.rules import Form, Hit, Rule
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

# A sign that begins no whole placeholder is matched alone.
_PERCENT = re.compile(r"%(?:%|(?:\(\w+\))?[#0\- +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?[diouxXeEfFgGcrsa])?")
_BRACE = re.compile(r"\{\{|\}\}|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|[{}]")
BARE_PERCENT = sentence("A bare percent sign breaks the page; double it, or write a whole placeholder.")
_ALONE = frozenset("%{}")
_SYNTAX = {"python-format": _PERCENT, "python-brace-format": _BRACE}
_LOOKS_LIKE_ONE = re.compile(r"%\(\w+\)[a-z]|(?<![\d%])%[sd](?![^\W_])|\{[A-Za-z_]\w*\}|\{\d?\}")


def _find(form: Form) -> Iterator[Hit]:
    raw = form.text.raw
    if not (_has_sign(raw) or _has_sign(form.source.raw)):
        return
    pattern = _syntax(form)
    if pattern is not None:
        yield from _compare(form, pattern)
    elif not form.markdown:
        wanted, found = _LOOKS_LIKE_ONE.findall(form.source.raw), _LOOKS_LIKE_ONE.findall(raw)
        if Counter(found) != Counter(wanted):
            yield Hit(describe_placeholders(wanted, found), severity=Severity.WARNING)


def _has_sign(raw: str) -> bool:
    return "%" in raw or "{" in raw or "}" in raw


def _syntax(form: Form) -> re.Pattern[str] | None:
    flagged = (pattern for flag, pattern in _SYNTAX.items() if flag in form.message.flags)
    return next(flagged, _PERCENT if form.interpolated else None)


def _compare(form: Form, pattern: re.Pattern[str]) -> Iterator[Hit]:
    raw, source = form.text.raw, form.message.source
    found = pattern.findall(raw)
    if not _ALONE.isdisjoint(found):
        yield from _find_malformed(pattern, raw)
        found = [placeholder for placeholder in found if placeholder not in _ALONE]
    wanted = [p for p in pattern.findall(source.msgid_plural or source.msgid) if p not in _ALONE]
    if found != wanted and not _agree(Counter(found), Counter(wanted), form):
        yield Hit(describe_placeholders(wanted, found))
    elif pattern is _PERCENT:
        yield from _find_nameless(found, wanted)


def _agree(found: Counter[str], wanted: Counter[str], form: Form) -> bool:
    """Return whether the placeholders do: a form that serves one number alone may say it in a word, or not at all."""
    if found == wanted:
        return True
    plural = form.message.source.msgid_plural is not None
    return plural and found <= wanted and len(numbers_of_form(form.language, form.index)) == 1


def _find_malformed(pattern: re.Pattern[str], raw: str) -> Iterator[Hit]:
    for match in pattern.finditer(raw):
        if match.group() not in _ALONE:
            continue
        text = (
            BARE_PERCENT
            if match.group() == "%"
            else sentence("A brace stands alone; double it, or write a whole placeholder.")
        )
        yield Hit(text, ((*match.span(), None),), raw=True)


def _find_nameless(found: Sequence[str], wanted: Sequence[str]) -> Iterator[Hit]:
    """Hit translations with several nameless placeholders: their order can be neither changed nor checked."""
    nameless = [placeholder for placeholder in found if placeholder != "%%" and "(" not in placeholder]
    if len(nameless) > 1:
        text = sentence("Several placeholders have no name; a developer must name them in the source first.")
        yield Hit(text, severity=Severity.WARNING if found == wanted else Severity.ERROR)


def describe_placeholders(wanted: Iterable[str], found: Iterable[str]) -> Sentence:
    """Return what a translator should do about placeholders that are not those of the source."""
    source, translation = Counter(wanted), Counter(found)
    missing = ", ".join(sorted((source - translation).elements()))
    extra = ", ".join(sorted((translation - source).elements()))
    if missing and extra:
        return sentence(
            "The source has %(missing)s, the translation has %(extra)s instead; copy placeholders unchanged.",
            missing=missing,
            extra=extra,
        )
    if missing:
        return sentence(
            "%(missing)s of the source is missing; put it where the value belongs.", missing=missing
        )
    return sentence("%(extra)s is not in the source; take it out.", extra=extra)


RULES = (Rule("placeholder", Severity.ERROR, _find),)
