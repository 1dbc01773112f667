"""The newsletter's forms, and the check that they come from the site's own pages."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError
from flask import current_app, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import Headers
from werkzeug.exceptions import Forbidden
from wtforms import EmailField, StringField
from wtforms.csrf.core import CSRF
from wtforms.validators import StopValidation

from constanta.newsletter.addresses import parse_address
from constanta.newsletter.mail import UnwritableError, write_recipient

if TYPE_CHECKING:
    from wtforms.fields.core import UnboundField
    from wtforms.form import BaseForm

LONGEST_ADDRESS = 254
"""RFC 3696, erratum 1690: the longest address that SMTP can carry."""

ORIGINS = "NEWSLETTER_ORIGINS"
"""The key in Flask's configuration of the origins that the forms are served from; if empty, the request's own host."""

_ROUTES = frozenset("%!")
"""Old mail servers take these in the local part for a route to another host (RFC 1123, 5.2.16)."""


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address, as browsers write them in `Origin` (RFC 6454)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def is_cross_site(headers: Headers, origins: Collection[str]) -> bool:
    """Return whether a browser says that another site made this request.

    `Sec-Fetch-Site` decides where it is sent (Fetch Metadata), `Origin` where not. A request with neither
    comes from a program or a very old browser; as the pages set no cookie, it can do nothing that its sender
    could not do anyway.
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("Origin")
    return origin is not None and origin.lower() not in origins


class SameOrigin(CSRF):
    """Refuses requests from other sites by their headers: no token, no cookie, no field."""

    def setup_form(self, form: BaseForm) -> list[tuple[str, UnboundField[Any]]]:  # noqa: ARG002
        """Add no field to `form`.

        Raises:
            Forbidden: Another site made this request.
        """
        origins = current_app.config[ORIGINS] or {origin_of(request.host_url)}
        if request.method == "POST" and is_cross_site(request.headers, origins):
            raise Forbidden
        return []


class ButtonForm(FlaskForm):
    """A form of one button."""

    class Meta(FlaskForm.Meta):
        """Checked by headers instead of a token."""

        csrf = True
        csrf_class = SameOrigin


class OneAddress:
    """Validates that there is one address that mail can go to, and writes it in one form.

    International domains become punycode (`ascii_email`), so that every mail server can take them.
    """

    def __call__(self, _form: BaseForm, field: EmailField) -> None:
        """Check and rewrite `field`.

        Raises:
            StopValidation: What was sent is not one address.
        """
        text = (field.data or "").strip()
        if not text:
            raise StopValidation(_("Enter your email address."))
        if len(text) > LONGEST_ADDRESS or len(field.raw_data or ()) != 1:
            raise StopValidation(_wrong_address())
        try:
            result = parse_address(text)
        except EmailNotValidError as error:
            raise StopValidation(_wrong_address()) from error
        routed = _ROUTES & set(result.local_part)
        if routed or not result.ascii_email or len(result.ascii_email) > LONGEST_ADDRESS:
            raise StopValidation(_wrong_address())
        try:
            write_recipient(result.ascii_email)
        except UnwritableError as error:
            raise StopValidation(_wrong_address()) from error
        field.data = result.ascii_email


class SignupForm(ButtonForm):
    """The address, and a field that only programs fill in."""

    email = EmailField(validators=[OneAddress()])
    website = StringField()

    @property
    def is_from_program(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.website.data)


def _wrong_address() -> str:
    text: str = _(
        "Check the address: it should look like name@example.org, in Latin letters, and be the only one."
    )
    return text
