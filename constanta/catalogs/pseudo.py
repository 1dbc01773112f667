"""The pseudo-locale en-XA: every text accented, longer and in brackets, so that what escaped translation is seen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from constanta.catalogs.extract import extract_templates
from constanta.catalogs.plan import Planner
from constanta.catalogs.po import Catalog, Message, write_catalog
from constanta.errors import CatalogError, Problem, sentence
from constanta.locales import PSEUDO_LANGUAGE, parse_language
from constanta.settings import Settings

LENGTHENING = 0.35
"""How much longer a text becomes: Belarusian and Russian are about a third longer than English."""

_ACCENTS = str.maketrans("AaCcDdEeGgIiKkLlNnOoRrSsTtUuWwYyZz", "ÅåÇçĐđÉéĜĝÎîĶķĻļÑñÖöŔŕŠšŢţÛûŴŵÝýŽž")
_KEPT = re.compile(
    r"%\(\w+\)[^a-zA-Z%]*[a-zA-Z]|%%"  # placeholders
    r"|<[^<>]*>|&\w+;"  # tags and entities
    r"|`+[^`]*`+"  # code
    r"|\]\([^)]*\)|\]\[[^\]]*\]|\\(?!%)\W"  # addresses of Markdown, and what is escaped in it
    r"|https?://[^\s<>()\"”»]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # addresses
)
_END = re.compile(r"[.,:;!?…]*$")


def write_pseudo(settings: Settings, target: Path) -> list[Path]:
    """Write what pages show in the pseudo-locale into a folder of its own, and return the catalogs that changed.

    The catalogs of the other languages are copied beside it, since a site without them shows nothing.

    Raises:
        CatalogError: Code, a page template or what there is to copy cannot be read.
        ContentError: A document cannot be read.
    """
    language = parse_language(PSEUDO_LANGUAGE)
    _copy(settings.translations, target)
    planner = Planner(target, extract_templates(settings))
    written = []
    for plan in planner.plan_language(language):
        if plan.name == "tools":
            continue
        messages = tuple(_pseudo(message) for message in plan.catalog.messages if not message.obsolete)
        if write_catalog(plan.path, Catalog(plan.catalog.header, messages)):
            written.append(plan.path)
    return written


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copytree(source, target, dirs_exist_ok=True)
    except shutil.Error as error:
        raise CatalogError(
            *(
                Problem(sentence("The file cannot be copied: %(reason)s.", reason=reason), Path(path))
                for path, _, reason in error.args[0]
            )
        ) from error


def _pseudo(message: Message) -> Message:
    source = message.source
    forms = [source.msgid, *[source.msgid_plural or source.msgid] * (len(message.msgstr) - 1)]
    flags = message.without_flag("fuzzy").flags
    return replace(message, msgstr=tuple(map(pseudo_text, forms)), flags=flags, comments=(_QUOTED,))


_QUOTED = "nocheck: quotes, scare-quotes"
"""Quotation marks are those of the source, right or wrong, and what stands in them is not recognised with its accents."""


def pseudo_text(text: str) -> str:
    """Return a text accented, longer and in brackets; placeholders, tags, addresses and code stay as they are."""
    start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    body = _END.sub("", text.strip())
    mark = text.strip()[len(body) :]
    if not body:
        return text
    padding = "·" * max(1, round(len(body) * LENGTHENING))
    return f"{start}[{''.join(_accented(body))} {padding}]{mark}{end}"


def _accented(text: str) -> Iterator[str]:
    place = 0
    for kept in _KEPT.finditer(text):
        yield text[place : kept.start()].translate(_ACCENTS)
        yield kept.group()
        place = kept.end()
    yield text[place:].translate(_ACCENTS)
