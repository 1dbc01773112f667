"""Shows every kind of page at a glance: pictures under `build/screenshots/`, and a contact sheet of each way to look.

Run by `make screenshots`.
"""

from __future__ import annotations

import tempfile
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple

import click
from playwright.sync_api import Browser, Page, ViewportSize

from constanta.settings import ROOT, Settings
from tests.browser.conftest import open_browser, serve
from tests.browser.pages import LANGUAGES, PAGES

FOLDER = ROOT / "build" / "screenshots"

WIDE = ViewportSize(width=1280, height=900)


class Way(NamedTuple):
    """A way to look at a page."""

    window: ViewportSize
    medium: Literal["screen", "print"] = "screen"
    colours: Literal["light", "dark"] = "light"


WAYS = {
    "wide": Way(WIDE),
    "dark": Way(WIDE, colours="dark"),
    "phone": Way(ViewportSize(width=360, height=740)),
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
        tempfile.TemporaryDirectory() as instance,
        serve(Settings(instance=Path(instance), secret_key="only here", debug=True)) as address,
        open_browser() as browser,
    ):
        for way in WAYS:
            pictures = _take_pictures(browser, address, way)
            click.echo(_lay_out(browser, way, pictures))


def _take_pictures(browser: Browser, address: str, way: str) -> list[Path]:
    look = WAYS[way]
    page = browser.new_page(viewport=look.window)
    page.emulate_media(media=look.medium, color_scheme=look.colours)
    pictures = [
        _take_picture(page, f"{address}/{language}/{path}", FOLDER / way / f"{name} {language}.png")
        for name, path in PAGES.items()
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
