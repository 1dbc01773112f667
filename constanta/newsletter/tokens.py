"""The secrets in links: random, and known to the database only by their hashes."""

from __future__ import annotations

import hashlib
import secrets

_TOKEN_BYTES = 24


def new_token() -> str:
    """Return 192 random bits as 48 hexadecimal digits, which neither links nor spreadsheets misread."""
    return secrets.token_hex(_TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """Return the SHA-256 of a token; 192 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
