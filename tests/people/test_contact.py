"""One's own name, number and address: seen and corrected by their owner alone (TRUST T29)."""

from datetime import timedelta

import pytest

from allies import access
from allies.audit import AuditLine
from allies.crypto import digest, token
from allies.db import now
from allies.notifications.models import Delivery, Link
from allies.people import service
from allies.people.models import Identity, NewEmail
from allies.people.service import PROOF_TERM
from allies.people.views import NEW_ADDRESSES
from tests.notifications.words import forbidden_in
from tests.walk import content_hash

NEW = "anna.nieuw@example.org"


def own(user):
    return service.own(user)


@pytest.fixture
def anna(client_of, cast):
    return client_of(cast.anna)


def asked(device, email=NEW, **fields):
    return device.post("/account/email", {"email": email, **fields})


@pytest.fixture
def link(member):
    """link() is the token in the message to Anna's new address, as the sending job makes it."""

    def make(persona="anna", ends_at=None):
        waiting, secret = NewEmail.get(), token()
        Link.create(
            id=digest(secret),
            membership=member(persona),
            new_email_id=waiting.id,
            ends_at=ends_at or waiting.ends_at,
        )
        return secret

    return make


def test_the_owner_sees_their_own_and_nobody_elses(anna, cast):
    text = anna.get("/account/contact").text

    mine, other = own(cast.anna), own(cast.bram)
    assert mine["name"] in text
    assert mine["email"] in text
    assert other["name"] not in text


def test_name_and_number_can_be_corrected(anna, cast):
    answer = anna.post("/account/contact", {"name": "Ánna de Wit", "phone": "06 - 12 34 56 78"})

    assert (answer.status_code, answer.location) == (303, "/account/contact")
    assert own(cast.anna) == {
        "name": "Ánna de Wit", "email": "anna@example.org", "phone": "+31612345678",
    }  # fmt: skip
    row = Identity.get(Identity.user == cast.anna.id)
    assert bytes(row.phone_index) == Identity.keyring.blind_index("+31612345678", "phone")


def test_a_number_can_be_taken_away(anna, cast):
    anna.post("/account/contact", {"name": "Anna", "phone": ""})

    row = Identity.get(Identity.user == cast.anna.id)
    assert (row.phone, row.phone_index) == (None, None)


def test_what_was_not_changed_is_taken_again(anna, cast):
    before = own(cast.anna)
    shown = anna.get("/account/contact").text.split('name="phone"')[1].split('value="')[1]

    answer = anna.post("/account/contact", {"name": before["name"], "phone": shown.split('"')[0]})

    assert answer.status_code == 303
    assert own(cast.anna) == before


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "phone": ""},
        {"name": "a" * 76, "phone": ""},
        {"name": "Anna", "phone": "112"},
        {"name": "Anna", "phone": "bel mij"},
        {"name": "Anna", "phone": "0612345678" * 5},
    ],
)
def test_what_can_not_be_is_shown_again_with_its_text(anna, cast, fields):
    before = own(cast.anna)

    answer = anna.post("/account/contact", fields)

    assert answer.status_code == 422
    assert fields["name"] in answer.text
    assert fields["phone"] in answer.text
    assert own(cast.anna) == before


def test_a_new_address_waits_and_the_old_one_stays(anna, cast):
    answer = asked(anna)

    assert (answer.status_code, answer.location) == (303, "/account/email/proof")
    assert own(cast.anna)["email"] == "anna@example.org"
    assert NewEmail.get().unsealed("email") == NEW
    assert timedelta(0) < NewEmail.get().ends_at - now() <= PROOF_TERM
    delivery = Delivery.get()
    assert delivery.new_email_id == NewEmail.get().id
    assert delivery.unsealed("email") == NEW
    assert anna.get("/account/email/proof").status_code == 200


@pytest.mark.parametrize("email", ["", "anna", "anna@", "a" * 250 + "@example.org"])
def test_what_is_no_address_is_shown_again(anna, email):
    answer = asked(anna, email)

    assert answer.status_code == 422
    assert not NewEmail.select().exists()


def test_an_address_of_somebody_else_is_answered_alike(anna):
    known, unknown = asked(anna, "bram@example.org"), asked(anna, "niemand@example.org")

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert NewEmail.select().count() == 1


