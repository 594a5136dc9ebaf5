"""Messages to another address than the member's own: the same text and size, one path (T14)."""

from datetime import timedelta

from allies.crypto import digest
from allies.db import now
from allies.i18n import today
from allies.notifications.models import Delivery, Link
from allies.notifications.service import tell
from allies.people import service
from allies.people.models import Identity, NewEmail, Opened
from tests.notifications.test_sending import token_in

NEW = "anna.nieuw@example.org"


def test_the_link_goes_to_the_new_address_and_looks_like_every_message(deliver, sink, cast, member):
    tell([member("bram")])
    service.ask_new_email(cast.anna, NEW)

    deliver()

    sent = {e.rcpt_tos[0]: m for e, m in zip(sink.envelopes, sink.messages, strict=True)}
    assert set(sent) == {"bram@example.org", NEW}
    assert len({len(e.original_content) for e in sink.envelopes}) == 1
    assert sent[NEW]["Subject"] == sent["bram@example.org"]["Subject"]
    link = Link.get_by_id(digest(token_in(sent[NEW])))
    assert link.new_email_id == NewEmail.get().id
    assert link.ends_at == NewEmail.get().ends_at


def test_from_asking_to_the_last_message_to_the_old_address(deliver, sink, cast, client_of):
    anna = client_of(cast.anna)
    anna.post("/account/email", {"email": NEW})
    deliver()
    secret = token_in(sink.messages[0])
    assert 'value="' + secret in anna.get(f"/n/{secret}").text

    anna.post("/account/email/proof", {"token": secret})
    deliver()

    assert [e.rcpt_tos for e in sink.envelopes] == [[NEW], ["anna@example.org"]]
    assert Identity.get(Identity.user == cast.anna).open("email") == NEW
    assert Link.get_by_id(digest(token_in(sink.messages[1]))).new_email_id is None


def test_an_address_stays_in_the_outbox_no_longer_than_its_message_waits(deliver, sink, cast):
    service.ask_new_email(cast.anna, NEW)
    sink.codes = [451]
    deliver()
    assert Delivery.get().email is not None

    deliver()

    assert Delivery.get().sent_at is not None
    assert Delivery.get().email is None


def test_nothing_goes_to_an_address_that_waits_no_more(deliver, sink, cast):
    for _twice in range(2):  # the second takes the place of the first
        service.ask_new_email(cast.anna, NEW)
    NewEmail.update(ends_at=now() + timedelta(hours=1)).execute()
    deliver()
    assert len(sink.envelopes) == 1

    service.ask_new_email(cast.anna, NEW)
    NewEmail.update(ends_at=now() - timedelta(seconds=1)).execute()
    deliver()
    assert len(sink.envelopes) == 1
    assert not Delivery.waiting().exists()
    assert not Delivery.select().where(Delivery.email.is_null(False)).exists()


def test_every_address_the_sending_job_opens_is_counted(deliver, sink, veere, cast):
    tell(veere.allies)
    service.ask_new_email(cast.anna, NEW)
    sink.codes = [451]

    deliver()
    deliver()

    row = Opened.get_by_id(today())
    assert row.times == len(sink.envelopes) + 1 == 14  # the one refused was opened twice
