"""The check `html`: a translation has the tags and attributes of its source, and nothing else.

Page templates show a translation as markup, and translators' text is untrusted, so this is a security boundary. It takes
every `<` that a browser would read as the beginning of a tag, a comment or a declaration (WHATWG HTML, section 13.2.5)
and accepts a tag only in a form about which no browser can be of two minds.

Source: `docs/orthography.md`, section 13.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from constanta.catalogs.checks.inline import is_plain, read_inline
from constanta.catalogs.checks.rules import SITE, Form, Hit, Rule
from constanta.catalogs.checks.text import unescape
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

# A placeholder or a control character after `<` counts as well: what takes its place may begin a tag.
_OPENING = re.compile(r"<(?:(?=[A-Za-z/!?%{\x00-\x08\x0e-\x1f])|$)")
_SPACE = r"[ \t\n\r\f]"
_NAME = r"[^\s\"'<>/=\x00-\x1f\x7f]+"
_TAG = re.compile(
    rf"<(?:/(?P<close>[A-Za-z][A-Za-z0-9-]*){_SPACE}*"
    rf"|(?P<open>[A-Za-z][A-Za-z0-9-]*)"
    rf"(?P<attributes>(?:{_SPACE}+{_NAME}(?:{_SPACE}*={_SPACE}*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'=<>`]+))?)*)"
    rf"{_SPACE}*/?)>"
)
_ATTRIBUTE = re.compile(
    rf"(?P<name>{_NAME})(?:{_SPACE}*={_SPACE}*(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>[^\s\"'=<>`]+)))?"
)
_VOID = frozenset(
    {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_TRANSLATABLE = frozenset({"title", "alt", "aria-label"})
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[^\s%]?|\{[^{}]*\}")
_BAD_SCHEME = re.compile(r"(?:java|vb|live)script:")
_IGNORED_IN_SCHEME = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\ufeff]")
_CODE_IN_TEXT = re.compile(r"(?:java|vb)script:(?=\S)|(?:^|[\s\"'/])on[a-z]{3,}\s*=", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:lt|gt|amp|#0*(?:60|62|38)|#x0*(?:3c|3e|26));?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Markup:
    """The markup of one text.

    Attributes:
        tags: Each tag in its canonical form, without the values that may be translated, and `<` where it begins none;
            sorted.
        names: The tags in their order, closing ones with a slash, for nesting.
        broken: Where a `<` begins what is not clearly a tag.
        dangerous: Where a tag stands that no translation may hold.
        entities: The `<`, `>` and `&` that are written as entities.
    """

    tags: tuple[str, ...]
    names: tuple[str, ...]
    broken: tuple[int, ...]
    dangerous: tuple[tuple[int, int], ...]
    entities: tuple[str, ...]


_NONE = Markup((), (), (), (), ())


def read_markup(text: str) -> Markup:
    """Return the markup of a text, as strictly as a browser is lenient."""
    if "<" not in text and "&" not in text:
        return _NONE
    openings = [match.start() for match in _OPENING.finditer(text)]
    tags = ["<"] * (text.count("<") - len(openings))
    names: list[str] = []
    broken: list[int] = []
    dangerous: list[tuple[int, int]] = []
    for start in openings:
        tag = _TAG.match(text, start)
        if tag is None:
            broken.append(start)
            continue
        name, canonical, is_dangerous = _read_tag(tag.group())
        names.append(name)
        tags.append(canonical)
        if is_dangerous:
            dangerous.append(tag.span())
    entities = sorted(map(unescape, _ENTITY.findall(_TAG.sub("", text)))) if "&" in text else ()
    return Markup(tuple(sorted(tags)), tuple(names), tuple(broken), tuple(dangerous), tuple(entities))


@lru_cache(maxsize=1024)
def _read_tag(text: str) -> tuple[str, str, bool]:
    """Return the name of a tag, with a slash where it closes, its canonical form, and whether it is dangerous."""
    tag = _TAG.match(text)
    if tag is None:
        return "", text, True
    name = f"/{tag['close']}".lower() if tag["close"] else tag["open"].lower()
    attributes = list(_attributes(tag["attributes"] or ""))
    canonical = f"<{name}{''.join(sorted(map(_canonical, attributes)))}>"
    return name, canonical, name == "script" or any(_is_dangerous(*attribute) for attribute in attributes)


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    for match in _ATTRIBUTE.finditer(text):
        value = next((match[group] for group in "abc" if match[group] is not None), "")
        yield match["name"].lower(), unescape(value)


def _canonical(attribute: tuple[str, str]) -> str:
    name, value = attribute
    if name in _TRANSLATABLE:
        value = "".join(sorted(_PLACEHOLDER.findall(value)))
    return f' {name}="{value}"'


def _is_dangerous(name: str, value: str) -> bool:
    return name.startswith("on") or bool(_BAD_SCHEME.match(_IGNORED_IN_SCHEME.sub("", value).lower()))


def is_nested(names: Iterable[str]) -> bool:
    """Return whether every tag that opens is closed by its own name, and none closes what is not open."""
    waiting: list[str] = []
    for name in names:
        if name in _VOID:
            continue
        if not name.startswith("/"):
            waiting.append(name)
        elif not waiting or waiting.pop() != name[1:]:
            return False
    return not waiting


def _find(form: Form) -> Iterator[Hit]:
    raw, source = form.text.raw, form.source.raw
    if "=" in raw or (":" in raw and "script:" in raw.lower()):
        yield from _find_code(raw, source)
    if form.markdown:
        yield from _find_in_markdown(raw, source)
        return
    if "<" in raw or "<" in source or "&" in raw or "&" in source:
        yield from _compare(read_markup(raw), read_markup(source))
    if '"' in form.masked:
        yield from _find_straight_quotes(form)


def _find_code(raw: str, source: str) -> Iterator[Hit]:
    for match in _CODE_IN_TEXT.finditer(raw):
        if match.group().lower() not in source.lower():
            yield Hit(sentence("This is program code; take it out."), ((*match.span(), None),), raw=True)


def _find_in_markdown(raw: str, source: str) -> Iterator[Hit]:
    if is_plain(raw) and is_plain(source):
        return
    found, wanted = read_inline(raw), read_inline(source)
    if found.marks != wanted.marks:
        yield Hit(_difference(wanted.marks.elements(), found.marks.elements()))
    elif "<" in found.text or "<" in wanted.text:
        # The places are those of the text without code and links, so these hits are about the whole form.
        markup = _compare(read_markup(found.text), read_markup(wanted.text))
        yield from (Hit(hit.text) for hit in markup)


def _compare(found: Markup, wanted: Markup) -> Iterator[Hit]:
    for start, end in found.dangerous:
        text = sentence("No translation may hold this tag or attribute; take it out.")
        yield Hit(text, ((start, end, None),), raw=True)
    for start in found.broken:
        text = sentence(
            "A tag begins here and is not whole; write &lt; for the sign, or the tag of the source."
        )
        yield Hit(text, ((start, start + 1, None),), raw=True)
    if found.dangerous or found.broken:
        return
    if found.tags != wanted.tags:
        yield Hit(_difference(wanted.tags, found.tags))
    elif is_nested(wanted.names) and not is_nested(found.names):
        yield Hit(sentence("The tags cross each other; close first the tag that was opened last."))
    elif found.entities != wanted.entities:
        yield Hit(_difference(wanted.entities, found.entities))


def _difference(wanted: Iterable[str], found: Iterable[str]) -> Sentence:
    source, translation = Counter(wanted), Counter(found)
    missing = " ".join(sorted((source - translation).elements()))
    extra = " ".join(sorted((translation - source).elements()))
    if missing and extra:
        return sentence(
            "The source has %(missing)s, the translation has %(extra)s instead; it must be as in the source.",
            missing=missing,
            extra=extra,
        )
    if missing:
        return sentence("%(missing)s of the source is missing; copy it unchanged.", missing=missing)
    return sentence("%(extra)s is not in the source; take it out.", extra=extra)


def _find_straight_quotes(form: Form) -> Iterator[Hit]:
    """Hit a `"` of the text: in an attribute of a page it would end the value, and what follows be an attribute.

    Where the check `quotes` runs, it says this already.
    """
    if form.language in SITE and "quotes" not in form.suppressed:
        return
    if _TAG.sub("", form.text.raw).count('"') > _TAG.sub("", form.source.raw).count('"'):
        place = form.masked.index('"')
        text = sentence(
            "A straight quotation mark can end an attribute of a page; write the marks of the language."
        )
        yield Hit(text, ((place, place + 1, None),))


RULES = (Rule("html", Severity.ERROR, _find),)
