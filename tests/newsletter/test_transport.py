from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from constanta.newsletter.transport import (
    ClosedError,
    DeferredError,
    FileTransport,
    RefusedError,
    ServerUnavailableError,
    SmtpTransport,
)
from constanta.settings import NewsletterSettings, SmtpSecurity
from tests.newsletter.parts import Postbox, free_port


@pytest.fixture
def message() -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["To"] = "reader@people.example"
    message["Message-ID"] = "<one@mail.example>"
    message.set_content("Hello\n.\n..dots\n")
    return message


def send(settings: NewsletterSettings, message: EmailMessage, timeout: float = 2) -> None:
    with SmtpTransport(settings, timeout) as transport:
        transport.send(message)


def test_a_mail_arrives_as_it_was_sent(
    smtp: NewsletterSettings, postbox: Postbox, message: EmailMessage
) -> None:
    send(smtp, message)
    assert postbox.recipients == ["reader@people.example"]
    assert postbox.senders == ["news@mail.example"]
    content = postbox.parsed()[0].get_content()
    assert content.replace("\r\n", "\n") == message.get_content()


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("rcpt", "450 {address} later", DeferredError(450)),
        ("rcpt", "550 {address} unknown", RefusedError(550)),
        ("rcpt", "421 closing", ServerUnavailableError(421)),
        ("data", "451 later", DeferredError(451)),
        ("data", "554 no", RefusedError(554)),
        ("mail", "421 closing", ClosedError(421)),
        ("mail", "451 not now", ServerUnavailableError(451)),
        ("mail", "550 this sender may not", ServerUnavailableError(550)),
    ],
)
def test_refusals_are_told_apart(
    smtp: NewsletterSettings,
    postbox: Postbox,
    message: EmailMessage,
    command: str,
    answer: str,
    error: DeferredError | RefusedError,
) -> None:
    setattr(postbox, command, answer)
    with pytest.raises((DeferredError, RefusedError)) as raised:
        send(smtp, message)
    assert repr(raised.value) == repr(error)
    assert postbox.messages == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("mood", ["drop", "hang"])
def test_a_server_that_goes_away_or_falls_silent_is_unavailable(
    smtp: NewsletterSettings, postbox: Postbox, message: EmailMessage, command: str, mood: str
) -> None:
    setattr(postbox, mood, command)
    with pytest.raises(ServerUnavailableError):
        send(smtp, message, timeout=0.2)


def test_a_server_that_is_not_there_is_unavailable(smtp: NewsletterSettings, message: EmailMessage) -> None:
    with pytest.raises(ServerUnavailableError):
        send(replace(smtp, smtp_port=free_port()), message)


def test_no_error_repeats_the_address(
    smtp: NewsletterSettings, postbox: Postbox, message: EmailMessage
) -> None:
    postbox.rcpt = "550 {address} unknown"
    with pytest.raises(RefusedError) as error:
        send(smtp, message)
    assert "people" not in repr(error.value)
    assert error.value.__suppress_context__


def test_starttls_is_never_given_up_for_plain_text(
    smtp: NewsletterSettings, postbox: Postbox, message: EmailMessage
) -> None:
    with pytest.raises(ServerUnavailableError):
        send(replace(smtp, smtp_security="starttls"), message)
    assert postbox.messages == []


REQUEST = (
    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
    *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key, for 127.0.0.1."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    subprocess.run(
        [*REQUEST, "-keyout", str(path), "-out", f"{path}.crt"],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


class PasswordCheck:
    def __call__(self, *arguments: object) -> AuthResult:
        login = arguments[-1]
        assert isinstance(login, LoginPassword)
        return AuthResult(success=login.login == b"site" and login.password == b"secret", handled=False)


@contextmanager
def serve(postbox: Postbox, certificate: Path, security: SmtpSecurity) -> Iterator[int]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    options = (
        {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    )
    controller = Controller(
        postbox,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=PasswordCheck(),
        auth_required=security == "starttls",
        auth_require_tls=security == "starttls",
        **options,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_protected_server_takes_mail_after_the_login(
    settings_for_login: NewsletterSettings,
    postbox: Postbox,
    certificate: Path,
    message: EmailMessage,
    security: SmtpSecurity,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with serve(postbox, certificate, security) as port:
        own = replace(settings_for_login, smtp_port=port, smtp_security=security)
        send(own, message)
        with pytest.raises(ServerUnavailableError) as error:
            send(replace(own, smtp_password="wrong"), message)
    assert error.value.code == 535
    assert len(postbox.messages) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_ends_the_connection(
    settings_for_login: NewsletterSettings,
    postbox: Postbox,
    certificate: Path,
    message: EmailMessage,
    security: SmtpSecurity,
) -> None:
    with serve(postbox, certificate, security) as port, pytest.raises(ServerUnavailableError):
        send(replace(settings_for_login, smtp_port=port, smtp_security=security), message)
    assert postbox.messages == []


@pytest.fixture
def settings_for_login(smtp: NewsletterSettings) -> NewsletterSettings:
    return replace(smtp, smtp_user="site", smtp_password="secret")


def test_in_development_mails_are_files_and_their_text_is_in_the_console(
    tmp_path: Path, message: EmailMessage, capsys: pytest.CaptureFixture[str]
) -> None:
    with FileTransport(tmp_path / "mail") as transport:
        transport.send(message)
    assert (tmp_path / "mail" / "one.eml").read_bytes() == message.as_bytes()
    assert "Hello" in capsys.readouterr().err
