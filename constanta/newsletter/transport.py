"""Ways to hand over a mail: an SMTP server, or files in development."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import click

from constanta.settings import NewsletterSettings

_TIMEOUT_SECONDS = 30
_FINAL = 500
_CLOSING = 421


class DeferredError(Exception):
    """This mail cannot go now; `code` is the server's answer, or 0 where it gave none."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(code)
        self.code = code


class RefusedError(Exception):
    """This mail will never be accepted; `code` is the server's answer."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class ServerUnavailableError(DeferredError):
    """No mail can go now: the server is away, or does not accept our name, password or sender."""


class ClosedError(ServerUnavailableError):
    """The server has closed this connection before anything of the mail was sent; over another one it may go."""


class Transport(Protocol):
    """A connection over which mails go."""

    def send(self, message: EmailMessage) -> None:
        """Hand over one mail.

        Raises:
            RefusedError: It will never be accepted.
            DeferredError: It may be accepted later.
            ServerUnavailableError: So may any other; this connection is of no more use.
            ClosedError: The same, and this mail has not been begun.
        """


Connect = Callable[[], AbstractContextManager[Transport]]
"""Opens a transport.

Raises:
    ServerUnavailableError: It cannot be opened now.
"""


class SmtpTransport:
    """A connection to an SMTP server.

    No exception's text is ever passed on: servers repeat the recipient's address in their answers.
    """

    def __init__(self, settings: NewsletterSettings, timeout: float = _TIMEOUT_SECONDS) -> None:
        sender = parseaddr(settings.sender)[1]
        try:
            self._client = _connect(settings, sender, timeout)
        except smtplib.SMTPResponseException as error:
            raise ServerUnavailableError(error.smtp_code) from None
        except (smtplib.SMTPException, OSError):
            raise ServerUnavailableError from None
        self._sender = sender
        self._used = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._client.quit()
        except (smtplib.SMTPException, OSError):
            self._client.close()

    def send(self, message: EmailMessage) -> None:
        """Send one mail; see `Transport.send`."""
        recipient = message["To"].addresses[0].addr_spec
        if self._used:
            self._look()
        self._used = True
        try:
            self._client.sendmail(self._sender, [recipient], message.as_bytes())
        except smtplib.SMTPRecipientsRefused as error:
            raise _judge(error.recipients[recipient][0]) from None
        except smtplib.SMTPDataError as error:
            raise _judge(error.smtp_code) from None
        except smtplib.SMTPResponseException as error:
            kind = ClosedError if error.smtp_code == _CLOSING else ServerUnavailableError
            raise kind(error.smtp_code) from None
        except (smtplib.SMTPException, OSError):
            raise ServerUnavailableError from None

    def _look(self) -> None:
        """See whether the server is still there: of a connection lost later, nobody knows whether the mail was taken."""
        try:
            code = self._client.noop()[0]
        except (smtplib.SMTPException, OSError):
            raise ClosedError from None
        if code == _CLOSING:
            raise ClosedError(code)


class FileTransport:
    """Writes mails into a folder and shows their text in the console, for development."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing is left open."""

    def send(self, message: EmailMessage) -> None:
        """Write one mail as an `.eml` file that mail programs open."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        path = self._folder / f"{name}.eml"
        path.write_bytes(message.as_bytes())
        body = message.get_body(("plain",))
        click.echo(f"\n{path}\n\n{body.get_content() if body else ''}", err=True)


def _connect(settings: NewsletterSettings, sender: str, timeout: float) -> smtplib.SMTP:
    # A name of our own for EHLO: the default asks the network for this machine's name and tells it to the server.
    name = sender.rpartition("@")[2]
    host, port = settings.smtp_host or "", settings.smtp_port
    context = ssl.create_default_context()
    if settings.smtp_security == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(host, port, name, timeout=timeout, context=context)
    else:
        client = smtplib.SMTP(host, port, name, timeout=timeout)
    with ExitStack() as on_error:
        on_error.callback(client.close)
        if settings.smtp_security == "starttls":
            client.starttls(context=context)
        if settings.smtp_user:
            client.login(settings.smtp_user, settings.smtp_password)
        client.ehlo_or_helo_if_needed()
        on_error.pop_all()
    return client


def _judge(code: int) -> DeferredError | RefusedError:
    if code == _CLOSING:
        return ServerUnavailableError(code)
    return RefusedError(code) if code >= _FINAL else DeferredError(code)
