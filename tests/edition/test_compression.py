"""Whatever a page holds, readers unpack the very bytes; and what pages of a kind begin with is compressed once."""

from __future__ import annotations

import gzip
import random
import shutil
import subprocess

import brotlicffi
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from constanta.edition import compression
from constanta.edition.compression import COMPRESSORS, Beginning, divide

DECODERS = {"br": brotlicffi.decompress, "gzip": gzip.decompress}
STYLE = "<style>:root{color-scheme:light dark}body{margin:0}a{color:#3044b8}</style>"
TEXT = "Каля мяжы застаюцца людзі. Людзі застаюцца каля мяжы. "


def begin(encoding: str, data: bytes) -> bytes:
    """Return the compressed beginning of a page."""
    beginning: Beginning = divide(data).beginning
    return {"br": beginning.brotli, "gzip": beginning.deflated}[encoding]


def compress(encoding: str, text: str) -> bytes:
    return COMPRESSORS[encoding](divide(text.encode()))


@pytest.mark.parametrize("encoding", COMPRESSORS)
@settings(max_examples=200)
@given(st.text(), st.text())
@example("", "")
@example(STYLE, "")
@example("", STYLE)
@example(STYLE + STYLE, STYLE)
@example(TEXT * 2000, TEXT * 2000)  # more than brotli's window holds
def test_every_page_comes_out_of_its_compressed_form_as_it_was(encoding: str, start: str, rest: str) -> None:
    page = f"{start}</style>{rest}"
    assert DECODERS[encoding](compress(encoding, page)).decode() == page
    assert DECODERS[encoding](compress(encoding, rest)).decode() == rest


def make_uneven(size: int) -> str:
    """Return a text whose halves differ so much that a compressor begins a new block in the middle if it may."""
    chance = random.Random(size)
    return "".join(chance.choices("ab", k=size // 2)) + chance.randbytes(size).hex()[: size - size // 2]


@pytest.mark.parametrize("encoding", COMPRESSORS)
@pytest.mark.parametrize("size", [*range(1, 60), 4_999, 5_000, 9_998, 9_999, 10_000, 30_001])
def test_a_beginning_of_any_length_is_taken_up_by_what_follows(encoding: str, size: int) -> None:
    page = f"{make_uneven(size)}</style>{TEXT * 20}"
    assert DECODERS[encoding](compress(encoding, page)).decode() == page


def test_a_stream_that_nobody_could_read_is_never_made(monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_uneven(29_000)
    with monkeypatch.context() as patched:
        patched.setattr(compression, "_PIECE", 30_000)
        with pytest.raises(RuntimeError, match="several blocks"):
            compress("gzip", f"{page}</style>")
    monkeypatch.setattr(compression, "_STREAM_OFFSET", 99)  # a library that does not know it
    with pytest.raises(RuntimeError, match="cannot begin"):
        compress("br", page)


@pytest.mark.parametrize("encoding", COMPRESSORS)
def test_pages_of_a_kind_begin_with_the_same_compressed_bytes(encoding: str) -> None:
    one, other = f"<!doctype html>{STYLE}<p>{TEXT}", f"<!doctype html>{STYLE}<title>{TEXT * 9}"
    start = begin(encoding, one.encode())
    assert len(start) > 50
    assert start in compress(encoding, one)[:200]
    assert start in compress(encoding, other)[:200]


def test_the_whole_page_is_about_as_small_as_if_it_had_been_compressed_at_once() -> None:
    words = random.Random(7).choices(
        ["людзі", "мяжы", "права", "дапамога", "шукае", "знайшла", "разам", "дома", "ў", "і", "на"], k=900
    )
    page = f"<!doctype html>{''.join(f'.a{n}{{margin:{n}px}}' for n in range(300))}</style>{' '.join(words)}"
    at_once = brotlicffi.compress(page.encode(), quality=5)
    assert len(compress("br", page)) < 1.05 * len(at_once)
    assert len(compress("gzip", page)) < 1.05 * len(gzip.compress(page.encode()))


def test_gzip_itself_finds_nothing_wrong() -> None:
    tool = shutil.which("gzip")
    assert tool
    page = f"<!doctype html>{STYLE}<p>{TEXT}"
    checked = subprocess.run([tool, "-dc"], input=compress("gzip", page), capture_output=True, check=True)
    assert checked.stdout.decode() == page
    assert checked.stderr == b""
