from __future__ import annotations

import json
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from constanta.errors import NewsletterError
from constanta.newsletter.seal import (
    PADDED_BYTES,
    Subscription,
    count_recipients,
    open_subscription,
    pad,
    seal_subscription,
)
from constanta.newsletter.tokens import new_token

OPERATOR, RECOVERY = Identity.generate(), Identity.generate()
BOTH = (OPERATOR.to_public(), RECOVERY.to_public())
LONGEST = "a" * 64 + "@" + ("b" * 62 + ".") * 2 + "c" * 60 + ".aa"


@pytest.mark.parametrize("identity", [OPERATOR, RECOVERY], ids=["operator", "recovery"])
def test_both_keys_open_what_was_sealed(identity: Identity) -> None:
    subscription = Subscription("reader@people.example", "be", new_token())
    assert open_subscription(seal_subscription(subscription, BOTH), [identity]) == subscription


def test_another_key_opens_nothing() -> None:
    sealed = seal_subscription(Subscription("reader@people.example", "be", new_token()), BOTH)
    with pytest.raises(NewsletterError, match="cannot be opened"):
        open_subscription(sealed, [Identity.generate()])


@settings(max_examples=30)
@given(st.text("abc", min_size=1, max_size=64), st.sampled_from(["be", "en", "zh-Hant-TW"]))
def test_what_is_encrypted_has_one_length_for_every_address(local: str, language: str) -> None:
    sealed = seal_subscription(Subscription(f"{local}@people.example", language, new_token()), BOTH)
    assert len(pyrage.decrypt(sealed, [OPERATOR])) == PADDED_BYTES


def test_the_longest_address_fits() -> None:
    assert len(LONGEST) == 254
    sealed = seal_subscription(Subscription(LONGEST, "zh-Hant-TW", new_token()), BOTH)
    assert open_subscription(sealed, [RECOVERY]).email == LONGEST


def test_padding_refuses_what_is_too_long() -> None:
    with pytest.raises(ValueError, match="of 8 bytes"):
        pad({"a": "bcdef"}, 8)


def test_what_is_no_subscription_is_not_opened() -> None:
    for inside in (b"[]", b"{}", b"\xff", json.dumps({"email": "a"}).encode()):
        with pytest.raises(NewsletterError):
            open_subscription(pyrage.encrypt(inside, list(BOTH)), [OPERATOR])


@pytest.mark.parametrize("keys", [1, 2, 3])
def test_the_keys_that_open_a_row_are_counted(keys: int) -> None:
    for _ in range(20):  # age puts random stanzas between them
        recipients = [Identity.generate().to_public() for _ in range(keys)]
        assert count_recipients(pyrage.encrypt(b"x", recipients)) == keys


def test_addresses_and_tokens_show_in_no_repr(tmp_path: Path) -> None:
    assert repr(Subscription("reader@people.example", "be", "secret")) == "Subscription(language='be')"
