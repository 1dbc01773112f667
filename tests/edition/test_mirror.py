"""What a mirror is made of, that it is the same each time, and that nothing done to it goes unnoticed."""

from __future__ import annotations

import fcntl
import gzip
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from minisign import KeyPair, SecretKey

from constanta.edition.mirror import PUBLIC_KEY, SUMS, Mirror, list_files, write_zip
from constanta.edition.mirror_check import check_mirror
from constanta.edition.pages import Page, file_of, make_variant
from constanta.errors import EditionError
from constanta.locales import parse_language
from constanta.settings import ROOT

PAGES = {
    "/be/": '<html lang="be">\n<head>\n<meta charset="utf-8">\n<style>p{}</style><a href="/be/about/">',
    "/be/about/": '<meta charset="utf-8">\n<a href="/be/newsletter/"><a href="/ru/">',
    "/be/newsletter/": '<meta charset="utf-8">\n<form method="post">',
    "/be/feed.atom": '<link href="/be/"/>',
    "/ru/": '<meta charset="utf-8">\nПрывітанне',
    "/preview/pl/": "pl",
    "/robots.txt": "User-agent: *",
}


def read_tree(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in list_files(folder)}


def put_page(edition: Path, path: str, text: str) -> Page:
    """Put a page into an edition's folder."""
    file = edition / "pages" / file_of(path, "gzip")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(text.encode()))
    kind = "text/html; charset=utf-8" if path.endswith("/") else "application/atom+xml"
    language = path.removeprefix("/preview").split("/")[1]
    plain = make_variant(text.encode())
    return Page(path, language if len(language) == 2 else "", (("Content-Type", kind),), plain, {})


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    """The mirror of a small edition."""
    edition = tmp_path / "edition"
    pages = [put_page(edition, path, text) for path, text in PAGES.items()]
    languages = [parse_language("be"), parse_language("ru")]
    return Mirror(
        edition, "20260101", languages, pages, "https://site.example", ROOT / "templates" / "mirror"
    )


@pytest.fixture
def key() -> SecretKey:
    """A secret key without a passphrase."""
    return KeyPair.generate().secret_key


@pytest.fixture
def written(mirror: Mirror, key: SecretKey, tmp_path: Path) -> Path:
    """A signed mirror on disk."""
    mirror.write(tmp_path / "mirror", key)
    return tmp_path / "mirror"


def test_a_mirror_holds_what_can_be_read_and_how_to_verify_it(written: Path) -> None:
    assert list_files(written) == [
        "HOW-TO-VERIFY.be.txt",
        "HOW-TO-VERIFY.en.txt",
        "HOW-TO-VERIFY.ru.txt",
        "SHA256SUMS",
        "SHA256SUMS.minisig",
        "be/about/index.html",
        "be/feed.atom",
        "be/index.html",
        "index.html",
        "minisign.pub",
        "ru/index.html",
    ]


def test_a_page_links_to_files_and_for_a_form_to_the_site(written: Path) -> None:
    page = (written / "be/about/index.html").read_text(encoding="utf-8")
    assert '<a href="https://site.example/be/newsletter/"><a href="../../ru/index.html">' in page


def test_what_programs_read_stays_as_it_is(written: Path) -> None:
    assert (written / "be/feed.atom").read_text(encoding="utf-8") == PAGES["/be/feed.atom"]


def test_a_page_forbids_itself_everything_but_its_style(written: Path) -> None:
    page = (written / "be/index.html").read_text(encoding="utf-8")
    # The SHA-256 of “p{}”.
    style = "'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='"
    assert f"default-src 'none'; style-src {style}; img-src data:" in page
    assert '<meta name="referrer" content="no-referrer">' in page
    assert '<meta http-equiv="x-dns-prefetch-control" content="off">' in page
    assert page.index("utf-8") < page.index("Content-Security-Policy") < page.index("<style>")


