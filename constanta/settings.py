"""The settings, read once from the environment into a frozen object."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from constanta.errors import Problem, Sentence, SettingsError, sentence

PREFIX = "CONSTANTA_"
ROOT = Path(__file__).resolve().parent.parent


SmtpSecurity = Literal["starttls", "tls", "none"]

_SMTP_PORTS: Mapping[SmtpSecurity, int] = {"starttls": 587, "tls": 465, "none": 25}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LOGIN = r"(?:[^\s/?#@]*@)?"
_HOST = r"(?:\[[0-9a-fA-F:.]+\]|[\w-]{1,63}(?:\.[\w-]{1,63})*)(?::\d{1,5})?(?:/\d*)?"
_TLS_FILE = r"ssl_(?:ca_certs|certfile|keyfile)=[^\s&#]+"
# No other options, for there are some that take TLS or the time limits away.
_STORE = re.compile(
    rf"redis://{_LOGIN}{_HOST}"
    rf"|rediss://{_LOGIN}{_HOST}(?:\?{_TLS_FILE}(?:&{_TLS_FILE})*)?"
    rf"|unix://{_LOGIN}/[^\s?#]+(?:\?db=\d+)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterSettings:
    """What the newsletter needs; without recipients it accepts nobody.

    Attributes:
        recipients: The file with the two public keys that subscriptions are sealed to.
        runtime: A folder in memory (tmpfs) for the outbox's key and the counters of the limits; debug mode has it
            in the instance folder.
        sender: The address that mail is sent from, with or without a name.
        smtp_host: The mail server; None means that debug mode writes mail to files.
        smtp_port: Its port.
        smtp_security: How the connection is protected; `none` only for a server on this machine.
        smtp_user: The name to log in with; empty means no login.
        smtp_password: The password to log in with.
        hourly_budget: How many signups all readers together may make in an hour.
        client_limit: How many signups one client may make in ten minutes.
        limits_url: The Redis or Valkey server in whose memory nodes count signups together; None means that each
            counts for itself.
    """

    recipients: Path | None = None
    runtime: Path | None = None
    sender: str = "newsletter@localhost.localdomain"
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_security: SmtpSecurity = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    hourly_budget: int = 600
    client_limit: int = 10
    limits_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that may differ from one installation to another.

    Attributes:
        root: The project's folder, with `templates/`, `static/` and `babel.cfg`.
        instance: The folder for what the site makes itself: editions, subscribers, development keys.
        content: The folder of documents.
        translations: The folder of catalogs.
        database_url: The subscribers' database, as an SQLAlchemy URL; None means SQLite in `instance`.
        base_url: The public address without a final slash, for feeds, sitemaps and mail.
        secret_key: Flask's secret key; made at random for each start in debug mode.
        debug: Whether saved files are seen at the next page load.
        page_size: How many publications stand on one page of a listing.
        preview_share: The share (0 to 1) of current interface messages from which a language joins the switcher.
        hosts: The names that the site answers to; all where none are given.
        onion_url: The site's address as an onion service, without a final slash.
        contact: The e-mail address of a person for readers' questions, shown at the foot of every page.
        security_contact: Whom to tell of a security hole, as an address (`mailto:…`, `https://…`) for `security.txt`.
        proxies: How many trusted proxies stand before the site; only what they say of a client's address is believed.
        newsletter: What the newsletter needs.
    """

    root: Path = ROOT
    instance: Path = ROOT / "instance"
    content: Path = ROOT / "content"
    translations: Path = ROOT / "translations"
    database_url: str | None = None
    base_url: str = "http://127.0.0.1:5000"
    secret_key: str = field(default="", repr=False)
    debug: bool = False
    page_size: int = 10
    preview_share: float = 0.8
    hosts: tuple[str, ...] = ()
    onion_url: str | None = None
    contact: str | None = None
    security_contact: str | None = None
    proxies: int = 0
    newsletter: NewsletterSettings = NewsletterSettings()

    @property
    def editions(self) -> Path:
        """The folder of editions."""
        return self.instance / "editions"


def read_settings(environment: Mapping[str, str], *, debug: bool = False) -> Settings:
    """Return the settings that `environment` names with the prefix `CONSTANTA_`.

    Raises:
        SettingsError: A value cannot be used, or a secret is missing outside debug mode.
    """

    def folder(name: str, default: Path) -> Path:
        return Path(environment.get(PREFIX + name) or default).expanduser().absolute()

    base_url = _site_url("BASE_URL", environment.get(f"{PREFIX}BASE_URL") or "http://127.0.0.1:5000")
    onion_url = environment.get(f"{PREFIX}ONION_URL")
    onion_url = _site_url("ONION_URL", onion_url) if onion_url else None
    hosts = environment.get(f"{PREFIX}HOSTS", "").lower().split()
    secret_key = environment.get(f"{PREFIX}SECRET_KEY") or ""
    if not secret_key:
        if not debug:
            raise SettingsError.at(
                None,
                None,
                sentence(
                    "CONSTANTA_SECRET_KEY is not set. Set it to a long random text, for example the output of: "
                    'python3 -c "import secrets; print(secrets.token_hex(32))"'
                ),
            )
        secret_key = secrets.token_hex(32)
    return Settings(
        instance=folder("INSTANCE", ROOT / "instance"),
        content=folder("CONTENT", ROOT / "content"),
        translations=folder("TRANSLATIONS", ROOT / "translations"),
        database_url=environment.get(f"{PREFIX}DATABASE_URL") or None,
        base_url=base_url,
        secret_key=secret_key,
        debug=debug,
        hosts=_complete_hosts(hosts, base_url),
        onion_url=onion_url,
        contact=_matching(
            _MAIL,
            environment.get(f"{PREFIX}CONTACT", ""),
            sentence("CONSTANTA_CONTACT must be an e-mail address."),
        ),
        security_contact=_matching(
            _REACH,
            environment.get(f"{PREFIX}SECURITY_CONTACT", ""),
            sentence("CONSTANTA_SECURITY_CONTACT must begin with mailto: or https://."),
        ),
        proxies=_count("PROXIES", environment.get(f"{PREFIX}PROXIES", "").strip(), 0, least=0),
        newsletter=read_newsletter_settings(environment),
    )


