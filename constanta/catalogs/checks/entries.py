"""The checks of one message: which there are, in which order, and which of them block.

Every check has its id and its severity, and those of language have their rule in `docs/orthography.md`. For languages other
than Belarusian, Russian and English those run that know no language: placeholders, markup, addresses, numbers, plural forms,
endings, spaces, invisible and mixed-up characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from constanta.catalogs.checks import (
    addresses,
    apostrophe,
    belarusian,
    dashes,
    endings,
    formats,
    glossary,
    invisible,
    letters,
    markup,
    numbers,
    placeholders,
    quotes,
    short_u,
    style,
    titles,
    typography,
)
from constanta.catalogs.checks.plural_rules import numbers_of_form
from constanta.catalogs.checks.plurals import count_problem, form_problem
from constanta.catalogs.checks.rules import CYRILLIC_PAIR, Form, Rule, apply_rules
from constanta.catalogs.checks.states import FUZZY, MISSING, NOTHING, shows_nothing, untranslated
from constanta.catalogs.checks.text import Text, read_text
from constanta.catalogs.findings import Finding, Severity
from constanta.catalogs.po import Message, Source
from constanta.errors import Sentence, sentence
from constanta.locales import SOURCE_LANGUAGE

_RULES: tuple[Rule, ...] = (
    *placeholders.RULES,
    *markup.RULES,
    *addresses.RULES,
    *numbers.RULES,
    *endings.RULES,
    *invisible.RULES,
    *letters.RULES,
    *short_u.RULES,
    *apostrophe.RULES,
    *belarusian.RULES,
    *quotes.RULES,
    *dashes.RULES,
    *typography.RULES,
    *formats.RULES,
    *glossary.RULES,
    *style.RULES,
    *titles.RULES,
)

ALWAYS_ON = frozenset({"html", "placeholder", "plural-count", "url"})
"""The checks that keep pages whole and readers safe: no comment switches them off."""

CHECKS = frozenset({rule.check for rule in _RULES} | {"fuzzy", "untranslated", "plural-count", "plural-form"})
"""The ids of all checks of a message."""

_NOCHECK = re.compile(r"\s*nocheck:\s*([\w-]+(?:\s*,\s*[\w-]+)*)")


def blocks(finding: Finding) -> bool:
    """Return whether a finding keeps its message out of what is served."""
    return finding.severity is Severity.ERROR


def tells_state(finding: Finding) -> bool:
    """Return whether a finding only says that a message is missing or fuzzy: that keeps it off the site by itself."""
    return finding.check == "fuzzy" or finding.text is MISSING


def suppressed_checks(message: Message) -> frozenset[str]:
    """Return the ids that the translator's comments switch off (`# nocheck: quotes, dash`), whether they can or not."""
    named = (_NOCHECK.match(comment) for comment in message.comments)
    return frozenset(part.strip() for match in named if match for part in match[1].split(","))


def count_suppressions(messages: Iterable[Message]) -> Counter[str]:
    """Return how many messages switch each check off."""
    return Counter(
        check for message in messages if not message.obsolete for check in suppressed_checks(message)
    )


def check_message(
    message: Message, language: str, *, source_language: str = SOURCE_LANGUAGE, markdown: bool = False
) -> list[Finding]:
    """Return what is wrong with one message, in the order in which a translator should mend it.

    `language` and `source_language` are BCP 47 tags; `markdown` says that source and translation are inline Markdown.
    Obsolete messages have no findings.
    """
    contexts = frozenset({message.source.msgctxt}) if markdown else frozenset[str | None]()
    return check_messages([message], language, source_language=source_language, markdown_contexts=contexts)


def check_messages(
    messages: Sequence[Message],
    language: str,
    *,
    source_language: str = SOURCE_LANGUAGE,
    markdown_contexts: frozenset[str | None] = frozenset(),
    blocking: bool = False,
) -> list[Finding]:
    """Return what is wrong with each of the messages; those with one of the contexts are inline Markdown.

    `blocking` leaves out the rules that keep nothing out of what is served.
    """
    language, source_language = _primary(language), _primary(source_language)
    rules = blocking_rules_for(language) if blocking else rules_for(language)
    findings: list[Finding] = []
    for start in range(0, len(messages), _AT_ONCE):
        entries = [
            _read_entry(
                message, language, source_language, markdown=message.source.msgctxt in markdown_contexts
            )
            for message in messages[start : start + _AT_ONCE]
            if not message.obsolete
        ]
        forms = [form for entry in entries for form in entry.forms if form.text.raw.strip()]
        found = dict(zip(map(id, forms), apply_rules(rules, forms), strict=True))
        for entry in entries:
            findings += _check_entry(entry, language)
            for form in entry.forms:
                findings += found.get(id(form), ())
    return findings


_AT_ONCE = 256
"""How many messages one rule goes through before the next does."""


