"""Holds the pages against the checkers that come from npm: axe-core, the Nu HTML checker and Lighthouse.

What they see is what readers get: an edition that `flask publish` has made, served by gunicorn.

Run by `make audit`; needs Node and Java. Exits with 1 where a checker finds anything.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import click
from playwright.sync_api import Page

from constanta.newsletter.keys import RECIPIENTS_FILE, make_keys
from constanta.settings import ROOT
from tests.browser.conftest import FLAGS, open_browser, write_library
from tests.browser.pages import FORMS, LANGUAGES, LINKS, PAGES, STATES
from tests.browser.test_accessibility import PHONE, WCAG
from tests.deploy.installation import PROGRAMS, memory_folder
from tests.newsletter.parts import free_port

MODULES = ROOT / "node_modules"
READ_MOST = ("home", "publications", "publication")
"""The pages that Lighthouse looks at."""

ROUNDS = 3
"""How often Lighthouse looks at a page that does not get 100 at once; the median counts."""


class Visit(NamedTuple):
    """A page to be looked at.

    Attributes:
        url: Its address.
        address: The e-mail address that is put into its form and sent, if any.
    """

    url: str
    address: str | None = None

    def __str__(self) -> str:
        return f"{self.url} ({self.address})" if self.address else self.url


def main() -> None:
    """Run all checkers and say what they find."""
    with tempfile.TemporaryDirectory() as name, memory_folder() as memory:
        folder = Path(name)
        library = write_library(folder / "library").settings
        strange = {
            "CONSTANTA_CONTENT": str(library.content),
            "CONSTANTA_TRANSLATIONS": str(library.translations),
        }
        with (
            _serve_published(folder / "site", memory) as site,
            _serve_published(folder / "strange", memory, strange) as states,
        ):
            visits = [*_list_visits(site, states)]
            pages = [_fetch(visit) for visit in visits]
            _weigh(pages)
            found = [*_run_axe(visits), *_run_nu(visits, pages, folder / "html")]
        # Nothing but the site itself runs beside Lighthouse.
        with _serve_published(folder / "site", memory) as site:
            found += _run_lighthouse(site)
    for line in found:
        click.echo(line, err=True)
    click.echo(f"{len(found)} findings")
    sys.exit(bool(found))


@contextmanager
def _serve_published(
    instance: Path, memory: Path, settings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Publish an edition and serve it as on a server, but for nginx, which stands on a server to wait for readers."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    keys = instance / "keys"
    if not keys.exists():
        make_keys(keys)
    environment = {
        "PATH": os.environ["PATH"],
        "CONSTANTA_INSTANCE": str(instance),
        "CONSTANTA_SECRET_KEY": "only here",
        "CONSTANTA_BASE_URL": address,
        "CONSTANTA_NEWSLETTER_RECIPIENTS": str(keys / RECIPIENTS_FILE),
        "CONSTANTA_RUNTIME": str(memory),
        "CONSTANTA_SMTP_HOST": "127.0.0.1",
        "CONSTANTA_SMTP_SECURITY": "none",
        **(settings or {}),
    }
    subprocess.run(
        [PROGRAMS / "flask", "publish"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    config = str(ROOT / "deploy" / "gunicorn.conf.py")
    server = subprocess.Popen(
        [PROGRAMS / "gunicorn", "--config", config, "--bind", f"127.0.0.1:{port}"], env=environment
    )
    try:
        _await(address)
        yield address
    finally:
        server.terminate()
        server.wait(60)


def _await(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            urlopen(f"{address}/en/").close()
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _list_visits(site: str, states: str) -> Iterator[Visit]:
    for language in LANGUAGES:
        for path in (*PAGES.values(), *LINKS.values()):
            yield Visit(f"{site}/{language}/{path}")
        for path in STATES.values():
            yield Visit(f"{states}/{language}/{path}")
        for address in FORMS.values():
            yield Visit(f"{site}/{language}/newsletter/", address)


def _fetch(visit: Visit) -> bytes:
    """Return what a reader gets, whatever its status."""
    request = Request(visit.url)
    if visit.address:
        request.data = urlencode({"email": visit.address}).encode()
        request.add_header("Sec-Fetch-Site", "same-origin")
    try:
        with urlopen(request) as response:
            return bytes(response.read())
    except HTTPError as error:
        return error.read()


def _weigh(pages: list[bytes]) -> None:
    sizes = [len(gzip.compress(page, 6)) for page in pages]
    click.echo(
        f"{len(pages)} pages, compressed: median {statistics.median(sizes):.0f} bytes, largest {max(sizes)}"
    )


def _run_axe(visits: list[Visit]) -> Iterator[str]:
    """Yield the violations that axe-core finds, in light and dark, on a desk and on a phone."""
    script = (MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    options = {"runOnly": WCAG, "resultTypes": ["violations"]}
    with open_browser() as browser:
        page = browser.new_page()
        wide = page.viewport_size or PHONE
        for visit in visits:
            page.set_viewport_size(wide)
            _open(page, visit)
            page.evaluate(script)
            for colours in ("light", "dark"):
                page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
                page.set_viewport_size(PHONE if colours == "dark" else wide)
                result = page.evaluate("(options) => axe.run(options)", options)
                yield from (f"{visit} {colours}: {v['id']}: {v['help']}" for v in result["violations"])
    click.echo(f"axe-core: {len(visits)} pages, in light on a desk and in dark on a phone")


def _open(page: Page, visit: Visit) -> None:
    page.goto(visit.url)
    if visit.address:
        page.locator("#email").fill(visit.address)
        with page.expect_navigation():
            page.locator("#email").press("Enter")


def _run_nu(visits: list[Visit], pages: list[bytes], folder: Path) -> Iterator[str]:
    """Yield the errors that the Nu HTML checker finds."""
    folder.mkdir()
    for number, page in enumerate(pages):
        (folder / f"{number}.html").write_bytes(page)
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always", str(folder)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    click.echo(f"Nu HTML checker: {len(pages)} pages")
    for message in json.loads(result.stdout)["messages"]:
        if message["type"] == "error":
            visit = visits[int(Path(message["url"]).stem)]
            yield f"{visit}: line {message['lastLine']}: {message['message']}"


def _run_lighthouse(address: str) -> Iterator[str]:
    """Yield the categories in which Lighthouse gives less than 100."""
    for language in LANGUAGES:
        for name in READ_MOST:
            scores = _median_scores(f"{address}/{language}/{PAGES[name]}")
            click.echo(f"Lighthouse: {language} {name} {scores}")
            yield from (f"{language} {name}: {key} {score}" for key, score in scores.items() if score < 100)


def _median_scores(url: str) -> dict[str, int]:
    """Return the scores of one round or, where one is below 100, the medians of three."""
    rounds = [_score(url)]
    while len(rounds) < ROUNDS and set(rounds[0].values()) != {100}:
        rounds.append(_score(url))
    return {key: round(statistics.median(scores[key] for scores in rounds)) for key in rounds[0]}


def _score(url: str) -> dict[str, int]:
    command = [
        str(MODULES / ".bin" / "lighthouse"),
        url,
        "--quiet",
        "--output=json",
        f"--chrome-flags={' '.join(FLAGS)}",
    ]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    result = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    categories = json.loads(result.stdout)["categories"]
    return {key: round(category["score"] * 100) for key, category in categories.items()}


if __name__ == "__main__":
    main()
