"""Test subscriptions that only the operator knows of: when they cannot be opened, the keys were swapped."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from email_validator import EmailNotValidError

from constanta.errors import NewsletterError, Problem, sentence
from constanta.newsletter.addresses import parse_address
from constanta.newsletter.pulled import write_file

_TIMEOUT_SECONDS = 60


def plant_canary(site: str, language: str, email: str) -> None:
    """Sign up an address through the site's own form, as a reader does; its mailbox gets the link.

    Raises:
        NewsletterError: The site did not accept it.
    """
    parts = urlsplit(site)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT_SECONDS)
    except ValueError as error:  # for a port that is no number
        raise NewsletterError(Problem(sentence("The site cannot be reached."))) from error
    try:
        connection.request(
            "POST",
            f"{parts.path.rstrip('/')}/{language}/newsletter/",
            urlencode({"email": email}),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NewsletterError(Problem(sentence("The site cannot be reached."))) from error
    finally:
        connection.close()
    if status != http.HTTPStatus.OK:
        refused = sentence("The site did not accept the address (status %(status)d).", status=status)
        raise NewsletterError(Problem(refused))


def read_canaries(path: Path) -> list[str]:
    """Return the addresses in the operator's list of canaries.

    Raises:
        NewsletterError: The file is no such list.
    """
    if not path.exists():
        return []
    try:
        return [str(email) for email in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        wrong = sentence("This is no list made by flask newsletter canary plant.")
        raise NewsletterError(Problem(wrong, path)) from error


def write_canaries(path: Path, canaries: Sequence[str]) -> None:
    """Write the operator's list of canaries, for its owner alone."""
    write_file(path, json.dumps(canaries, indent=1) + "\n")


def missing_canaries(canaries: Iterable[str], emails: Iterable[str]) -> list[str]:
    """Return the canaries that are not among the addresses that were opened."""
    found = {email.lower() for email in emails}
    return [canary for canary in canaries if _stored_form(canary).lower() not in found]


def _stored_form(email: str) -> str:
    """Return an address as the form writes it: the domain in punycode."""
    try:
        return parse_address(email).ascii_email or email
    except EmailNotValidError:
        return email
