"""The settings, read once from the environment into a frozen object."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from constanta.errors import SettingsError, sentence

PREFIX = "CONSTANTA_"
ROOT = Path(__file__).resolve().parent.parent


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


def read_settings(environment: Mapping[str, str], *, debug: bool = False) -> Settings:
    """Return the settings that `environment` names with the prefix `CONSTANTA_`.

    Raises:
        SettingsError: A value cannot be used, or a secret is missing outside debug mode.
    """

    def folder(name: str, default: Path) -> Path:
        return Path(environment.get(PREFIX + name) or default).expanduser().absolute()

    base_url = (environment.get(f"{PREFIX}BASE_URL") or "http://127.0.0.1:5000").rstrip("/")
    if urlsplit(base_url).scheme not in {"http", "https"} or not urlsplit(base_url).hostname:
        raise SettingsError.at(
            None, None, sentence("CONSTANTA_BASE_URL must begin with http:// or https:// and name a host.")
        )
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
    )
