"""The check `placeholder`: what the program fills in must be in the translation as in the source.

Source: `docs/orthography.md`, section 12.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from constanta.catalogs.checks.plural_rules import numbers_of_form
from constanta.catalogs.checks.rules import Form, Hit, Rule
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

_PERCENT = re.compile(
    r"%(?:(?P<ok>%|(?:\((?P<name>\w+)\))?[#0\- +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?[diouxXeEfFgGcrsa]))?"
)
_BRACE = re.compile(r"(?P<ok>\{\{|\}\}|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})|[{}]")
_LOOKS_LIKE_ONE = re.compile(r"%\(\w+\)[a-z]|(?<![\d%])%[sd](?![^\W_])|\{[A-Za-z_]\w*\}|\{\d?\}")
_SYNTAX = {"python-format": _PERCENT, "python-brace-format": _BRACE}


def _syntax(form: Form) -> tuple[re.Pattern[str] | None, str]:
    for flag, pattern in _SYNTAX.items():
        if flag in form.message.flags:
            return pattern, flag
    return (_PERCENT, "python-format") if form.interpolated else (None, "")


def _may_leave_out(form: Form) -> bool:
    """Return whether a form serves one number alone, so that it may say it in a word or not at all."""
    plural = form.message.source.msgid_plural is not None
    return plural and len(numbers_of_form(form.language, form.index)) == 1


def _find(form: Form) -> Iterator[Hit]:
    pattern, _ = _syntax(form)
    if pattern is None:
        if not form.markdown:
            yield from _find_unflagged(form)
        return
    yield from _find_malformed(pattern, form.text.raw)
    found = Counter(m.group() for m in pattern.finditer(form.text.raw) if m["ok"])
    source = form.message.source
    wanted = Counter(m.group() for m in pattern.finditer(source.msgid_plural or source.msgid) if m["ok"])
    if found != wanted and not (found <= wanted and _may_leave_out(form)):
        yield Hit(_difference(wanted, found))
    elif pattern is _PERCENT:
        yield from _find_positional(form)


def _find_malformed(pattern: re.Pattern[str], raw: str) -> Iterator[Hit]:
    for match in pattern.finditer(raw):
        if not match["ok"]:
            text = (
                sentence("A bare % breaks the page; write %% for the sign itself, or a whole placeholder.")
                if match.group() == "%"
                else sentence(
                    "A brace stands alone; write “{{” or “}}” for the sign itself, or a whole placeholder."
                )
            )
            yield Hit(text, ((match.start(), match.end(), None),), raw=True)


def _difference(wanted: Counter[str], found: Counter[str]) -> Sentence:
    missing, extra = _listed(wanted - found), _listed(found - wanted)
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


def _listed(placeholders: Iterable[str]) -> str:
    return ", ".join(sorted(placeholders))


def _find_positional(form: Form) -> Iterator[Hit]:
    """Hit translations with several nameless placeholders: their order cannot be changed, nor checked."""
    kinds = [
        m.group() for m in _PERCENT.finditer(form.text.raw) if m["ok"] and m["ok"] != "%" and not m["name"]
    ]
    if len(kinds) > 1:
        text = sentence("Several placeholders have no name; a developer must name them in the source first.")
        swapped = kinds != [
            m.group() for m in _PERCENT.finditer(form.source.raw) if m["ok"] not in {None, "%"}
        ]
        yield Hit(text, severity=Severity.ERROR if swapped else Severity.WARNING)


def _find_unflagged(form: Form) -> Iterator[Hit]:
    found = Counter(_LOOKS_LIKE_ONE.findall(form.text.raw))
    wanted = Counter(_LOOKS_LIKE_ONE.findall(form.source.raw))
    if found != wanted:
        yield Hit(_difference(wanted, found), severity=Severity.WARNING)


def _touches(form: Form) -> Iterator[Hit]:
    """Run the rule only where either side has a sign of a placeholder."""
    if any(sign in form.text.raw or sign in form.source.raw for sign in "%{}"):
        yield from _find(form)


RULES = (Rule("placeholder", Severity.ERROR, _touches),)
