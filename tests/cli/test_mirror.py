"""`flask mirror`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo
from minisign import KeyPair

from constanta.cli.mirror import mirror
from constanta.edition.page_index import INDEX
from constanta.edition.publish import publish_edition
from constanta.factory import create_app
from constanta.pages.addresses import describe_website
from tests.conftest import Project


class Terminal:
    """Runs the command in a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.folder = project.folder / "mirror"
        self.base_url = project.settings.base_url

    def run(self, *arguments: str, typed: str = "") -> Result:
        settings = replace(self.project.settings, base_url=self.base_url)
        info = ScriptInfo(create_app=lambda: create_app(settings))
        return CliRunner().invoke(
            mirror, arguments, obj=info, input=typed, env={"LANGUAGE": "", "LC_ALL": "C"}
        )


@pytest.fixture
def terminal(project: Project) -> Terminal:
    """A project with one edition."""
    project.document("publications/one", "Text.", date="2025-01-01")
    settings = replace(project.settings, debug=False)
    publish_edition(settings, describe_website(create_app(settings)))
    return Terminal(project)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A secret key without a passphrase, and its public one beside it."""
    pair = KeyPair.generate()
    (tmp_path / "key").write_bytes(bytes(pair.secret_key))
    (tmp_path / "key.pub").write_bytes(bytes(pair.public_key))
    return tmp_path / "key"


def test_it_writes_the_edition_and_says_where(terminal: Terminal) -> None:
    done = terminal.run(str(terminal.folder))
    assert done.exit_code == 0, done.output
    assert f"pages to {terminal.folder}." in done.output
    page = (terminal.folder / "be/publications/one/index.html").read_text(encoding="utf-8")
    assert 'href="../index.html"' in page
    assert 'href="https://site.example/be/newsletter/"' in page


def test_what_it_wrote_it_finds_whole(terminal: Terminal, secret: Path) -> None:
    terminal.run(str(terminal.folder), "--sign", str(secret))
    done = terminal.run(str(terminal.folder), "--verify", "--json")
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert (told["key_given"], told["comment"][:24]) == (False, "Human Constanta, edition")
    assert terminal.run(str(terminal.folder), "--verify", "--key", f"{secret}.pub").exit_code == 0


def test_it_says_that_a_key_from_the_mirror_proves_little(terminal: Terminal, secret: Path) -> None:
    terminal.run(str(terminal.folder), "--sign", str(secret))
    assert "came with the mirror" in terminal.run(str(terminal.folder), "--verify").output
    checked = terminal.run(str(terminal.folder), "--verify", "--key", f"{secret}.pub")
    assert "came with the mirror" not in checked.output


def test_it_says_that_a_mirror_is_not_signed(terminal: Terminal) -> None:
    terminal.run(str(terminal.folder))
    assert "not signed" in terminal.run(str(terminal.folder), "--verify").output


def test_it_names_what_was_changed_and_ends_with_1(terminal: Terminal) -> None:
    terminal.run(str(terminal.folder))
    (terminal.folder / "be/index.html").write_text("lies", encoding="utf-8")
    done = terminal.run(str(terminal.folder), "--verify")
    assert done.exit_code == 1
    assert "be/index.html: This file was changed." in done.output


def test_a_zip_file_lies_beside_the_folder_and_is_signed_too(terminal: Terminal, secret: Path) -> None:
    terminal.run(str(terminal.folder), "--zip", "--sign", str(secret))
    assert terminal.folder.with_name("mirror.zip").is_file()
    assert terminal.folder.with_name("mirror.zip.minisig").is_file()


def test_the_folder_that_one_stands_in_may_become_a_mirror(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.folder.mkdir()
    monkeypatch.chdir(terminal.folder)
    assert terminal.run(".").exit_code == 0
    assert (terminal.folder / "be" / "index.html").is_file()
    monkeypatch.chdir(terminal.folder.parent)
    done = terminal.run("/")
    assert done.exit_code == 1
    assert "/: There is something else in this place, and it stays. Name a new folder." in done.output


@pytest.mark.parametrize("content", [b"important", b""])
def test_a_zip_file_that_is_none_of_a_mirror_stays(terminal: Terminal, content: bytes) -> None:
    archive = terminal.folder.with_name("mirror.zip")
    archive.write_bytes(content)
    done = terminal.run(str(terminal.folder), "--zip")
    assert done.exit_code == 1
    assert "There is something else in this place, and it stays." in done.output
    assert (archive.read_bytes(), terminal.folder.exists()) == (content, False)


def test_a_mirror_does_not_lie_among_the_editions(terminal: Terminal) -> None:
    folder = terminal.project.settings.editions / "current" / "mirror"
    done = terminal.run(str(folder))
    assert (done.exit_code, folder.exists()) == (1, False)
    assert "A mirror cannot lie among the editions. Name another folder." in done.output


def test_a_signature_without_its_key_is_said(terminal: Terminal) -> None:
    terminal.run(str(terminal.folder))
    (terminal.folder / "SHA256SUMS.minisig").touch()
    done = terminal.run(str(terminal.folder), "--verify")
    assert done.exit_code == 1
    assert "The key is missing. Name one that you got in another way with --key." in done.output


def test_the_signature_of_an_earlier_zip_file_goes_away(terminal: Terminal, secret: Path) -> None:
    terminal.run(str(terminal.folder), "--zip", "--sign", str(secret))
    terminal.run(str(terminal.folder), "--zip")
    assert terminal.folder.with_name("mirror.zip").is_file()
    assert not terminal.folder.with_name("mirror.zip.minisig").exists()


def test_a_mirror_names_the_address_that_its_pages_were_published_for(terminal: Terminal) -> None:
    terminal.run(str(terminal.folder))
    page = (terminal.folder / "be/index.html").read_bytes()
    terminal.base_url = "https://other.example"
    terminal.run(str(terminal.folder))
    assert (terminal.folder / "be/index.html").read_bytes() == page


def test_what_a_link_leads_to_is_not_named_in_its_place(terminal: Terminal) -> None:
    terminal.run(str(terminal.folder))
    page = terminal.folder / "be/index.html"
    page.rename(terminal.folder.with_name("out.html"))
    page.symlink_to(terminal.folder.with_name("out.html"))
    assert (
        "mirror/be/index.html: This file was changed."
        in terminal.run(str(terminal.folder), "--verify").output
    )


def test_a_mirror_goes_to_where_a_link_leads(terminal: Terminal) -> None:
    served = terminal.folder.with_name("served")
    served.mkdir()
    terminal.folder.symlink_to(served)
    for _ in range(2):
        assert terminal.run(str(terminal.folder), "--zip").exit_code == 0
        assert terminal.folder.is_symlink()
        assert (served / "be/index.html").is_file()
    assert terminal.folder.with_name("mirror.zip").is_file()


def test_a_damaged_edition_becomes_no_mirror(terminal: Terminal) -> None:
    index = terminal.project.settings.editions / "current" / INDEX
    data = index.read_bytes()
    index.write_bytes(data[:16384] + bytes(64) + data[16448:])
    done = terminal.run(str(terminal.folder))
    assert done.exit_code == 1
    assert "pages.db: the digest is another" in done.output
    assert not terminal.folder.exists()


def test_it_asks_for_the_passphrase_of_the_key(terminal: Terminal, tmp_path: Path) -> None:
    key = KeyPair.generate().secret_key
    key.encrypt("correct horse")
    (tmp_path / "key").write_bytes(bytes(key))
    wrong = terminal.run(str(terminal.folder), "--sign", str(tmp_path / "key"), typed="battery staple\n")
    assert (wrong.exit_code, terminal.folder.exists()) == (1, False)
    right = terminal.run(str(terminal.folder), "--sign", str(tmp_path / "key"), typed="correct horse\n")
    assert right.exit_code == 0
    assert "correct horse" not in right.output


def test_without_an_edition_it_says_what_to_do(project: Project) -> None:
    done = Terminal(project).run(str(project.folder / "mirror"))
    assert done.exit_code == 1
    assert "Run: flask publish" in done.output


@pytest.mark.parametrize(
    "arguments",
    [("--verify", "--zip"), ("--verify", "--sign", "pyproject.toml"), ("--key", "pyproject.toml")],
)
def test_options_that_do_not_go_together_are_refused(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    assert terminal.run(str(terminal.folder), *arguments).exit_code == 2
