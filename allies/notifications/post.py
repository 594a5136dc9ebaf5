"""Handing a message over: to a mail server, or without one to a folder (the demo).

ALLIES_SMTP_URL names the server:

    smtp://user:password@mail.example.org         port 587, STARTTLS (RFC 6409, RFC 3207)
    smtps://user:password@mail.example.org        port 465, TLS from the start (RFC 8314)
    smtp://127.0.0.1:25?starttls=never            a relay on this machine

With smtp:// the option `starttls` is `offered` (the default: used whenever the
server offers it), `always` (no mail goes out without it) or `never`. The
server's certificate is always checked; a private authority goes in SSL_CERT_FILE.
A password never leaves this machine without TLS. Special characters in user or
password are written as in any web address (%40 for @).
"""

import os
import smtplib
import ssl
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from allies.config import LOCAL_HOSTS
from allies.errors import ConfigError

STEP_SECONDS = 10  # a silent server is left after this long, at every step
PORTS = {"smtp": 587, "smtps": 465}
STARTTLS = ("offered", "always", "never")
FINE = 250
CLOSING = 421  # "service not available, closing transmission channel"
PERMANENT = 500


class Unreachable(Exception):
    """Nothing can be sent now; this is no fault of the message at hand. The text says why."""


class NotTaken(Exception):
    """This one message was not accepted; `is_final` says whether asking again is of any use."""

    def __init__(self, code):
        super().__init__(code)
        self.is_final = code >= PERMANENT


def carrier(settings):
    """What takes our messages. Raises ConfigError for a bad ALLIES_SMTP_URL."""
    if settings.smtp_url:
        return Relay(settings.smtp_url, hello=settings.mail_from.rpartition("@")[2])
    return Folder(settings.instance / "mail")


class Folder:
    """A folder of .eml files that only their owner can read."""

    def __init__(self, path):
        self.path = Path(path)

    def send(self, letter):
        """Write the message whole under its id; the same message again replaces it."""
        file = self.path / f"{letter.id}.eml"
        draft = file.with_suffix(f".{os.getpid()}.part")
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as opened:
                opened.write(letter.content)
            draft.replace(file)
        except OSError as error:
            raise Unreachable(error.strerror or type(error).__name__) from None

    def close(self):
        """Nothing is kept open."""

    def drop(self, ids):
        """Take back the messages with these ids."""
        for each in ids:
            with suppress(OSError):
                (self.path / f"{each}.eml").unlink()

    def forget(self, moment):
        """Drop what was written before this moment."""
        for file in self.path.glob("*.eml"):
            with suppress(OSError):
                if file.stat().st_mtime < moment.timestamp():
                    file.unlink()


class Relay:
    """A mail server (RFC 5321). The connection is kept for a run of messages, until `close`."""

    def __init__(self, url, *, hello, patience=STEP_SECONDS):
        try:
            parts = urlsplit(url)
            options = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
            self.port = parts.port or PORTS[parts.scheme]
            [self.starttls] = options.pop("starttls", ["offered"])
        except (ValueError, KeyError):
            options = {"unknown": [url]}
        if options or not parts.hostname or self.starttls not in STARTTLS:
            raise ConfigError(
                "ALLIES_SMTP_URL must look like smtp://user:password@mail.example.org:587."
            )
        self.host, self.hello, self.is_implicit = parts.hostname, hello, parts.scheme == "smtps"
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.patience = patience
        self.smtp: smtplib.SMTP | None = None

    def send(self, letter):
        """Hand over one message. Raises NotTaken or Unreachable."""
        try:
            smtp = self._connection()
            smtp.sendmail(letter.sender, [letter.recipient], letter.content)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, _text)] = error.recipients.values()
            self._refused(code)
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code >= PERMANENT:  # our own address: a setting, not this message
                raise Unreachable("the sender's address is refused") from None
            self._refused(error.smtp_code)
        except smtplib.SMTPDataError as error:
            self._refused(error.smtp_code)
        except (smtplib.SMTPException, OSError) as error:
            # Its text may quote an address, so only the kind of error goes on.
            self.close()
            raise Unreachable(type(error).__name__) from None

    def close(self):
        """Say goodbye to the server, if there is one to hear it."""
        smtp, self.smtp = self.smtp, None
        if smtp:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()

    def _refused(self, code):
        if code == CLOSING:
            self.close()
            raise Unreachable("the server closes")
        raise NotTaken(code) from None

    def _connection(self):
        """The open connection, or a new one."""
        with suppress(smtplib.SMTPException, OSError):
            if self.smtp and self.smtp.noop()[0] == FINE:
                return self.smtp
        self.smtp = self._connect()
        return self.smtp

    def _connect(self) -> smtplib.SMTP:
        options = {"local_hostname": self.hello, "timeout": self.patience}
        context = ssl.create_default_context()
        smtp: smtplib.SMTP
        if self.is_implicit:
            smtp = smtplib.SMTP_SSL(self.host, self.port, context=context, **options)
        else:
            smtp = smtplib.SMTP(self.host, self.port, **options)
        try:
            if not self.is_implicit:
                self._secure(smtp, context)
            if self.user:
                smtp.login(self.user, self.password)
        except Exception:
            smtp.close()
            raise
        return smtp

    def _secure(self, smtp, context):
        smtp.ehlo()
        is_offered = smtp.has_extn("starttls")
        if self.starttls == "always" or (self.starttls == "offered" and is_offered):
            smtp.starttls(context=context)
        elif self.user and self.host not in LOCAL_HOSTS:
            raise Unreachable("the server offers no TLS, so the password stays here")
