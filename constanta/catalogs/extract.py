"""Sources to templates: what there is to translate in the code, the page templates and the documents.

Extraction goes through Babel and `babel.cfg`. The interface has two domains, told apart by the function that marks a
text: `messages` is what visitors read (`_`, `gettext` and their like), `tools` is what translators and developers read
(`sentence`). Every document has a template of its own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any

from babel.messages.catalog import Message as BabelMessage
from babel.messages.extract import extract
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.util import pathmatch
from jinja2 import TemplateSyntaxError

from constanta.catalogs.po import Key, Message, Source
from constanta.content.frontmatter import FrontMatter, read_values, split_text
from constanta.content.loader import load_documents
from constanta.content.markdown import split_body
from constanta.content.records import Document
from constanta.errors import CatalogError, sentence
from constanta.settings import Settings

DOMAINS: Mapping[str, tuple[str, ...]] = {
    "messages": (
        "_",
        "gettext",
        "ngettext:1,2",
        "pgettext:1c,2",
        "npgettext:1c,2,3",
        "lazy_gettext",
        "lazy_ngettext:1,2",
        "lazy_pgettext:1c,2",
        "lazy_npgettext:1c,2,3",
    ),
    "tools": ("sentence",),
}
"""The functions that mark texts, by the domain of the interface that the texts belong to."""

COMMENT_TAG = "Translators:"
"""What a comment in code or in a template begins with when it is meant for translators."""


@dataclass(frozen=True, slots=True)
class Templates:
    """What there is to translate.

    Attributes:
        interface: The messages of each domain, in the order of files and lines.
        documents: Each document that is not withdrawn, with its messages in their order.
        withdrawn: The names of the documents that were taken back.
    """

    interface: Mapping[str, tuple[Message, ...]]
    documents: Sequence[tuple[Document, tuple[Message, ...]]]
    withdrawn: frozenset[str]


def extract_templates(settings: Settings) -> Templates:
    """Return all that there is to translate.

    Raises:
        CatalogError: A file of code or a page template cannot be read (names the file and the line).
        ContentError: A document cannot be read.
    """
    documents = load_documents(settings.content)
    return Templates(
        extract_interface(settings.root),
        [(document, document_messages(document)) for document in documents if not document.withdrawn],
        frozenset(document.name for document in documents if document.withdrawn),
    )


# --- documents -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def document_messages(document: Document) -> tuple[Message, ...]:
    """Return the template of one document: title, summary, and each distinct segment of the body."""
    reference = f"content/{document.kind}/{document.path.name}"
    found: dict[Key, Message] = {}
    for context, text, comment, _ in _entries(document.title, document.summary, document.body):
        message = Message(Source(text, context), extracted=(comment,), references=(reference,))
        _add(found, message)
    return tuple(found.values())


def _entries(title: str, summary: str, body: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield context, text, comment for translators, and line within the body."""
    if title:
        yield "title", title, "Title", 0
    if summary:
        yield "summary", summary, "Summary", 0
    for segment in split_body(body):
        yield "body", segment.text, segment.role[:1].upper() + segment.role[1:], segment.line


