"""Django and Wagtail, each with the same publications and the same page, under the same gunicorn with the same settings."""

from __future__ import annotations

import difflib
import hashlib
import html
import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version as installed_version
from pathlib import Path

from bench.peers import environment
from bench.serving.servers import Server, run_gunicorn
from constanta.edition.manifest import CATALOGS, CONTENT
from constanta.settings import ROOT

SITES = ROOT / "bench" / "peers" / "sites"


@contextmanager
def run_django(folder: Path, edition: Path, page: str) -> Iterator[Server]:
    """Run the site on Django over a copy of the very content database of an edition.

    Args:
        folder: Where the site gets what it needs.
        edition: The edition.
        page: Our own page, for what stands on every page: the stylesheet, the icon, the address.
    """
    program = _install("django")
    _lay_out(folder, edition, page)
    with _run(program, folder, "django_site") as server:
        yield server


@contextmanager
def run_wagtail(folder: Path, edition: Path, page: str) -> Iterator[Server]:
    """Run the site on Wagtail, with a page in its tree for each publication in each language."""
    program = _install("wagtail")
    _lay_out(folder, edition, page)
    _fill_wagtail(program.with_name("python"), folder)
    with _run(program, folder, "wagtail_site") as server:
        yield server


def name_of(peer: str) -> str:
    """Return a peer's name with its version."""
    return f"{peer.capitalize()} {environment.version(peer)}"


def _install(peer: str) -> Path:
    """Return a peer's gunicorn, which must be of the version of ours."""
    ours = installed_version("gunicorn")
    if f"gunicorn=={ours}\n" not in (SITES.parent / f"{peer}.txt").read_text():
        raise SystemExit(f"bench/peers/{peer}.txt must have the gunicorn of the site: {ours}.")
    return environment.install(peer) / "gunicorn"


def _lay_out(folder: Path, edition: Path, page: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(edition / CONTENT, folder / CONTENT)
    with closing(sqlite3.connect(folder / CONTENT)) as connection:
        connection.execute("ANALYZE")
    for catalog in (edition / CATALOGS).rglob("messages.mo"):
        place = folder / "locale" / catalog.relative_to(edition / CATALOGS).with_name("django.mo")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(catalog, place)
    parts = {
        "stylesheet": "<style>(.*?)</style>",
        "style_source": 'content="style-src ([^"]*)"',
        "icon_address": '<link rel="icon" href="([^"]*)"',
        "base_url": '<link rel="canonical" href="(https?://[^/"]*)',
    }
    found = {name: re.search(pattern, page, re.DOTALL) for name, pattern in parts.items()}
    frame = {name: html.unescape(match[1]) for name, match in found.items() if match}
    (folder / "frame.json").write_text(json.dumps(frame), encoding="utf-8")


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PEER_FOLDER": str(folder),
        "PYTHONPATH": f"{SITES}:{folder}",
        "DJANGO_SETTINGS_MODULE": "settings",
    }


@contextmanager
def _run(program: Path, folder: Path, site: str) -> Iterator[Server]:
    options = ("--chdir", str(SITES / site), "wsgi:application")
    with run_gunicorn(program, _environment(folder), *options) as server:
        yield server


def _fill_wagtail(python: Path, folder: Path) -> None:
    """Make Wagtail's database, unless it is there of the same content and the same code."""
    sources = [folder / CONTENT, *sorted((SITES / "wagtail_site").rglob("*.py")), SITES / "shared_site.py"]
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    made = folder / "made-by"
    if made.exists() and made.read_text() == digest:
        return
    print("Making Wagtail's tree of pages …", flush=True)
    (folder / "wagtail.db").unlink(missing_ok=True)
    shutil.rmtree(folder / "migrations", ignore_errors=True)
    subprocess.run(
        [python, "load.py"], cwd=SITES / "wagtail_site", env=_environment(folder), check=True, timeout=3600
    )
    made.write_text(digest)


def check_equal(name: str, page: bytes, ours: bytes) -> None:
    """See that a page has the texts and links of ours, in the same order.

    Raises:
        SystemExit: It has not; names the differences.
    """
    difference = list(difflib.unified_diff(_texts(ours), _texts(page), "ours", name, lineterm="", n=0))
    if difference:
        raise SystemExit("\n".join([f"The page of {name} is not equal to ours:", *difference[:40]]))


def _texts(page: bytes) -> list[str]:
    """Return the texts and the addresses of links of a page, without its stylesheet, as far as readers can tell."""
    whole = re.sub("<style>.*?</style>", "", page.decode(), flags=re.DOTALL)
    parts = re.findall(r'href="?[^ ">]*|>[^<]+', whole)
    texts = (" ".join(html.unescape(part).removeprefix(">").split()) for part in parts)
    return [text.replace('href="', "href=") for text in texts if text]
