"""What a translation may never bring into a page, whatever the checks say and whoever silenced them.

Translators' text is untrusted: a page template takes a translation of a text with tags as markup, and Python fills in
its placeholders. So tags, placeholders and Markdown's marks must be those of the source, and so must addresses: readers
write and pay where a text tells them to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from constanta.catalogs.checks.addresses import compare_addresses, describe_difference
from constanta.catalogs.checks.invisible import describe_invisible
from constanta.catalogs.checks.placeholders import BARE_PERCENT, describe_placeholders
from constanta.catalogs.checks.text import unescape
from constanta.catalogs.findings import Finding, Severity
from constanta.catalogs.po import Message
from constanta.content.markdown import inline_marks
from constanta.errors import Sentence, sentence

_TAG = re.compile(r"<[^<>]*>")
_TAG_NAME = re.compile(r"<(/?)\s*([A-Za-z][\w-]*)")
_PERCENT = re.compile(r"%(?:%|\(\w*\)[-#0 +]*\d*(?:\.\d+)?[A-Za-z])?")
_VOID = frozenset({"br", "hr", "img", "input", "wbr"})
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:0*12|[xX]0*[cC]);")
"""What XML, and so a feed, cannot hold; a number is one only where Markdown makes the character of it."""


def with_unsafe(found: Iterable[Finding], messages: Iterable[Message], *, markdown: bool) -> list[Finding]:
    """Return what checks have found in messages, and what of them is unsafe though no check of that name calls it an error.

    The findings are in the order of their lines.
    """
    findings = list(found)
    known = {(finding.key, finding.check) for finding in findings if finding.severity is Severity.ERROR}
    unsafe = [
        finding
        for message in messages
        for finding in find_unsafe(message, markdown=markdown)
        if (finding.key, finding.check) not in known
    ]
    doubled = {(finding.key, finding.check) for finding in unsafe}
    kept = (finding for finding in findings if (finding.key, finding.check) not in doubled)
    return sorted([*kept, *unsafe], key=lambda finding: finding.line)


def find_unsafe(message: Message, *, markdown: bool) -> list[Finding]:
    """Return an error for each form of a translation that must not reach a page; an empty form is none."""
    reason = _markdown_reason if markdown else _interface_reason
    findings = []
    for form, text in enumerate(message.msgstr):
        findings += _broken(message, form, text)
        found = (reason(message, text) or _address_reason(message, text, markdown=markdown)) if text else None
        if found is not None:
            findings.append(_error(message, form, *found))
    return findings


def _broken(message: Message, form: int, text: str) -> list[Finding]:
    """Return an error for the first character that no feed can hold."""
    match = _NOT_IN_XML.search(text)
    if match is None:
        return []
    explanation = describe_invisible(unescape(match.group()))
    return [_error(message, form, "invisible", explanation, match.span())]


def _error(
    message: Message, form: int, check: str, explanation: Sentence, span: tuple[int, int] | None = None
) -> Finding:
    line = message.msgstr_line or message.line
    return Finding(check, Severity.ERROR, explanation, line=line, key=message.key, form=form, span=span)


def _markdown_reason(message: Message, text: str) -> tuple[str, Sentence] | None:
    if inline_marks(text) == inline_marks(message.source.msgid):
        return None
    explanation = sentence(
        "Links, emphasis, code and line breaks must be those of the source, with the same addresses."
    )
    return "html", explanation


def _interface_reason(message: Message, text: str) -> tuple[str, Sentence] | None:
    sources = _sources(message)
    if not any(_same_tags(source, text) for source in sources):
        return "html", sentence("Tags and their attributes must be those of the source, and as well nested.")
    wanted = [_placeholders(source) for source in sources]
    placeholders = _placeholders(text)
    known = frozenset[str]().union(*wanted)
    if known.issuperset(placeholders):
        return None
    if "%" in placeholders:
        return "placeholder", BARE_PERCENT
    return "placeholder", describe_placeholders(wanted[-1], placeholders)


def _placeholders(text: str) -> list[str]:
    """Return the placeholders of a text; a percent sign that begins none and is not doubled stands alone."""
    return [placeholder for placeholder in _PERCENT.findall(text) if placeholder != "%%"]


def _address_reason(message: Message, text: str, *, markdown: bool) -> tuple[str, Sentence] | None:
    differences = [compare_addresses(source, text, markdown=markdown) for source in _sources(message)]
    if ([], []) in differences:
        return None
    return "url", describe_difference(*differences[-1])


def _sources(message: Message) -> list[str]:
    return [part for part in (message.source.msgid, message.source.msgid_plural) if part is not None]


def _same_tags(source: str, text: str) -> bool:
    if _TAG.sub("", text).count("<") != _TAG.sub("", source).count("<"):
        return False
    tags, source_tags = _TAG.findall(text), _TAG.findall(source)
    return Counter(tags) == Counter(source_tags) and _is_nested(tags) >= _is_nested(source_tags)


def _is_nested(tags: Iterable[str]) -> bool:
    """Return whether every tag that opens is closed by its own name, and none closes what is not open."""
    open_tags: list[str] = []
    for tag in tags:
        match = _TAG_NAME.match(tag)
        if match is None or match.group(2).lower() in _VOID:
            continue
        if not match.group(1):
            open_tags.append(match.group(2))
        elif not open_tags or open_tags.pop() != match.group(2):
            return False
    return not open_tags
