"""Pages compressed for readers; what many of them begin with is compressed once.

Half of a page is the style of its kind. Both formats are rows of blocks, so what was compressed apart makes one stream
when the earlier part ends on a byte and the later one refers to nothing in it (RFC 7932, 11.2 and 11.3; RFC 1951, 3.2.3).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

import deflate
from brotlicffi._brotlicffi import ffi, lib

_END = b"</style>"
"""Where what a page shares with others ends."""

_WINDOW = 16
"""The logarithm of brotli's window: up to 64 KiB, which few pages have, it searches in a faster way."""

_STREAM_OFFSET = 9
"""`BROTLI_PARAM_STREAM_OFFSET` of `brotli/encode.h`: how many bytes were compressed before."""

_HEADER = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
"""The header of gzip that says neither the time nor the system (RFC 1952, 2.3.1)."""

_FILLING = b"\0\0\xff\xff"
"""An empty stored block after its three bits; it ends on a byte (RFC 1951, 3.2.4)."""

_LAST = b"\x01" + _FILLING

_PIECE = 9_999
"""The most bytes of which libdeflate makes one block: it divides what has twice the least size of one, 5,000."""


class Beginning(NamedTuple):
    """What pages have in common, compressed.

    Attributes:
        size: Its number of bytes.
        brotli: The first part of a brotli stream.
        deflated: The first blocks of a deflate stream.
        check: Its CRC-32.
    """

    size: int
    brotli: bytes
    deflated: bytes
    check: int


class Body(NamedTuple):
    """The bytes of a page: what it has in common with others, and the rest."""

    beginning: Beginning
    rest: bytes


def divide(data: bytes) -> Body:
    """Return a page's bytes in two parts; of what has no style, the first one is empty."""
    end = data.find(_END)
    size = end + len(_END) if end >= 0 else 0
    return Body(_begin(data[:size]), data[size:])


@lru_cache(maxsize=64)
def _begin(data: bytes) -> Beginning:
    begun = _run_brotli(data, 9, 0, lib.BROTLI_OPERATION_FLUSH) if data else b""
    pieces = (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))
    return Beginning(len(data), begun, b"".join(map(_deflate_openly, pieces)), zlib.crc32(data))


def _deflate_openly(data: bytes) -> bytes:
    """Return a block after which others may follow; libdeflate can only make one that is the last.

    Raises:
        RuntimeError: It has made several.
    """
    block = bytearray(deflate.deflate_compress(data, 12))
    block[0] &= 0xFE  # the bit that says that the block is the last
    # The three bits before an empty block are zero, as are those that are left; if too few are, one more byte is needed.
    for blocks in (bytes(block) + _FILLING, bytes(block) + b"\0" + _FILLING):
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        with suppress(zlib.error):
            if inflater.decompress(blocks + _LAST) == data and inflater.eof and not inflater.unused_data:
                return blocks
    raise RuntimeError("libdeflate has made several blocks of a short text")


def _run_brotli(data: bytes, quality: int, offset: int, operation: int) -> bytes:
    """Compress what follows a number of bytes that were compressed before, with brotli's own interface (`brotli/encode.h`).

    Raises:
        RuntimeError: It cannot, for want of memory, say.
    """
    encoder = ffi.gc(
        lib.BrotliEncoderCreateInstance(ffi.NULL, ffi.NULL, ffi.NULL), lib.BrotliEncoderDestroyInstance
    )
    parameters = (
        (lib.BROTLI_PARAM_MODE, lib.BROTLI_MODE_TEXT),
        (lib.BROTLI_PARAM_QUALITY, quality),
        (lib.BROTLI_PARAM_LGWIN, _WINDOW),
        (_STREAM_OFFSET, offset),
    )
    if not encoder or not all(lib.BrotliEncoderSetParameter(encoder, *each) for each in parameters):
        raise RuntimeError("brotli cannot begin")
    room = bytearray(len(data) + len(data) // _ROOM + _ROOM)
    left_in, left_out = ffi.new("size_t *", len(data)), ffi.new("size_t *", len(room))
    next_in, next_out = (ffi.new("uint8_t **", ffi.from_buffer("uint8_t[]", part)) for part in (data, room))
    done = lib.BrotliEncoderCompressStream(encoder, operation, left_in, next_in, left_out, next_out, ffi.NULL)
    if not done or left_in[0] or not left_out[0]:
        raise RuntimeError("brotli cannot go on")
    return bytes(memoryview(room)[: len(room) - left_out[0]])


_ROOM = 1024
"""For how many bytes one more is kept free, and how many besides: brotli itself would be content with a quarter of it."""


def _brotli(body: Body) -> bytes:
    beginning, rest = body
    return beginning.brotli + _run_brotli(rest, 5, beginning.size, lib.BROTLI_OPERATION_FINISH)


def _gzip(body: Body) -> bytes:
    beginning, rest = body
    blocks = beginning.deflated + deflate.deflate_compress(rest, 5)
    check = zlib.crc32(rest, beginning.check).to_bytes(4, "little")
    return _HEADER + blocks + check + (beginning.size + len(rest)).to_bytes(4, "little")


COMPRESSORS: Mapping[str, Callable[[Body], bytes]] = {"br": _brotli, "gzip": _gzip}
"""What makes a page's bytes in each encoding: the same of the same.

The levels give a few per cent less than the highest ones, which take twenty times as long.
"""
