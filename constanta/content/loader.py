"""Files to records: reads Markdown documents with YAML front matter; every error names the file and the line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from constanta.content.frontmatter import FrontMatter, decode_text, read_bytes, read_values, split_text
from constanta.content.records import Document, Kind, parse_day, parse_partial_date
from constanta.errors import ContentError, Problem, sentence
from constanta.locales import SOURCE_LANGUAGE, parse_language

KEYS = (
    "title",
    "summary",
    "lang",
    "kind",
    "slug",
    "date",
    "order",
    "position",
    "topics",
    "areas",
    "original",
    "archived",
    "withdrawn",
)
"""The keys that front matter may have."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SLUG = 100
"""How many characters a slug may have: the files of a page are named after it."""

_OTHER_ENDING = re.compile(r"[^.].*\.(?!md$)(?i:md|mdown|markdown)")
"""How other programs end the names of Markdown files."""

_RESERVED = {
    Kind.PUBLICATION: re.compile(r"\d{4}|page|topic|translated|feed"),
    Kind.PROJECT: re.compile(r"translated"),
    Kind.PAGE: re.compile(r"publications|projects|areas|topics|newsletter|search|feed|preview|healthz"),
}


def load_document(path: Path) -> Document:
    """Return the document in a file; its folder says what kind it is.

    Raises:
        ContentError: The file cannot be read, or what is in it cannot be used (see `parse_document`).
    """
    return parse_document(path, read_bytes(path))


def parse_document(path: Path, data: bytes) -> Document:
    """Return the document that the bytes of a file hold.

    Raises:
        ContentError: They are not UTF-8, or the front matter cannot be used; names every problem.
    """
    header, body, body_line = split_text(path, decode_text(path, data))
    problems: list[Problem] = []
    front = FrontMatter(path, dict(read_values(path, header, problems)), problems)
    for key in front.values:
        if key not in KEYS:
            known = ", ".join(KEYS)
            front.wrong(
                key, sentence("“%(key)s” is not a known key. Known are: %(known)s.", key=key, known=known)
            )
    document = _document(path, front, body, body_line)
    if problems:
        raise ContentError(*sorted(problems, key=lambda problem: problem.line or 0))
    return document


def _document(path: Path, front: FrontMatter, body: str, body_line: int) -> Document:
    kind = Kind(path.parent.name)
    title = front.required("title", sentence("“title” is missing."))
    given = front.text("kind")
    if given and given not in {kind.value, kind.name.lower()}:
        front.wrong(
            "kind",
            sentence(
                "The file lies in “%(folder)s”, so “kind” cannot be “%(kind)s”.", folder=kind, kind=given
            ),
        )
    slug = front.text("slug") or path.stem
    if not _SLUG.fullmatch(slug):
        front.wrong("slug", sentence("“%(slug)s” cannot be a slug: use a–z, 0–9 and hyphens.", slug=slug))
    elif len(slug) > _LONGEST_SLUG:
        front.wrong("slug", sentence("The slug is longer than %(limit)s characters.", limit=_LONGEST_SLUG))
    elif kind in _RESERVED and _RESERVED[kind].fullmatch(slug):
        front.wrong(
            "slug",
            sentence("“%(slug)s” cannot be a slug here: the site uses this address itself.", slug=slug),
        )
    language = front.parsed(
        "lang", parse_language, sentence("“lang” must be a language tag such as be, ru or en.")
    )
    return Document(
        path=path,
        kind=kind,
        slug=slug,
        lang=language.tag if language else SOURCE_LANGUAGE,
        title=title,
        summary=front.text("summary"),
        body=body,
        body_line=body_line,
        date=front.parsed(
            "date",
            parse_partial_date,
            sentence(
                "“date” must be a date that exists, such as 2025, 2025-03, 2025-03-20 or 2021-12/2022-01."
            ),
        ),
        order=front.parsed(
            "order", parse_day, sentence("“order” must be a day that exists, such as 2025-03-20.")
        ),
        position=front.parsed("position", _position, sentence("“position” must be a whole number from 1."))
        or 0,
        topics=front.texts("topics"),
        areas=front.texts("areas"),
        original=front.parsed(
            "original", _address, sentence("“original” must be an address that begins with https://.")
        ),
        archived=front.flag("archived"),
        withdrawn=front.flag("withdrawn"),
    )


