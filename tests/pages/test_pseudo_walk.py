"""No text of a page escapes translation: in the pseudo-locale, every one is accented."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from babel import Locale

from constanta.catalogs.pseudo import write_pseudo
from constanta.factory import create_app
from constanta.locales import PSEUDO_LANGUAGE
from constanta.settings import Settings
from tests.pages.walking import Reader, walk

_CLDR = Locale("en")
NAMES = re.compile(
    "|".join(
        (
            "Human Constanta|JSON Feed|JSON|CSV",  # the same in every language
            *_CLDR.months["format"]["wide"].values(),
            *(_CLDR.languages[tag] for tag in ("be", "ru", "en")),
        )
    )
)
"""What is not translated, or by CLDR."""

_FOREIGN = re.compile(r"(?:https?:/)?(?:/[\w.:?=&%-]*)+|[\w.:-]+(?:/[\w.:?=&%-]*)+")
_PLAIN = re.compile(r"(?<![^\W\d_])[A-Za-z]*[aeiouyAEIOUY][A-Za-z]*(?![^\W\d_])")
"""A word with a vowel that has no accent."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every page of the site in the pseudo-locale."""
    folder: Path = tmp_path_factory.mktemp("pseudo")
    settings = Settings(instance=folder / "instance", secret_key="only for tests", debug=True)
    write_pseudo(settings, folder / "translations")
    app = create_app(replace(settings, translations=folder / "translations"))
    return walk(app, (PSEUDO_LANGUAGE,))


def test_no_page_holds_a_text_that_cannot_be_translated(pages: dict[str, str]) -> None:
    plain = {
        f"{path}: {text}"
        for path, html in pages.items()
        if path.startswith(f"/{PSEUDO_LANGUAGE}/")
        for lang, text in Reader(html).texts
        if lang == PSEUDO_LANGUAGE and _PLAIN.search(_FOREIGN.sub("", NAMES.sub("", text)))
    }
    assert plain == set()
