"""The mail that asks to confirm: plain text and simple HTML, the same bytes at every attempt."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from constanta.locales import Language
from constanta.newsletter.outbox import Letter


class UnwritableError(Exception):
    """No mail can be written to this address; nothing of it is said."""


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A header on one line: the standard library would fold a long link, and encode it so that no one finds it."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _EncodedHeader(UnstructuredHeader, BaseHeader):
    """A header in another script: of two encoded words, the standard library loses the space between (RFC 2047, 6.2)."""

    def fold(self, *, policy: Policy) -> str:
        text = Header(str(self), header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {text}{policy.linesep}"


def _mail_policy() -> Policy[EmailMessage]:
    headers = HeaderRegistry()
    for name in ("list-unsubscribe", "message-id"):
        headers.map_to_type(name, _WholeHeader)
    headers.map_to_type("subject", _EncodedHeader)
    # Seven bits are what every mail server passes on unchanged.
    return SMTP.clone(cte_type="7bit", header_factory=headers)


_POLICY = _mail_policy()


def build_message(letter: Letter, *, sender: str, confirm_url: str, unsubscribe_url: str) -> EmailMessage:
    """Return the mail for a letter, in its language; needs an application context.

    Raises:
        UnwritableError: No mail can be written to its address.
    """
    language = Language(letter.language)
    # A context of its own: the reader who signs up may read the site in another language.
    with current_app.app_context(), force_locale(language.locale):
        values = {
            "language": language,
            "link": confirm_url,
            "subject": _("Confirm your email address"),
            "reason": _("Someone, probably you, asked for a newsletter to be sent to this address."),
            "advice": _("If you want to receive it, open this link and press the button:"),
            "limit": _(
                "The link works for 48 hours. If it was not you, do nothing: without the button no newsletter is sent."
            ),
        }
        # Not through Flask: what it gives to every template belongs to a request.
        templates = current_app.jinja_env
        text = templates.get_template("newsletter/mail.txt").render(values)
        html = templates.get_template("newsletter/mail.html").render(values)
    message = _address(letter, sender, str(values["subject"]))
    message["List-Unsubscribe"] = f"<{unsubscribe_url}>"  # RFC 2369
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    for part in message.iter_parts():
        del part["MIME-Version"]  # it belongs to the whole
    # A boundary drawn at random would make each attempt another mail.
    message.set_boundary(hashlib.sha256(letter.message_id.encode()).hexdigest()[:32])
    return message


def write_recipient(email: str) -> Address:
    """Return an address as it stands in a header.

    Raises:
        UnwritableError: The standard library takes a part of it for an encoded word (RFC 2047), and stumbles over it.
    """
    try:
        return Address(addr_spec=email)
    except (ValueError, IndexError, MessageError):
        raise UnwritableError from None


def _address(letter: Letter, sender: str, subject: str) -> EmailMessage:
    name, address = parseaddr(sender)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = write_recipient(letter.email)
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.fromtimestamp(letter.written_at, UTC))
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice answers this
    return message