def check_source(source: Source, language: str = SOURCE_LANGUAGE) -> list[Finding]:
    """Return what is wrong with a text that is still to be translated, in its own language."""
    message = Message(
        source, (source.msgid,) if source.msgid_plural is None else (source.msgid, source.msgid_plural)
    )
    findings = []
    for index, text in enumerate(map(read_text, message.msgstr)):
        form = Form(message, index, text, text, _primary(language), _primary(language))
        findings += apply_rules(rules_for(form.language), [form])[0]
    return findings


@cache
def rules_for(language: str) -> tuple[Rule, ...]:
    """Return the rules for the forms of a language, in their order."""
    return tuple(rule for rule in _RULES if rule.languages is None or language in rule.languages)


@cache
def blocking_rules_for(language: str) -> tuple[Rule, ...]:
    """Return the rules for the forms of a language that keep a message out of what is served."""
    return tuple(rule for rule in rules_for(language) if rule.severity is Severity.ERROR)


@cache
def _primary(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A message, with its forms where it has any text, and the checks that its translator has switched off."""

    message: Message
    forms: tuple[Form, ...]
    suppressed: frozenset[str]


def _read_entry(message: Message, language: str, source_language: str, *, markdown: bool) -> _Entry:
    suppressed = suppressed_checks(message) if message.comments else frozenset[str]()
    if not any(map(str.strip, message.msgstr)):
        return _Entry(message, (), suppressed)
    source = message.source
    singular = _read_source(source.msgid, markdown=markdown)
    plural = singular if source.msgid_plural is None else _read_source(source.msgid_plural, markdown=markdown)
    forms = tuple(
        Form(
            message,
            index,
            read_text(raw, markdown=markdown),
            _source_of(index, language, singular, plural),
            language,
            source_language,
            markdown,
            _is_interpolated(message),
            suppressed - ALWAYS_ON,
        )
        for index, raw in enumerate(message.msgstr)
    )
    return _Entry(message, forms, suppressed)


_read_source = lru_cache(maxsize=128)(read_text)
"""A document is checked in one language after the other, and its sources are the same."""


def _is_interpolated(message: Message) -> bool:
    """Return whether Jinja fills in placeholders: it does so in every text of a page template."""
    in_template = any(reference.startswith("templates/") for reference in message.references)
    return in_template and "no-python-format" not in message.flags


def _source_of(index: int, language: str, singular: Text, plural: Text) -> Text:
    """Return what a form translates: the singular only where it serves the number one alone."""
    if singular is plural or numbers_of_form(language, index) == {1}:
        return singular
    return plural


def _check_entry(entry: _Entry, language: str) -> Iterator[Finding]:
    """Yield what is wrong with an entry as a whole."""
    off = entry.suppressed - ALWAYS_ON
    if not entry.forms:
        if "untranslated" not in off:
            yield _whole(entry.message, "untranslated", MISSING, Severity.INFO)
    else:
        yield from (finding for finding in _check_state(entry) if finding.check not in off)
        if entry.message.source.msgid_plural is not None:
            yield from (finding for finding in _check_plural(entry, language) if finding.check not in off)
    if entry.suppressed:
        yield from _check_suppressions(entry.message, entry.suppressed)


def _check_state(entry: _Entry) -> Iterator[Finding]:
    if entry.message.fuzzy:
        yield _whole(entry.message, "fuzzy", FUZZY, Severity.WARNING)
    filled = (form for form in entry.forms if form.text.raw.strip())
    if any(shows_nothing(form.masked) and not shows_nothing(form.source.masked) for form in filled):
        yield _whole(entry.message, "untranslated", NOTHING)
    same = next((form for form in entry.forms if form.text.raw == form.source.raw), None)
    wrong = untranslated(same.masked, same.language, same.source_language) if same else None
    if wrong:
        yield _whole(entry.message, "untranslated", *wrong)


def _check_plural(entry: _Entry, language: str) -> Iterator[Finding]:
    wrong = count_problem(entry.message.msgstr, language)
    if wrong:
        yield _whole(entry.message, "plural-count", wrong)
    elif language in CYRILLIC_PAIR:
        wrong = form_problem([form.masked for form in entry.forms], language)
        if wrong:
            yield _whole(entry.message, "plural-form", wrong)


def _check_suppressions(message: Message, suppressed: frozenset[str]) -> Iterator[Finding]:
    for check in sorted(suppressed & ALWAYS_ON):
        text = sentence("The check “%(check)s” cannot be switched off.", check=check)
        yield _whole(message, "nocheck", text, Severity.WARNING)
    for check in sorted(suppressed - CHECKS):
        text = sentence("There is no check “%(check)s” to switch off.", check=check)
        yield _whole(message, "nocheck", text, Severity.WARNING)


def _whole(message: Message, check: str, text: Sentence, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(check, severity, text, line=message.msgstr_line or message.line, key=message.key)