def test_the_same_edition_gives_the_same_bytes(mirror: Mirror, key: SecretKey, tmp_path: Path) -> None:
    for name in ("one", "two"):
        mirror.write(tmp_path / name, key)
        write_zip(tmp_path / name, tmp_path / f"{name}.zip")
        # Neither the order nor the time of files plays a part.
        mirror = replace(mirror, pages=mirror.pages[::-1])
    assert read_tree(tmp_path / "one") == read_tree(tmp_path / "two")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_zip_unpacks_into_a_mirror_that_is_whole(written: Path, tmp_path: Path) -> None:
    write_zip(written, tmp_path / "mirror.zip")
    with zipfile.ZipFile(tmp_path / "mirror.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        archive.extractall(tmp_path / "unpacked")
    unpacked = tmp_path / "unpacked" / "human-constanta"
    check_mirror(unpacked)
    assert read_tree(unpacked) == read_tree(written)


def test_a_new_mirror_takes_the_place_of_the_old_one(mirror: Mirror, written: Path) -> None:
    replace(mirror, pages=mirror.pages[:1]).write(written)
    assert not (written / "ru").exists()
    assert not (written / PUBLIC_KEY).exists()
    check_mirror(written)
    assert [path.name for path in written.parent.iterdir() if path.name.startswith(".")] == []


def test_a_folder_with_other_things_is_not_touched(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(EditionError, match="something else"):
        mirror.write(tmp_path / "home")
    assert read_tree(tmp_path / "home") == {"thesis.txt": b"years of work"}


def test_what_is_no_mirror_though_it_has_sums_stays(mirror: Mirror, tmp_path: Path) -> None:
    isos = tmp_path / "isos"
    isos.mkdir()
    (isos / "debian.iso").write_bytes(b"x")
    (isos / SUMS).write_text(f"{'0' * 64}  debian.iso\n")
    with pytest.raises(EditionError, match="something else"):
        mirror.write(isos)
    assert set(read_tree(isos)) == {"debian.iso", SUMS}


def test_what_somebody_has_put_into_a_mirror_stays(mirror: Mirror, written: Path) -> None:
    (written / "notes.txt").write_text("x")
    with pytest.raises(EditionError, match="something else"):
        mirror.write(written)
    assert "notes.txt" in read_tree(written)


def test_what_a_killed_process_left_goes_away_and_the_old_mirror_does_not(
    mirror: Mirror, written: Path
) -> None:
    before = read_tree(written)
    draft = written.with_name(f".{written.name}.draft")
    (draft / "new" / "be").mkdir(parents=True)
    (draft / "stray").touch()
    written.rename(draft / "old")
    (mirror.folder / "pages" / file_of("/ru/", "gzip")).rename(mirror.folder / "kept")
    with pytest.raises(EditionError, match="not whole"):
        mirror.write(written)
    assert read_tree(written) == before
    (mirror.folder / "kept").rename(mirror.folder / "pages" / file_of("/ru/", "gzip"))
    mirror.write(written)
    assert not draft.exists()


def test_of_two_who_write_the_same_mirror_one_says_so(mirror: Mirror, written: Path) -> None:
    draft = written.with_name(f".{written.name}.draft")
    draft.mkdir()
    handle = os.open(draft, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(EditionError, match="Another process is writing this mirror"):
        mirror.write(written)
    os.close(handle)
    assert mirror.write(written)


def test_a_mirror_that_cannot_be_written_leaves_the_old_one(mirror: Mirror, written: Path) -> None:
    before = read_tree(written)
    (mirror.folder / "pages" / file_of("/ru/", "gzip")).unlink()
    with pytest.raises(EditionError, match="not whole"):
        mirror.write(written)
    assert read_tree(written) == before


@pytest.mark.parametrize(
    "damage",
    [b"no gzip", gzip.compress(b"another page"), gzip.compress(b"cut")[:-4]],
    ids=["no gzip", "another page", "cut off"],
)
def test_a_damaged_page_gets_into_no_mirror(mirror: Mirror, tmp_path: Path, damage: bytes) -> None:
    (mirror.folder / "pages" / file_of("/ru/", "gzip")).write_bytes(damage)
    with pytest.raises(EditionError, match="not whole"):
        mirror.write(tmp_path / "mirror")
    assert not (tmp_path / "mirror").exists()


def test_a_name_in_the_way_of_the_folder_is_told(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EditionError, match="something else"):
        mirror.write(tmp_path / "file")


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("language", ["be", "ru", "en"])
def test_how_to_verify_speaks_of_the_key_where_there_is_one(
    mirror: Mirror, key: SecretKey, tmp_path: Path, language: str, *, signed: bool
) -> None:
    mirror.write(tmp_path / "mirror", key if signed else None)
    text = (tmp_path / "mirror" / f"HOW-TO-VERIFY.{language}.txt").read_text(encoding="utf-8")
    assert "sha256sum --check --quiet SHA256SUMS" in text
    assert "20260101" in text
    assert ("minisign -Vm SHA256SUMS -p minisign.pub" in text) == signed
    assert (key.get_public_key().to_base64().decode() in text) == signed


def test_a_mirror_says_whose_key_it_fits(written: Path, key: SecretKey) -> None:
    checked = check_mirror(written, key.get_public_key())
    assert checked.files == 9
    assert checked.key == key.get_public_key().to_base64().decode()
    assert checked.given
    assert checked.comment == "Human Constanta, edition 20260101"


def test_a_mirror_without_a_signature_is_only_whole(mirror: Mirror, tmp_path: Path, key: SecretKey) -> None:
    mirror.write(tmp_path / "mirror")
    assert check_mirror(tmp_path / "mirror").key is None
    with pytest.raises(EditionError, match="There is no signature"):
        check_mirror(tmp_path / "mirror", key.get_public_key())


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def point_elsewhere(path: Path) -> None:
    copy = path.with_suffix(".elsewhere")
    path.rename(copy)
    copy.rename(path.parents[3] / "elsewhere")
    path.symlink_to(path.parents[3] / "elsewhere")


def point_beside(path: Path) -> None:
    path.rename(path.parent.with_suffix(".beside"))
    path.symlink_to(path.parent.with_suffix(".beside"))


def pipe_elsewhere(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def point_to_a_folder(path: Path) -> None:
    path.symlink_to("/etc")


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("be/more", point_to_a_folder, "be/more: This file is not of the mirror."),
        ("be/about/index.html", append, "be/about/index.html: This file was changed."),
        ("be/about/index.html", Path.unlink, "be/about/index.html: This file is missing."),
        ("be/about/index.html", point_elsewhere, "be/about/index.html: This file was changed."),
        ("be/about/index.html", pipe_elsewhere, "be/about/index.html: This file was changed."),
        ("be/about/new.html", Path.touch, "be/about/new.html: This file is not of the mirror."),
        ("HOW-TO-VERIFY.be.txt", append, "HOW-TO-VERIFY.be.txt: This file was changed."),
        (PUBLIC_KEY, append, "minisign.pub: This file was changed."),
        (PUBLIC_KEY, Path.unlink, "minisign.pub: This file is missing."),
        (SUMS, append, "SHA256SUMS:10: This line is no SHA-256 sum of a file in the mirror."),
        (SUMS, Path.unlink, "SHA256SUMS: This is no mirror"),
        (SUMS, point_beside, "SHA256SUMS: This is no mirror"),
        (SUMS, pipe_elsewhere, "SHA256SUMS: This is no mirror"),
        ("SHA256SUMS.minisig", Path.unlink, "SHA256SUMS.minisig: There is no signature"),
        ("SHA256SUMS.minisig", point_beside, "SHA256SUMS.minisig: There is no signature"),
        ("SHA256SUMS.minisig", append, "SHA256SUMS.minisig: The signature does not fit"),
    ],
)
def test_whatever_is_done_to_a_mirror_is_named(
    written: Path, name: str, change: Callable[[Path], None], said: str
) -> None:
    change(written / name)
    with pytest.raises(EditionError) as error:
        check_mirror(written)
    assert said in str(error.value)


def test_a_mirror_that_was_made_anew_and_signed_by_somebody_else_does_not_fit(
    mirror: Mirror, written: Path, key: SecretKey
) -> None:
    mirror.write(written, KeyPair.generate().secret_key)
    assert not check_mirror(written).given
    with pytest.raises(EditionError, match="signature does not fit"):
        check_mirror(written, key.get_public_key())


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "be/../../outside", "./be/index.html"])
def test_a_list_of_sums_reaches_nothing_outside_of_the_mirror(written: Path, name: str) -> None:
    (written / SUMS).write_text(f"{'0' * 64}  {name}\n", encoding="utf-8")
    with pytest.raises(EditionError, match="no SHA-256 sum of a file in the mirror"):
        check_mirror(written)


def run_minisign(folder: Path, public: Path) -> subprocess.CompletedProcess[str]:
    command = [require("minisign"), "-Vm", SUMS, "-p", str(public)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def require(program: str) -> str:
    path = shutil.which(program)
    assert path, f"These tests need {program}; on Debian: apt-get install {program}"
    return path


def test_minisign_itself_finds_the_signature_good(written: Path) -> None:
    done = run_minisign(written, Path(PUBLIC_KEY))
    assert done.returncode == 0, done.stderr
    assert "Signature and comment signature verified" in done.stdout
    assert "Human Constanta, edition 20260101" in done.stdout


@pytest.mark.parametrize("name", [SUMS, "SHA256SUMS.minisig"])
def test_minisign_itself_notices_what_was_changed(written: Path, name: str) -> None:
    path = written / name
    path.write_text(path.read_text(encoding="utf-8").replace("0", "1"), encoding="utf-8")
    assert run_minisign(written, Path(PUBLIC_KEY)).returncode != 0


def test_sha256sum_itself_finds_every_file_good(written: Path) -> None:
    command = ["sha256sum", "--check", "--strict", "--quiet", SUMS]
    done = subprocess.run(command, cwd=written, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