def extract_markdown(
    fileobj: IO[bytes],
    keywords: Collection[str],  # noqa: ARG001 - the signature is Babel's
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Yield the messages of a Markdown document, as Babel's extractors do; a withdrawn document has none.

    Raises:
        ContentError: It has no front matter, or one that is not YAML.
    """
    path = Path(getattr(fileobj, "name", "document.md"))
    header, body, body_line = split_text(path, fileobj.read().decode("utf-8-sig").replace("\r\n", "\n"))
    front = FrontMatter(path, dict(read_values(path, header, [])), [])
    if front.flag("withdrawn"):
        return
    for context, text, comment, line in _entries(front.text("title"), front.text("summary"), body):
        number = front.values[context].line if context in front.values else body_line + line
        yield number, "pgettext", (context, text), [comment]


# --- the interface -------------------------------------------------------------------------------------------------


def extract_interface(root: Path) -> dict[str, tuple[Message, ...]]:
    """Return the messages of each domain of the interface, from the files that `babel.cfg` in `root` names.

    Raises:
        CatalogError: A file cannot be read, or one message is used with two different plurals.
    """
    methods, options = _read_mapping(root)
    found: dict[str, dict[Key, Message]] = {domain: {} for domain in DOMAINS}
    for path, pattern, method in _find_sources(root, methods):
        data = path.read_bytes()
        for domain, functions in DOMAINS.items():
            if not _marks(functions).search(data):
                continue
            for line, message in _extract_file(path, data, method, functions, options[pattern]):
                reference = path.relative_to(root).as_posix()
                try:
                    _add(found[domain], replace(message, references=(reference,)))
                except ValueError as error:
                    text = sentence("“%(msgid)s” stands elsewhere with another plural.", msgid=error)
                    raise CatalogError.at(path, line, text) from error
    return {domain: tuple(messages.values()) for domain, messages in found.items()}


def _read_mapping(root: Path) -> tuple[list[tuple[str, str]], dict[str, dict[str, Any]]]:
    path = root / "babel.cfg"
    try:
        with path.open(encoding="utf-8") as file:
            methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    except OSError as error:
        reason = sentence("The file cannot be read: %(reason)s.", reason=error.strerror or str(error))
        raise CatalogError.at(path, None, reason) from error
    return [(pattern, method) for pattern, method in methods if "extract_markdown" not in method], options


def _find_sources(root: Path, methods: Sequence[tuple[str, str]]) -> Iterator[tuple[Path, str, str]]:
    """Yield each file that a pattern names, with the pattern and the extraction method."""
    for folder in dict.fromkeys(pattern.split("/")[0] for pattern, _ in methods):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            first = next(((p, m) for p, m in methods if pathmatch(p, name)), None)
            if first is not None and path.is_file() and path.suffix != ".pyc":
                yield path, *first


def _marks(functions: Iterable[str]) -> re.Pattern[bytes]:
    """Return what a file must hold to be worth tokenizing; a page template's `trans` needs no function."""
    names = "|".join(re.escape(function.partition(":")[0]) for function in functions)
    return re.compile(rf"\b(?:{names})\s*\(|\btrans\b".encode())


def _extract_file(
    path: Path, data: bytes, method: str, functions: Sequence[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, Message]]:
    keywords = parse_keywords(functions)
    results = extract(method, io.BytesIO(data), keywords, (COMMENT_TAG,), options, strip_comment_tags=True)
    try:
        for line, message_id, comments, context in results:
            singular, plural = (
                (message_id[0], message_id[1]) if isinstance(message_id, tuple) else (message_id, None)
            )
            babel = BabelMessage(message_id)
            yield (
                line,
                Message(
                    Source(singular, context, plural),
                    extracted=tuple(" ".join(c.split()) for c in comments),
                    flags=("python-format",) if babel.python_format else (),
                ),
            )
    except (TemplateSyntaxError, SyntaxError) as error:
        reason = error.message if isinstance(error, TemplateSyntaxError) else error.msg
        raise _unreadable(path, error.lineno, reason) from error
    except TokenError as error:
        raise _unreadable(path, error.args[1][0], error.args[0]) from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, data.count(b"\n", 0, error.start) + 1, error.reason) from error


def _unreadable(path: Path, line: int | None, reason: str | None) -> CatalogError:
    return CatalogError.at(path, line, sentence("This cannot be read: %(reason)s.", reason=reason or "?"))


def _add(found: dict[Key, Message], message: Message) -> None:
    """Add a message to those found, or what is new in it to the one that has its key.

    Raises:
        ValueError: It has another plural than the one found.
    """
    known = found.setdefault(message.key, message)
    if known is message:
        return
    plurals = {known.source.msgid_plural, message.source.msgid_plural} - {None}
    if len(plurals) > 1:
        raise ValueError(message.source.msgid)
    found[message.key] = replace(
        known,
        source=replace(known.source, msgid_plural=plurals.pop() if plurals else None),
        extracted=tuple(dict.fromkeys(known.extracted + message.extracted)),
        references=tuple(dict.fromkeys(known.references + message.references)),
        flags=tuple(dict.fromkeys(known.flags + message.flags)),
    )
