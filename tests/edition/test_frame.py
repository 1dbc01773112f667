"""What all pages stand on besides the content: where it changes, none of them is taken over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from constanta.edition.frame import digest_frames
from constanta.edition.manifest import Manifest
from constanta.settings import NewsletterSettings, Settings

MANIFEST = Manifest(("be", "ru"), ("be",))


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """The folder of an edition with the catalogs of two languages."""
    for language in ("be", "ru"):
        catalog = tmp_path / "catalogs" / language / "LC_MESSAGES" / "messages.mo"
        catalog.parent.mkdir(parents=True)
        catalog.write_bytes(language.encode())
    return tmp_path


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "https://site.example"},
        {"onion_url": "http://site.onion"},
        {"contact": "person@site.example"},
        {"page_size": 3},
        {"newsletter": NewsletterSettings(recipients=Path("recipients.txt"))},
    ],
    ids=lambda changes: " ".join(changes),
)
def test_a_setting_that_is_seen_on_pages_belongs_to_every_frame(
    edition: Path, changes: dict[str, object]
) -> None:
    before = digest_frames(Settings(), edition, MANIFEST)
    after = digest_frames(replace(Settings(), **changes), edition, MANIFEST)  # type: ignore[arg-type]
    assert before.keys() == after.keys() == {"", "be", "ru"}
    assert not set(before.values()) & set(after.values())


def test_a_setting_that_is_seen_on_no_page_belongs_to_none(edition: Path) -> None:
    other = Settings(secret_key="another", debug=True, instance=Path("/nowhere"), proxies=1)
    assert digest_frames(Settings(), edition, MANIFEST) == digest_frames(other, edition, MANIFEST)


def test_a_catalog_belongs_to_the_frame_of_its_language_and_of_pages_without_one(edition: Path) -> None:
    before = digest_frames(Settings(), edition, MANIFEST)
    (edition / "catalogs/be/LC_MESSAGES/messages.mo").write_bytes(b"another")
    after = digest_frames(Settings(), edition, MANIFEST)
    assert {tag for tag in before if before[tag] != after[tag]} == {"", "be"}


def test_the_languages_that_are_offered_belong_to_every_frame(edition: Path) -> None:
    before = digest_frames(Settings(), edition, MANIFEST)
    after = digest_frames(Settings(), edition, replace(MANIFEST, public=("be", "ru")))
    assert not set(before.values()) & set(after.values())
