from __future__ import annotations

from pathlib import Path

import pytest

from constanta.errors import SettingsError
from constanta.settings import NewsletterSettings, read_newsletter_settings, read_settings


def test_everything_can_be_set() -> None:
    settings = read_newsletter_settings(
        {
            "CONSTANTA_NEWSLETTER_RECIPIENTS": "/etc/constanta/recipients.txt",
            "CONSTANTA_RUNTIME": "/run/site",
            "CONSTANTA_MAIL_FROM": "Навіны <news@site.example>",
            "CONSTANTA_SMTP_HOST": "mail.example",
            "CONSTANTA_SMTP_SECURITY": "tls",
            "CONSTANTA_SMTP_USER": "site",
            "CONSTANTA_SMTP_PASSWORD": " with spaces ",
            "CONSTANTA_NEWSLETTER_HOURLY_BUDGET": "100",
            "CONSTANTA_NEWSLETTER_CLIENT_LIMIT": "5",
        }
    )
    assert settings == NewsletterSettings(
        recipients=Path("/etc/constanta/recipients.txt"),
        runtime=Path("/run/site"),
        sender="Навіны <news@site.example>",
        smtp_host="mail.example",
        smtp_port=465,
        smtp_security="tls",
        smtp_user="site",
        smtp_password=" with spaces ",
        hourly_budget=100,
        client_limit=5,
    )
    assert "with spaces" not in repr(settings)


def test_nothing_need_be_set() -> None:
    assert read_newsletter_settings({}) == NewsletterSettings()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SMTP_SECURITY", "ssl", "starttls or tls"),
        ("SMTP_PORT", "many", "CONSTANTA_SMTP_PORT must be a whole number"),
        ("SMTP_PORT", "65536", "whole number"),
        ("NEWSLETTER_HOURLY_BUDGET", "-1", "whole number"),
        ("NEWSLETTER_CLIENT_LIMIT", "0", "whole number"),
        ("PROXIES", "x", "CONSTANTA_PROXIES must be"),
        ("MAIL_FROM", "nobody", "CONSTANTA_MAIL_FROM must be an"),
    ],
)
def test_a_value_that_cannot_be_used_is_told(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        read_settings({f"CONSTANTA_{name}": value}, debug=True)


def test_mail_goes_unprotected_only_to_this_machine() -> None:
    unprotected = {"CONSTANTA_SMTP_SECURITY": "none"}
    assert read_newsletter_settings({**unprotected, "CONSTANTA_SMTP_HOST": "127.0.0.1"}).smtp_port == 25
    with pytest.raises(SettingsError, match="only for a mail server on this machine"):
        read_newsletter_settings({**unprotected, "CONSTANTA_SMTP_HOST": "mail.example"})
