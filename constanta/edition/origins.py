"""Where in the documents stands what is wrong with a page: what a person can open and mend."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from markdown_it.common.utils import escapeHtml

from constanta.content.loader import load_documents
from constanta.content.markdown import parse_inline, split_body
from constanta.content.records import Document, Kind
from constanta.edition.verify import DEAD_LINK, TOO_LARGE
from constanta.errors import Problem, sentence


def name_origins(problems: Iterable[Problem], content: Path) -> list[Problem]:
    """Return the problems of pages, but those of links in the documents' texts once, with file and line.

    A page that is too large is told with the document's file.

    All documents are read for that: it is asked only where something is broken.

    Raises:
        ContentError: A document cannot be read.
    """
    problems = list(problems)
    dead = {_link_of(problem) for problem in problems if problem.code == DEAD_LINK}
    if not dead and not any(problem.code == TOO_LARGE for problem in problems):
        return problems
    documents = load_documents(content)
    found = [each for document in documents for each in _find_links(document, dead)]
    known = {link for link, _ in found}
    others = [each for each in problems if each.code != DEAD_LINK or _link_of(each) not in known]
    paths = {_tail_of(document): document.path for document in documents}
    return [*(problem for _, problem in found), *(_place(each, paths) for each in others)]


def _place(problem: Problem, paths: Mapping[str, Path]) -> Problem:
    """Return a problem with the file of the document whose page is too large; `paths` has them by `_tail_of`."""
    if problem.code != TOO_LARGE:
        return problem
    page = str(problem.text.values["path"])
    return replace(problem, path=paths.get(max(filter(page.endswith, paths), key=len, default="")))


def _tail_of(document: Document) -> str:
    """Return what the addresses of a document's pages end with."""
    return f"/{document.slug}/" if document.kind is Kind.PAGE else f"/{document.kind}/{document.slug}/"


def _link_of(problem: Problem) -> object:
    return problem.text.values["link"]


def _find_links(document: Document, links: Collection[object]) -> Iterator[tuple[str, Problem]]:
    """Yield those of some links, spelled as in HTML, that stand in a document's text, and what to say of each."""
    if document.withdrawn:
        return
    lines = document.body.split("\n")
    for segment in split_body(document.body):
        tokens = parse_inline(segment.text).children or ()
        addresses = dict.fromkeys(str(token.attrGet("href")) for token in tokens if token.type == "link_open")
        for address in addresses:
            link = escapeHtml(address)
            if link in links:
                line, written = _find_address(lines, segment.line, address)
                text = sentence("The link “%(link)s” leads nowhere.", link=written)
                yield link, Problem(text, document.path, document.body_line + line, DEAD_LINK)


def _find_address(lines: Sequence[str], start: int, address: str) -> tuple[int, str]:
    """Return the line of a block in which an address stands, and how it is written there; else the first line."""
    for number, line in enumerate(lines[start:], start):
        for written in (address, unquote(address)):
            if written in line:
                return number, written
        if not line.strip():
            break
    return start, address