def test_nobody_can_have_messages_sent_to_address_after_address(anna, client_of, cast):
    for number in range(NEW_ADDRESSES):
        assert asked(anna, f"iemand{number}@example.org").status_code == 303

    assert asked(anna).status_code == 429
    assert Delivery.select().count() == NEW_ADDRESSES
    assert asked(client_of(cast.bram)).status_code == 303


def test_opening_the_link_changes_nothing_also_not_signed_in(app, anna, link):
    asked(anna)
    path = f"/n/{link()}"
    before = content_hash()

    for device in (anna.client, app.test_client()):
        for method in ("GET", "HEAD", "OPTIONS", "POST"):
            device.open(path, method=method)

    assert content_hash() == before


def test_only_its_owner_signed_in_gets_the_button(app, anna, client_of, cast, link):
    asked(anna)
    path = f"/n/{link()}"

    assert 'action="/account/email/proof"' in anna.get(path).text
    for other in (app.test_client(), client_of(cast.bram).client):
        page = other.get(path)
        assert page.status_code == 200
        assert "/account/email/proof" not in page.text.replace("next=/account/email/proof", "")
        assert forbidden_in(page.text) == []
        assert NEW not in page.text


def test_the_button_takes_the_address_and_tells_the_old_one(anna, cast, link):
    asked(anna)
    Delivery.delete().execute()

    answer = anna.post("/account/email/proof", {"token": link()})

    assert (answer.status_code, answer.location) == (303, "/account/contact")
    assert own(cast.anna)["email"] == NEW
    assert [u.id for u in Identity.users_with_email(NEW.upper())] == [cast.anna.id]
    assert [d.unsealed("email") for d in Delivery.select()] == ["anna@example.org"]
    assert Delivery.get().new_email_id is None
    assert not NewEmail.select().exists()
    assert AuditLine.select().where(AuditLine.action == "account.email-changed").count() == 1


def test_a_mailbox_may_be_shared(anna, cast, link):
    asked(anna, "bram@example.org")
    anna.post("/account/email/proof", {"token": link()})

    users = {u.id for u in Identity.users_with_email("bram@example.org")}
    assert users == {cast.anna.id, cast.bram.id}


def test_a_link_works_once_and_not_after_its_day(anna, cast, link):
    asked(anna)
    secret = link()
    NewEmail.update(ends_at=now() - timedelta(seconds=1)).execute()
    assert anna.get(f"/n/{secret}").status_code == 404
    assert anna.post("/account/email/proof", {"token": secret}).status_code == 409
    NewEmail.update(ends_at=now() + PROOF_TERM).execute()
    assert anna.post("/account/email/proof", {"token": secret}).status_code == 303
    assert anna.post("/account/email/proof", {"token": secret}).status_code == 409
    assert own(cast.anna)["email"] == NEW


def test_a_link_of_an_address_before_the_last_one_proves_nothing(anna, cast, link):
    asked(anna)
    first = link()
    asked(anna, "weer.anders@example.org")

    assert anna.get(f"/n/{first}").status_code == 404
    assert anna.post("/account/email/proof", {"token": first}).status_code == 409
    assert own(cast.anna)["email"] == "anna@example.org"


def test_the_link_of_somebody_else_proves_nothing(anna, client_of, cast, link):
    asked(anna)
    secret, before = link(), own(cast.bram)

    assert client_of(cast.bram).post("/account/email/proof", {"token": secret}).status_code == 409
    assert own(cast.bram) == before
    assert NewEmail.select().count() == 1


@pytest.mark.parametrize("made_up", ["", "x" * 22, "ordinary"])
def test_no_other_token_proves_anything(anna, cast, member, made_up):
    asked(anna)
    if made_up == "ordinary":
        made_up = token()
        Link.create(id=digest(made_up), membership=member("anna"), ends_at=now() + PROOF_TERM)

    assert anna.post("/account/email/proof", {"token": made_up}).status_code == 409
    assert own(cast.anna)["email"] == "anna@example.org"


def test_a_lost_phone_ends_an_address_that_waits(anna, cast):
    asked(anna)

    access.close_all(cast.anna)

    assert not NewEmail.select().exists()
