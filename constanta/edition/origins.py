"""Where in the documents a link stands that leads nowhere on a page: what a person can open and mend."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from markdown_it.common.utils import escapeHtml

from constanta.content.loader import load_documents
from constanta.content.markdown import parse_inline, split_body
from constanta.content.records import Document
from constanta.edition.verify import DEAD_LINK
from constanta.errors import Problem, sentence


def name_origins(problems: Iterable[Problem], content: Path) -> list[Problem]:
    """Return the problems of pages, but those of links in the documents' texts once, with file and line.

    All documents are read for that: it is asked only where something is broken.

    Raises:
        ContentError: A document cannot be read.
    """
    problems = list(problems)
    dead = {_link_of(problem) for problem in problems if problem.code == DEAD_LINK}
    if not dead:
        return problems
    found = [each for document in load_documents(content) for each in _find_links(document, dead)]
    known = {link for link, _ in found}
    others = [each for each in problems if each.code != DEAD_LINK or _link_of(each) not in known]
    return [*(problem for _, problem in found), *others]


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