def _position(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        raise ValueError(text)
    return int(text)


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or re.search(r"[\s\"<>]", text):
        raise ValueError(text)
    return text


def find_files(content: Path) -> list[str]:
    """Return the files of all documents, by kind and name (`publications/some-slug.md`).

    Hidden ones are what editors and systems leave beside them.

    Raises:
        ContentError: The folder is missing, or a Markdown file lies where no kind of document belongs, or has a name
            that is not UTF-8 or ends in another way than `.md`.
    """
    if not content.is_dir():
        raise ContentError(Problem(sentence("The folder of documents is missing."), content))
    places = {f"{content}/{kind}": kind for kind in Kind}
    found: dict[str, list[str]] = {kind: [] for kind in Kind}
    stray: list[Problem] = []
    misplaced = sentence(
        "A document must lie directly in one of the folders %(folders)s.", folders=", ".join(Kind)
    )
    misnamed = sentence("The name of a document must end with .md.")
    for folder, folders, files in os.walk(content):
        # Whoever reads a folder that stands in the place of a document says so.
        documents = [name for name in (*files, *folders) if name.endswith(".md") and not name.startswith(".")]
        stray += [Problem(misnamed, Path(folder, name)) for name in files if _OTHER_ENDING.fullmatch(name)]
        if folder in places:
            found[places[folder]] = [f"{places[folder]}/{name}" for name in sorted(documents)]
        else:
            stray += [Problem(misplaced, Path(folder, name)) for name in documents]
        for name in documents:
            if not name.isascii():
                _require_utf8(f"{folder}/{name}")
    if stray:
        raise ContentError(*sorted(stray, key=lambda problem: str(problem.path)))
    return [name for names in found.values() for name in names]


def _require_utf8(path: str) -> None:
    """Refuse a name in the encoding of an old archive, which Python holds in lone surrogates (PEP 383)."""
    try:
        path.encode()
    except UnicodeEncodeError as error:
        shown = os.fsencode(path).decode(errors="backslashreplace")
        text = sentence("The name of this file is not UTF-8. Give it another one.")
        raise ContentError(Problem(text, Path(shown))) from error


def load_documents(content: Path) -> list[Document]:
    """Return all documents.

    Raises:
        ContentError: With the problems of all files, and of what they say of each other (see `check_references`).
    """
    documents, errors = [], []
    for path in map(content.joinpath, find_files(content)):
        try:
            documents.append(load_document(path))
        except ContentError as error:
            errors.append(error)
    if not errors:
        errors.extend(check_references(documents))
    if errors:
        raise ContentError.together(errors)
    return documents


def check_references(documents: Iterable[Document]) -> list[ContentError]:
    """Return an error for each slug that stands twice in a kind, and each topic or area that does not exist.

    Of two documents with one slug, the one is named that has it in its front matter, where it can be changed.
    """
    taken: dict[str, Document] = {}
    errors = []
    documents = list(documents)
    for document in documents:
        other = taken.setdefault(document.name, document)
        if other is not document:
            wrong, owner = (other, document) if document.slug == document.path.stem else (document, other)
            taken[document.name] = owner
            place = owner.path.relative_to(owner.path.parents[2]).as_posix()
            text = sentence("The slug “%(slug)s” is taken by %(path)s.", slug=wrong.slug, path=place)
            errors.append(ContentError(Problem(text, wrong.path, _line_of(wrong.path, "slug"))))
    for document in documents:
        for key, kind, slugs in (
            ("topics", Kind.TOPIC, document.topics),
            ("areas", Kind.AREA, document.areas),
        ):
            for slug in slugs:
                if f"{kind}/{slug}" not in taken:
                    text = sentence(
                        "“%(slug)s” is unknown: there is no content/%(kind)s/%(slug)s.md.",
                        slug=slug,
                        kind=kind,
                    )
                    errors.append(ContentError(Problem(text, document.path, _line_of(document.path, key))))
    return errors


def _line_of(path: Path, key: str) -> int:
    """Return the line of a key in a file's front matter, or the first line where it has none or cannot be read."""
    try:
        header, _, _ = split_text(path, decode_text(path, read_bytes(path)))
        values = dict(read_values(path, header, []))
    except ContentError:
        return 1
    return values[key].line if key in values else 1