def _site_url(name: str, text: str) -> str:
    """Return the address of a site without a slash at its end; the site has a whole host to itself."""
    url = text.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        root = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        root = ""
    if not _SITE.fullmatch(root) or root != url.lower():
        wrong = sentence(
            "%(name)s must begin with http:// or https:// and name a host, and nothing after it.",
            name=PREFIX + name,
        )
        raise _unusable(wrong)
    return root


_SITE = re.compile(r"https?://(?:\[[0-9a-f:.]+\]|[\w-]+(?:\.[\w-]+)*)(?::\d+)?")


def _complete_hosts(hosts: Sequence[str], base_url: str) -> tuple[str, ...]:
    """Return the names that the site answers to: where some are given, that of its public address is one of them."""
    own = urlsplit(base_url).hostname or ""
    return tuple(dict.fromkeys([*hosts, own])) if hosts else ()


def read_newsletter_settings(environment: Mapping[str, str]) -> NewsletterSettings:
    """Return the newsletter's part of the settings.

    Raises:
        SettingsError: A value cannot be used.
    """
    default = NewsletterSettings()

    def text(name: str) -> str:
        return environment.get(PREFIX + name, "").strip()

    host, security = text("SMTP_HOST") or None, text("SMTP_SECURITY") or default.smtp_security
    if security not in get_args(SmtpSecurity) or (security == "none" and host and host not in _LOOPBACK):
        raise _unusable(
            sentence(
                "CONSTANTA_SMTP_SECURITY must be starttls or tls; none is allowed only for a mail server on "
                "this machine."
            )
        )
    security = cast("SmtpSecurity", security)
    user, password = text("SMTP_USER"), environment.get(f"{PREFIX}SMTP_PASSWORD", "")
    if not f"{user}{password}".isascii():
        raise _unusable(
            sentence("CONSTANTA_SMTP_USER and CONSTANTA_SMTP_PASSWORD may have no letters but Latin ones.")
        )
    return NewsletterSettings(
        recipients=Path(recipients).expanduser().absolute()
        if (recipients := text("NEWSLETTER_RECIPIENTS"))
        else None,
        runtime=Path(runtime).absolute() if (runtime := text("RUNTIME")) else None,
        sender=_sender(text("MAIL_FROM") or default.sender),
        smtp_host=host,
        smtp_port=_count("SMTP_PORT", text("SMTP_PORT"), _SMTP_PORTS[security]),
        smtp_security=security,
        smtp_user=user,
        smtp_password=password,
        hourly_budget=_count(
            "NEWSLETTER_HOURLY_BUDGET", text("NEWSLETTER_HOURLY_BUDGET"), default.hourly_budget
        ),
        client_limit=_count("NEWSLETTER_CLIENT_LIMIT", text("NEWSLETTER_CLIENT_LIMIT"), default.client_limit),
        limits_url=_limits_url(text("LIMITS_URL")),
    )


def _unusable(text: Sentence) -> SettingsError:
    return SettingsError(Problem(text))


def _count(name: str, text: str, default: int, least: int = 1) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and least <= int(text) < 65_536):
        wrong = sentence(
            "%(name)s must be a whole number from %(least)d to 65535.", name=PREFIX + name, least=least
        )
        raise _unusable(wrong)
    return int(text)


def _matching(pattern: re.Pattern[str], text: str, wrong: Sentence) -> str | None:
    text = text.strip()
    if text and not pattern.fullmatch(text):
        raise _unusable(wrong)
    return text or None


_MAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_REACH = re.compile(r"(?:mailto:[^\s@]+@[^\s@]+|https://[^\s/]+\S*)")


def _sender(text: str) -> str:
    name, address = parseaddr(text)
    try:
        return str(Address(name, addr_spec=address))
    except (ValueError, HeaderParseError) as error:
        wrong = sentence("CONSTANTA_MAIL_FROM must be an e-mail address, with or without a name before it.")
        raise _unusable(wrong) from error


def _limits_url(text: str) -> str | None:
    if not text:
        return None
    # Not repeated, for a password may stand in it.
    wrong = sentence(
        "CONSTANTA_LIMITS_URL must look like redis://localhost:6379/0, "
        "rediss://user:password@host:6379/0?ssl_ca_certs=/path or unix:///run/store.sock?db=0. Special characters in "
        "a password must be percent-encoded; other options are not allowed."
    )
    if not _STORE.fullmatch(text):
        raise _unusable(wrong)
    try:
        urlsplit(text).port  # noqa: B018
    except ValueError as error:
        raise _unusable(wrong) from error
    return text
