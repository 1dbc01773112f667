"""Shows every kind of page at a glance: pictures under `build/screenshots/`, and a contact sheet of each way to look.

Run by `make screenshots`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple

import click
from playwright.sync_api import Browser, Page, ViewportSize

from constanta.settings import ROOT, Settings
from tests.browser.conftest import NARROWEST, WIDE, open_browser, serve, write_library
from tests.browser.pages import LANGUAGES, LINKS, PAGES, STATES

FOLDER = ROOT / "build" / "screenshots"


class Way(NamedTuple):
    """A way to look at a page."""

    window: ViewportSize
    medium: Literal["screen", "print"] = "screen"
    colours: Literal["light", "dark"] = "light"
    forced: Literal["active", "none"] = "none"


WAYS = {
    "wide": Way(WIDE),
    "dark": Way(WIDE, colours="dark"),
    "forced colours": Way(WIDE, forced="active"),
    "tablet": Way(ViewportSize(width=768, height=1024)),
    "phone": Way(ViewportSize(width=360, height=740)),
    "narrowest": Way(NARROWEST),
    "print": Way(ViewportSize(width=720, height=1018), medium="print"),
}

SHEET = """<!doctype html><meta charset="utf-8"><title>{way}</title>
<style>
body {{ margin: 2rem; font: 1rem sans-serif; background: #888; }}
main {{ display: grid; grid-template-columns: repeat(6, 1fr); gap: 1rem; }}
figure {{ margin: 0; }}
figure div {{ height: 22rem; overflow: hidden; }}
img {{ width: 100%; }}
</style>
<h1>{way}</h1><main>{figures}</main>
"""


def main() -> None:
    """Take all pictures and lay out the contact sheets."""
    with (
        tempfile.TemporaryDirectory() as name,
        serve(Settings(instance=Path(name) / "instance", secret_key="only here", debug=True)) as site,
        serve(write_library(Path(name) / "library").settings) as states,
        open_browser() as browser,
    ):
        pages = {name: f"{site}/{{}}/{path}" for name, path in {**PAGES, **LINKS}.items()}
        pages |= {name: f"{states}/{{}}/{path}" for name, path in STATES.items()}
        for way in WAYS:
            pictures = _take_pictures(browser, pages, way)
            click.echo(_lay_out(browser, way, pictures))


def _take_pictures(browser: Browser, pages: Mapping[str, str], way: str) -> list[Path]:
    """Take a picture of each page in each language; in an address, `{}` stands for the language."""
    look = WAYS[way]
    page = browser.new_page(viewport=look.window)
    page.emulate_media(media=look.medium, color_scheme=look.colours, forced_colors=look.forced)
    pictures = [
        _take_picture(page, address.format(language), FOLDER / way / f"{name} {language}.png")
        for name, address in pages.items()
        for language in LANGUAGES
    ]
    page.close()
    return pictures


def _take_picture(page: Page, address: str, path: Path) -> Path:
    page.goto(address)
    page.screenshot(path=path, full_page=True)
    return path


def _lay_out(browser: Browser, way: str, pictures: list[Path]) -> Path:
    figures = "".join(
        f'<figure><div><img src="{escape(f"{way}/{picture.name}")}" alt=""></div>'
        f"<figcaption>{escape(picture.stem)}</figcaption></figure>"
        for picture in pictures
    )
    sheet = FOLDER / f"{way}.html"
    sheet.write_text(SHEET.format(way=way, figures=figures), encoding="utf-8")
    page = browser.new_page(viewport=ViewportSize(width=1800, height=1000))
    page.goto(sheet.as_uri())
    page.screenshot(path=sheet.with_suffix(".png"), full_page=True)
    page.close()
    return sheet.with_suffix(".png")


if __name__ == "__main__":
    main()
