"""Handing messages over: TLS, refusals, silent servers, and the folder of the demo."""

import asyncio
import datetime
import ipaddress
import socket
import ssl
import threading
import time

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from allies.db import now
from allies.errors import ConfigError
from allies.notifications import post
from allies.notifications.mail import Letter
from tests.notifications.conftest import address_of, free_port, serve

LETTER = Letter(
    "id0000000000000", "from@example.org", "to@example.org", b"Subject: hoi\r\n\r\nDag\r\n"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The path of a certificate with its key, for 127.0.0.1, that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def start(sink):
    """start(...) runs another mail server; all are stopped in the end."""
    running = []

    def run(**options):
        controller = serve(sink, **options)
        running.append(controller)
        return address_of(controller)

    yield run
    for controller in running:
        controller.stop()


def relay(url, **options):
    return post.Relay(url, hello="example.org", **options)


def test_tls_is_used_when_the_server_offers_it(start, sink, tls, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    carrier = relay(start(tls_context=tls, require_starttls=True))

    carrier.send(LETTER)
    carrier.close()

    assert [e.rcpt_tos for e in sink.envelopes] == [["to@example.org"]]


def test_a_server_nobody_vouches_for_gets_nothing(start, sink, tls):
    carrier = relay(start(tls_context=tls))

    with pytest.raises(post.Unreachable):
        carrier.send(LETTER)
    assert sink.envelopes == []


def test_tls_can_be_demanded_and_switched_off(start, sink, tls):
    plain = start()
    with pytest.raises(post.Unreachable):
        relay(f"{plain}/?starttls=always").send(LETTER)
    assert sink.envelopes == []

    carrier = relay(f"{start(tls_context=tls)}/?starttls=never")
    carrier.send(LETTER)
    carrier.close()
    assert len(sink.envelopes) == 1


def test_tls_from_the_start(start, sink, tls, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    carrier = relay(start(ssl_context=tls).replace("smtp:", "smtps:"))

    carrier.send(LETTER)
    carrier.close()

    assert len(sink.envelopes) == 1


def test_user_and_password_are_unquoted_and_used(start, sink):
    seen = []

    def authenticate(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password))
        return AuthResult(success=True)

    url = start(authenticator=authenticate, auth_require_tls=False)
    carrier = relay(url.replace("//", "//me%40example.org:p%2Fw@"))
    carrier.send(LETTER)
    carrier.close()

    assert seen == [(b"me@example.org", b"p/w")]


def test_a_password_never_leaves_the_machine_without_tls(start):
    carrier = relay(start(host="127.0.0.2").replace("//", "//me:secret@"))

    with pytest.raises(post.Unreachable, match="password"):
        carrier.send(LETTER)


def test_one_connection_carries_many_messages_and_is_renewed_when_lost(server, sink):
    carrier = relay(address_of(server))
    carrier.send(LETTER)
    first = carrier.smtp
    carrier.send(LETTER)
    assert carrier.smtp is first

    first.sock.shutdown(socket.SHUT_RDWR)
    carrier.send(LETTER)
    carrier.close()

    assert len(sink.envelopes) == 3


@pytest.mark.parametrize(("code", "is_final"), [(451, False), (554, True)])
def test_a_refusal_is_of_one_message_and_tells_whether_to_ask_again(server, sink, code, is_final):
    sink.codes = [code]
    carrier = relay(address_of(server))

    with pytest.raises(post.NotTaken) as refusal:
        carrier.send(LETTER)
    carrier.send(LETTER)
    carrier.close()

    assert refusal.value.is_final is is_final
    assert len(sink.envelopes) == 1


def test_a_server_that_is_closing_is_no_fault_of_the_message(server, sink):
    sink.codes = [421]

    with pytest.raises(post.Unreachable):
        relay(address_of(server)).send(LETTER)


def test_nobody_listening_is_noticed_at_once():
    with pytest.raises(post.Unreachable, match="ConnectionRefusedError"):
        relay(f"smtp://127.0.0.1:{free_port()}").send(LETTER)


def test_a_silent_server_is_left_in_time():
    assert relay("smtp://localhost").patience == 10
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(post.Unreachable, match=r"Timeout|Disconnected"):
            relay(f"smtp://127.0.0.1:{silent.getsockname()[1]}", patience=0.3).send(LETTER)

    assert time.monotonic() - began < 2


def test_a_server_that_falls_silent_half_way_is_left_in_time(server, sink):
    released = threading.Event()

    async def hang():
        while not released.is_set():
            await asyncio.sleep(0.05)

    sink.during_data = hang
    try:
        with pytest.raises(post.Unreachable, match=r"Timeout|Disconnected"):
            relay(address_of(server), patience=0.3).send(LETTER)
    finally:
        released.set()


@pytest.mark.parametrize(
    "url",
    ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://a:port", "smtp://a?starttls=x",
     "smtp://a?verify=no", "smtp://a?starttls", "smtp://a?starttls=never&starttls=always"],
)  # fmt: skip
def test_a_bad_address_of_the_server_is_one_line_for_the_operator(url):
    with pytest.raises(ConfigError) as refusal:
        relay(url)
    assert "ALLIES_SMTP_URL" in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "port"),
    [("smtp://mail.example.org", 587), ("smtps://mail.example.org", 465), ("smtp://[::1]:25", 25)],
)
def test_the_port_is_that_of_the_standard_unless_given(url, port):
    assert relay(url).port == port


def test_without_a_server_a_message_is_a_file_for_its_owner_only(tmp_path):
    folder = post.Folder(tmp_path / "mail")
    folder.send(LETTER)
    folder.send(LETTER)

    [file] = folder.path.iterdir()
    assert file.name == f"{LETTER.id}.eml"
    assert file.read_bytes() == LETTER.content
    assert (file.stat().st_mode & 0o777, folder.path.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_folder_that_can_not_be_made_is_an_outage(tmp_path):
    (tmp_path / "mail").write_text("in the way")

    with pytest.raises(post.Unreachable):
        post.Folder(tmp_path / "mail").send(LETTER)


def test_old_files_are_forgotten(tmp_path):
    folder = post.Folder(tmp_path)
    folder.send(LETTER)

    folder.forget(now() - datetime.timedelta(minutes=1))
    assert len(list(tmp_path.iterdir())) == 1
    folder.forget(now() + datetime.timedelta(minutes=1))
    assert list(tmp_path.iterdir()) == []
