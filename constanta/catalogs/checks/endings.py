"""The checks `end-punct` and `whitespace`: a translation begins and ends as its source does.

Source: `docs/orthography.md`, sections 11 and 19.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from constanta.catalogs.checks.abbreviations import ends_in_abbreviation
from constanta.catalogs.checks.rules import Form, Hit, Rule
from constanta.catalogs.checks.scripts import script_of
from constanta.catalogs.checks.text import CYRILLIC, MARK, NBSP
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

# --- end-punct -----------------------------------------------------------------------------------------------------

_CLOSERS = "»“”\"’'›)]} \t\r\n\u00a0\u202f"
_STOPS = ".!?…:;,"
_OTHER_SCRIPTS = str.maketrans("。．！？：；，、؟؛،।", "..!?:;,,?;,.")


def _ending(text: str) -> str:
    """Return the class of the end of a text: one of `.!?…:;,`, or the empty string."""
    bare = text.rstrip(_CLOSERS)
    if not bare.isascii():
        bare = bare.translate(_OTHER_SCRIPTS)
    if bare.endswith(". ."):
        return "…"
    run = bare[len(bare.rstrip(_STOPS)) :]
    if len(run) < 2:
        return run
    if run[-1] in ":;,":
        return run[-1]
    for mark in "?!":
        if mark in run:
            return mark
    return "…"


def _find_ending(form: Form) -> Iterator[Hit]:
    masked, source = form.masked, form.source.masked
    if masked[-1:].isalnum() and source[-1:].isalnum():
        return
    if masked[-1:] == source[-1:] and masked[-2:-1].isalnum() and source[-2:-1].isalnum():
        return
    found, wanted = _ending(masked), _ending(source)
    if found == wanted or not masked.strip():
        return
    full_stop = {found, wanted} == {"", "."}
    if full_stop and ends_in_abbreviation(masked if found else source):
        return
    end = len(masked)
    severity = Severity.WARNING if full_stop else None
    yield Hit(_ending_advice(found, wanted), ((max(end - 1, 0), end, None),), severity)


def _ending_advice(found: str, wanted: str) -> Sentence:
    if found and wanted:
        return sentence(
            "The source ends in “%(wanted)s”, the translation in “%(found)s”.", wanted=wanted, found=found
        )
    if wanted:
        return sentence("The source ends in “%(wanted)s”, the translation does not.", wanted=wanted)
    return sentence("The source does not end in “%(found)s”, the translation does.", found=found)


# --- whitespace ----------------------------------------------------------------------------------------------------

_SPACE = f"[ {NBSP}]"
_WORTH_LOOKING = re.compile(
    rf"[ {NBSP}\t«„(,;:!?](?:(?<={_SPACE})[ {NBSP},;:!?.»)]|(?<=\t)|(?<=[«„(]){_SPACE}|(?<=[,;:!?])[^\W\d_])"
)
_DOUBLE = re.compile(rf"(?<=\S){_SPACE}{{2,}}(?=\S)")
_BEFORE_MARK = re.compile(
    rf"(?<=[^\s{MARK}]){_SPACE}+(?:(?=[,;!?)](?![-)]))|(?=:(?:\s|$))|(?<!\.{_SPACE})(?=\.(?:\s|$|[»”)])(?!{_SPACE}\.)))"
)
_BEFORE_CLOSING_QUOTE = re.compile(rf"(?<=[^\s{MARK}]){_SPACE}+(?=»)|(?<=[«„]){_SPACE}+(?=[^\s{MARK}])")
_AFTER_BRACKET = re.compile(rf"(?<=\(){_SPACE}+(?=[^\s{MARK})])")
_MISSING = re.compile(rf"(?<=[\w»”)%])[,;!?](?=[^\W\d_])|(?<=[{CYRILLIC}»)]):(?=[{CYRILLIC}])")
_WITH_SPACE_BEFORE_MARKS = frozenset({"fr", "br"})


def _find_spaces(form: Form) -> Iterator[Hit]:
    yield from _find_edges(form)
    masked = form.masked
    if not _WORTH_LOOKING.search(masked):
        return
    for match in _DOUBLE.finditer(masked):
        space = "\u00a0" if set(match.group()) & set(NBSP) else " "
        yield Hit(sentence("Two spaces stand here; one is enough."), ((*match.span(), space),))
    if "\t" in form.chars and "\t" not in form.source.chars:
        place = masked.index("\t")
        yield Hit(sentence("A tab stands here; write a space."), ((place, place + 1, " "),))
    for pattern, text in _superfluous(form.language):
        for match in pattern.finditer(masked):
            yield Hit(text, ((*match.span(), ""),))
    for match in _MISSING.finditer(masked):
        if masked[match.start() - 1 : match.end() + 1] not in form.source.masked:
            text = sentence("A space is missing after “%(mark)s”.", mark=match.group())
            yield Hit(text, ((match.end(), match.end(), " "),))


def _superfluous(language: str) -> Iterator[tuple[re.Pattern[str], Sentence]]:
    if language not in _WITH_SPACE_BEFORE_MARKS:
        yield _BEFORE_MARK, sentence("No space stands before a punctuation mark.")
    if script_of(language) == "Cyrl":
        yield _BEFORE_CLOSING_QUOTE, sentence("No space stands inside quotation marks.")
    yield _AFTER_BRACKET, sentence("No space stands after an opening bracket.")


def _find_edges(form: Form) -> Iterator[Hit]:
    raw, source = form.text.raw, form.source.raw
    if not (raw[0].isspace() or raw[-1].isspace() or source[:1].isspace() or source[-1:].isspace()):
        return
    found, wanted = raw[: len(raw) - len(raw.lstrip())], source[: len(source) - len(source.lstrip())]
    if found != wanted:
        text = sentence("The translation must begin with the same spaces and line breaks as the source.")
        yield Hit(text, ((0, len(found), wanted),), raw=True)
    found, wanted = raw[len(raw.rstrip()) :], source[len(source.rstrip()) :]
    if found != wanted:
        text = sentence("The translation must end with the same spaces and line breaks as the source.")
        yield Hit(text, ((len(raw) - len(found), len(raw), wanted),), raw=True)


RULES = (
    Rule("end-punct", Severity.ERROR, _find_ending),
    Rule("whitespace", Severity.ERROR, _find_spaces),
)
