"""E-mail addresses as mail servers take them."""

from __future__ import annotations

from email_validator import ValidatedEmail, validate_email


def parse_address(text: str) -> ValidatedEmail:
    """Return an address in ASCII, its domain in punycode; whether anybody has it is not asked.

    Raises:
        EmailNotValidError: It is none.
    """
    return validate_email(text, check_deliverability=False, strict=True, allow_smtputf8=False)
