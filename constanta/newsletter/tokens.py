"""The secrets in links: random, and known to the database only by their hashes."""

from __future__ import annotations

import hashlib
import re
import secrets

_TOKEN_BYTES = 24
_TOKEN = re.compile(f"[0-9a-f]{{{2 * _TOKEN_BYTES}}}")


def new_token() -> str:
    """Return 192 random bits as 48 hexadecimal digits, which neither links nor spreadsheets misread."""
    return secrets.token_hex(_TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Return whether a text has the form of a token, which says nothing of whether anybody has it."""
    return _TOKEN.fullmatch(text) is not None


def hash_token(token: str) -> bytes:
    """Return the SHA-256 of a token; 192 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
