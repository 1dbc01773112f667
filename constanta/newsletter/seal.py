"""Subscriptions sealed with age (age-encryption.org/v1) to two keys that are never on the server."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyrage import DecryptError, decrypt, encrypt
from pyrage.x25519 import Identity, Recipient

from constanta.errors import NewsletterError, Problem, sentence

PADDED_BYTES = 512
"""The length of what is encrypted: an address of 254 characters, a language tag and a token always fit."""

Recipients = tuple[Recipient, Recipient]
"""The public keys of the operator and of offline recovery."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who subscribed, in which language, and the token of the link that unsubscribes."""

    email: str = field(repr=False)
    language: str
    token: str = field(repr=False)


def pad(values: Mapping[str, object], size: int) -> bytes:
    """Return `values` as JSON of exactly `size` bytes, filled with the spaces that JSON allows at its end.

    Raises:
        ValueError: The values are longer than `size`.
    """
    text = json.dumps(values, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    if len(text) > size:
        raise ValueError(f"the values take {len(text)} of {size} bytes")
    return text.ljust(size)


def seal_subscription(subscription: Subscription, recipients: Recipients) -> bytes:
    """Return the subscription encrypted to both recipients; its length says nothing about the address."""
    values = {
        "email": subscription.email,
        "language": subscription.language,
        "token": subscription.token,
    }
    return encrypt(pad(values, PADDED_BYTES), list(recipients))


def open_subscription(sealed: bytes, identities: Sequence[Identity]) -> Subscription:
    """Return what `seal_subscription` sealed, opened with whichever of the private keys fits.

    Raises:
        NewsletterError: No key fits, or what is inside is not a subscription.
    """
    try:
        values = json.loads(decrypt(sealed, identities))
        return Subscription(str(values["email"]), str(values["language"]), str(values["token"]))
    except (DecryptError, ValueError, KeyError, TypeError) as error:
        raise NewsletterError(Problem(sentence("A row cannot be opened with this key."))) from error


def count_recipients(sealed: bytes) -> int:
    """Return how many X25519 keys can open `sealed`, by the stanzas of its header.

    Stanzas with names that end in `-grease` open nothing; age writers add them at random.
    """
    header, _, _ = sealed.partition(b"\n--- ")
    return sum(line.startswith(b"-> X25519 ") for line in header.split(b"\n"))
