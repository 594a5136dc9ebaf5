"""The two texts: neutral, short, and all of one size (TRUST T14, T34)."""

import email
from dataclasses import replace
from email.policy import default
from itertools import product

import pytest

from allies.accounts.models import User
from allies.crypto import token
from allies.db import new_id
from allies.errors import ConfigError
from allies.notifications import mail
from allies.people.models import Identity
from tests.notifications.words import forbidden_in

KINDS = list(product(("nl", "en"), (False, True)))
ADDRESSES = ("a@b.nl", "een.heel.lange.naam@" + "x" * 60 + ".example.org")


@pytest.fixture
def letter(app):
    def compose(address=ADDRESSES[0], locale="nl", is_urgent=False, secret=None, **settings):
        identity = Identity.enrol(User.create(), name="Iemand", email=address)
        return mail.write(
            replace(app.config["ALLIES"], **settings),
            identity,
            message_id=new_id(),
            locale=locale,
            is_urgent=is_urgent,
            token=secret or token(),
        )

    return compose


def parsed(letter):
    return email.message_from_bytes(letter.content, policy=default)


@pytest.mark.parametrize(("locale", "is_urgent"), KINDS)
def test_no_part_of_a_message_says_what_it_is_about(letter, locale, is_urgent):
    message = letter(locale=locale, is_urgent=is_urgent, secret="-" * 22)

    assert forbidden_in(message.content.decode("ascii")) == []


def test_the_list_of_words_finds_what_it_should():
    assert forbidden_in("Een bondgenoot van de Alliantie Veere") == ["bondgeno", "allian", "veere"]


def test_every_message_has_the_same_size_whatever_kind_language_and_address(letter):
    sizes = {
        len(letter(address, locale, is_urgent).content)
        for address, (locale, is_urgent) in product(ADDRESSES, KINDS)
    }

    assert len(sizes) == 1


def test_a_message_has_one_recipient_and_nobody_to_answer_to(letter):
    message = parsed(letter("anna@example.org"))

    assert [a.addr_spec for a in message["To"].addresses] == ["anna@example.org"]
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Filler",
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip
    assert message.get_content_type() == "text/plain"


def test_sender_and_link_come_from_the_settings(letter):
    message = parsed(
        letter(
            public_name="Het Bankje",
            mail_from="noreply@bankje.example",
            base_url="https://bankje.example",
            secret="s" * 22,
        )
    )

    assert message["From"] == "Het Bankje <noreply@bankje.example>"
    assert message["Message-ID"].endswith("@bankje.example>")
    body = message.get_content()
    assert [word for word in body.split() if "/" in word] == [
        "https://bankje.example/n/" + "s" * 22
    ]


def test_a_text_fits_every_screen_and_every_mail_server():
    for subject, text in mail.TEXTS.values():
        assert (subject + text).isascii()
        assert max(map(len, text.splitlines())) <= 78  # RFC 5322 2.1.1


def test_an_unknown_language_gets_dutch(letter):
    assert parsed(letter(locale="fr"))["Subject"] == mail.TEXTS["nl", False][0]


@pytest.mark.parametrize(
    "address",
    ["a@b.nl\r\nBcc: c@d.nl", "a@b.nl\nSubject: x", "a@b.nl, c@d.nl", "a@b.nl> <c@d.nl", "x", ""],
)  # fmt: skip
def test_an_address_can_smuggle_in_no_header_and_no_second_recipient(letter, address):
    with pytest.raises((ValueError, IndexError)):
        letter(address)


def test_a_sender_that_is_no_address_stops_the_start(app):
    with pytest.raises(ConfigError):
        mail.check_sender(replace(app.config["ALLIES"], mail_from="niemand"))
