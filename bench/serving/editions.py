"""Editions of any number of publications, made in less time than `flask publish` takes.

The content database and the index of pages are as large as in a published edition. Of the pages themselves only those are
there that are asked for.
"""

from __future__ import annotations

import os
import random
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import brotlicffi
from flask import Flask

from bench.content import LANGUAGES, TOPICS
from bench.search import make_queries
from bench.serving.content import make_content
from constanta.catalogs.compile import compile_interface
from constanta.edition.manifest import CATALOGS, CONTENT, Manifest, digest_files
from constanta.edition.page_index import INDEX, IndexWriter, make_row
from constanta.edition.pages import PAGES, Page, file_of, make_variant
from constanta.edition.shelf import Shelf
from constanta.edition.switch import Edition
from constanta.factory import create_app
from constanta.pages.addresses import describe_website
from constanta.settings import ROOT, Settings

NAME = "0001-00000000"
BROWSED = 250
"""How many pages readers visit in turn."""


@dataclass(frozen=True, slots=True)
class Editions:
    """Two editions of the same publications: with all their pages, and without any, so that each is rendered when asked.

    Attributes:
        pages: The instance folder of the one with pages.
        rendered: The instance folder of the one without.
        browsed: The paths that readers visit.
        searched: The paths of searches.
    """

    pages: Path
    rendered: Path
    browsed: Sequence[str]
    searched: Sequence[str]


def environment(instance: Path) -> dict[str, str]:
    """Return the settings of a site that serves from an instance folder."""
    return {
        "CONSTANTA_INSTANCE": str(instance),
        "CONSTANTA_BASE_URL": "http://127.0.0.1",
        "CONSTANTA_HOSTS": "127.0.0.1",
        "CONSTANTA_SECRET_KEY": "bench",
    }


def make_editions(folder: Path, documents: int) -> Editions:
    """Return editions of some number of publications; their content database is kept for the next run."""
    content = folder / CONTENT
    make_content(content, documents)
    browsed = list(browse(documents))
    instances = folder / "pages", folder / "rendered"
    for instance in instances:
        shutil.rmtree(instance, ignore_errors=True)
        _begin_edition(instance / "editions" / NAME, content)
    pages, rendered = instances
    _finish_edition(rendered / "editions" / NAME)
    _make_pages(rendered, pages / "editions" / NAME, browsed)
    _finish_edition(pages / "editions" / NAME)
    queries = [f"/{asked.lang}/search/?{urlencode({'q': asked.text})}" for asked in make_queries(1000)]
    return Editions(pages, rendered, browsed, queries)


def browse(documents: int) -> Iterator[str]:
    """Yield what readers visit: home pages, lists from the first page to the last, topics, publications.

    Each list has ten publications at 100 documents too, so that only the size of the whole differs.
    """
    chance = random.Random("browse")
    for number in range(BROWSED):
        home = f"/{chance.choice(LANGUAGES)}/"
        yield (
            home,
            f"{home}publications/",
            f"{home}publications/page/{chance.randint(2, documents // 10)}/",
            f"{home}publications/topic/topic-{chance.randint(1, TOPICS):02}/",
            f"{home}publications/synthetic-{chance.randint(1, documents):06}/",
        )[number % 5]


def _begin_edition(folder: Path, content: Path) -> None:
    (folder / CATALOGS).mkdir(parents=True)
    os.link(content, folder / CONTENT)
    compile_interface(ROOT / "translations", folder / CATALOGS)
    Manifest(LANGUAGES, LANGUAGES).write(folder)


def _finish_edition(folder: Path) -> None:
    """Guard the files, and serve it."""
    catalogs = [path.relative_to(folder).as_posix() for path in (folder / CATALOGS).rglob("*.mo")]
    names = [CONTENT, *catalogs, *([INDEX] if (folder / INDEX).exists() else [])]
    Manifest(LANGUAGES, LANGUAGES, files=digest_files(folder, names)).write(folder)
    Shelf(folder.parent).switch(folder.name)


def _make_pages(rendered: Path, folder: Path, browsed: Sequence[str]) -> None:
    """Write the pages that readers visit, and an index in which all pages stand."""
    app = create_app(Settings(instance=rendered, base_url="http://127.0.0.1", secret_key="bench"))
    made = {path: _make_page(app, folder, path) for path in browsed}
    example = made[browsed[0]]
    edition = Edition(rendered / "editions" / NAME)
    website = describe_website(app)
    index = IndexWriter(folder)
    with website.showing(edition):
        index.put(
            make_row(made.get(address.path) or _like(example, address.path, address.language))
            for address in website.list_addresses()
        )
    index.close()
    edition.close()


_OF_BYTES = frozenset({"Content-Length", "ETag", "Vary"})


def _make_page(app: Flask, folder: Path, path: str) -> Page:
    response = app.test_client().get(path, base_url="http://127.0.0.1")
    if response.status_code != 200:
        raise SystemExit(f"{path} answers {response.status}")
    body = response.get_data()
    headers = tuple((name, value) for name, value in response.headers if name not in _OF_BYTES)
    encoded: Mapping[str, bytes] = {
        "br": brotlicffi.compress(body, quality=5),
        "gzip": zlib.compress(body, 5, wbits=31),
    }
    for encoding, data in encoded.items():
        file = folder / PAGES / file_of(path, encoding)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    variants = {encoding: make_variant(data) for encoding, data in encoded.items()}
    return Page(path, path.split("/")[1], headers, make_variant(body), variants)


def _like(page: Page, path: str, language: str) -> Page:
    """Return a page that is in the index alone."""
    plain = make_variant(path.encode())
    return Page(path, language, page.headers, plain, dict.fromkeys(page.variants, plain))
