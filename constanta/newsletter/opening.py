"""Opens pulled rows with a private key: drops those who left, and duplicates."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyrage.x25519 import Identity

from constanta.errors import NewsletterError
from constanta.newsletter.pulled import Moment, Pulled
from constanta.newsletter.seal import Subscription, count_recipients, open_subscription
from constanta.newsletter.sources import SealedRow
from constanta.newsletter.tokens import hash_token

_KEYS = 2
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Opened:
    """The subscribers, each once, and what was found on the way.

    Attributes:
        subscriptions: In the order of their oldest confirmation.
        duplicates: How many further rows of the same addresses were left out.
        left: How many rows were left out because their address had unsubscribed.
        unreadable: How many rows no key opens; there should be none.
        strange: How many rows open, but were not written by the site: their token is another, or they are
            sealed to other than two keys; there should be none.
    """

    subscriptions: tuple[Subscription, ...]
    duplicates: int
    left: int
    unreadable: int
    strange: int


def open_pulled(pulled: Pulled, identities: Sequence[Identity]) -> Opened:
    """Open all rows and return the subscribers; strange rows are counted and left out.

    After a change of keys the older rows need the older private key beside the newer one.
    """
    by_address: dict[str, list[tuple[SealedRow, Subscription]]] = {}
    unreadable = strange = 0
    for key in sorted(pulled.rows, key=lambda key: pulled.came[key]):
        row = pulled.rows[key]
        try:
            subscription = open_subscription(row.sealed, identities)
        except NewsletterError:
            unreadable += 1
            continue
        if hash_token(subscription.token) != row.unsubscribe_hash or count_recipients(row.sealed) != _KEYS:
            strange += 1
            continue
        by_address.setdefault(subscription.email.lower(), []).append((row, subscription))
    subscriptions, left, living_rows = [], 0, 0
    for opened in by_address.values():
        living = _living(opened, pulled)
        living_rows += len(living)
        left += sum(row.unsubscribe_hash in pulled.current for row, _ in opened) - len(living)
        if living:
            subscriptions.append(_merge(living))
    return Opened(tuple(subscriptions), living_rows - len(subscriptions), left, unreadable, strange)


def _living(opened: list[tuple[SealedRow, Subscription]], pulled: Pulled) -> list[Subscription]:
    """Return those of one address that are still on the server and came after it last unsubscribed."""
    by_hash = {row.unsubscribe_hash: subscription for row, subscription in opened}
    left_at = max((pulled.gone[key] for key in by_hash if key in pulled.gone), default=Moment(-1, 0))
    return [
        subscription
        for key, subscription in by_hash.items()
        # A row that was left is on the server again where that was restored from an older backup.
        if key in pulled.current and key not in pulled.gone and pulled.came[key] > left_at
    ]


def _merge(living: list[Subscription]) -> Subscription:
    """Return one of several: the oldest token, since mails with it are out there, and the newest language."""
    return Subscription(living[-1].email, living[-1].language, living[0].token)


def as_records(subscriptions: Iterable[Subscription], site: str | None) -> list[dict[str, str]]:
    """Return rows for a mailing program; with the site's address they have whole links to unsubscribe."""
    return [
        {
            "email": one.email,
            "language": one.language,
            "unsubscribe": _link(site, one) if site else one.token,
        }
        for one in subscriptions
    ]


def _link(site: str, one: Subscription) -> str:
    return f"{site.rstrip('/')}/{one.language}/newsletter/unsubscribe/{one.token}"


def format_json(records: list[dict[str, str]]) -> str:
    """Return the records as JSON."""
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


def format_csv(records: list[dict[str, str]]) -> str:
    """Return the records as CSV (RFC 4180); a spreadsheet takes no cell for a formula."""
    text = io.StringIO()
    writer = csv.DictWriter(text, ["email", "language", "unsubscribe"])
    writer.writeheader()
    writer.writerows(map(_escape, records))
    return text.getvalue()


def _escape(record: Mapping[str, str]) -> dict[str, str]:
    """Put an apostrophe before what a spreadsheet would calculate (OWASP, CSV injection)."""
    return {name: f"'{cell}" if cell.startswith(_FORMULA) else cell for name, cell in record.items()}
