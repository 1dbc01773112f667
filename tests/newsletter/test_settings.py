from __future__ import annotations

from pathlib import Path
from traceback import format_exception

import pytest
from redis import Redis

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
            "CONSTANTA_LIMITS_URL": "rediss://site:secret%40word@store.example:6380/2",
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
        limits_url="rediss://site:secret%40word@store.example:6380/2",
    )
    assert "with spaces" not in repr(settings)
    assert "secret" not in repr(settings)


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
        ("SMTP_USER", "Аня", "may have no letters but Latin ones"),
        ("SMTP_PASSWORD", "пароль", "may have no letters but Latin ones"),
    ],
)
def test_a_value_that_cannot_be_used_is_told(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        read_settings({f"CONSTANTA_{name}": value}, debug=True)


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://127.0.0.1:6379/",
        "redis://[::1]:6379/0",
        "redis://:word@store/3",
        "rediss://user:word@store.example:6379/0?ssl_ca_certs=/etc/ca.pem",
        "rediss://store.example?ssl_certfile=/a.pem&ssl_keyfile=/a.key",
        "unix:///run/redis-limits/redis-server.sock",
        "unix://user:word@/run/store.sock?db=2",
    ],
)
def test_a_store_of_limits_is_an_address_that_the_client_understands(url: str) -> None:
    settings = read_newsletter_settings({"CONSTANTA_LIMITS_URL": f" {url} "})
    assert settings.limits_url == url
    Redis.from_url(url).connection_pool.make_connection()


@pytest.mark.parametrize(
    "url",
    [
        "localhost:6379",
        "http://localhost",
        "REDIS://localhost",
        "redis://",
        "redis:///0",
        "redis://local host",
        "redis://store..example",
        f"redis://{'x' * 64}.example",
        "redis://localhost:port",
        "redis://localhost:65536",
        "redis://localhost/name",
        "redis://localhost/0/1",
        "redis://localhost/0#1",
        "redis://localhost?socket_timeout=1000",
        "rediss://localhost?ssl_cert_reqs=none",
        "redis://localhost?ssl_ca_certs=/etc/ca.pem",
        "unix://",
        "unix://run/store.sock",
        "unix:///run/store.sock?db=one",
        "unix:///run/store.sock?decode_responses=yes",
        "redis://user:hush/word@localhost",
        "redis://user:hush?word@localhost",
    ],
)
def test_an_address_of_a_store_that_cannot_be_used_is_told_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match="CONSTANTA_LIMITS_URL must look like") as error:
        read_newsletter_settings({"CONSTANTA_LIMITS_URL": url})
    assert "hush" not in "".join(format_exception(error.value))


def test_mail_goes_unprotected_only_to_this_machine() -> None:
    unprotected = {"CONSTANTA_SMTP_SECURITY": "none"}
    assert read_newsletter_settings({**unprotected, "CONSTANTA_SMTP_HOST": "127.0.0.1"}).smtp_port == 25
    with pytest.raises(SettingsError, match="only for a mail server on this machine"):
        read_newsletter_settings({**unprotected, "CONSTANTA_SMTP_HOST": "mail.example"})
