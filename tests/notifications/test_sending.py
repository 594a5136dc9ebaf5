"""From outbox to mailbox: once each, again when it failed, not for ever (TRUST R07)."""

import threading
from datetime import timedelta

import pytest

from allies.accounts.models import User
from allies.crypto import digest
from allies.db import atomic, close_connection, database, now, open_connection
from allies.meetings.models import Meeting
from allies.notifications.models import Delivery, Link
from allies.notifications.post import carrier
from allies.notifications.sending import CLAIM, GIVE_UP, LINK_TERM, PAUSES, claim, send_due
from allies.notifications.service import tell
from allies.people.models import Identity
from tests.notifications.conftest import address_of, free_port


@pytest.fixture
def meeting(veere):
    upcoming = Meeting.select().where(Meeting.alliance == veere, Meeting.starts_at > now())
    return upcoming.order_by(Meeting.starts_at).get()


def token_in(message):
    return message.get_content().split("/n/")[1].split()[0]


def link_in(message):
    return Link.get_by_id(digest(token_in(message)))


def test_everybody_told_gets_one_message_of_their_own(deliver, sink, veere):
    tell(veere.allies)

    deliver()
    deliver()

    addresses = [Identity.get(Identity.user == m.user).open("email") for m in veere.allies]
    assert sorted(e.rcpt_tos[0] for e in sink.envelopes) == sorted(addresses)
    assert all(len(e.rcpt_tos) == 1 for e in sink.envelopes)
    assert all(m["To"].addresses[0].addr_spec == e.rcpt_tos[0]
               for m, e in zip(sink.messages, sink.envelopes, strict=True))  # fmt: skip
    assert len({m["Message-ID"] for m in sink.messages}) == len(addresses)
    assert len({token_in(m) for m in sink.messages}) == len(addresses)
    assert len({len(e.original_content) for e in sink.envelopes}) == 1
    assert not Delivery.waiting().exists()


def test_nothing_leaves_before_it_is_due(deliver, sink, member):
    tell([member("anna")])
    due_at = now() + timedelta(seconds=30)
    Delivery.update(due_at=due_at).execute()

    assert deliver(only_due=True) == due_at
    assert sink.envelopes == []


def test_urgent_messages_go_first(deliver, sink, member):
    tell([member("anna")])
    tell([member("bram")], is_urgent=True)

    deliver()

    assert [e.rcpt_tos for e in sink.envelopes] == [["bram@example.org"], ["anna@example.org"]]


def test_a_message_is_in_the_language_of_its_receiver(deliver, sink, cast, member):
    User.update(locale="en").where(User.id == cast.bram.id).execute()
    tell([member("anna"), member("bram")])

    deliver()

    said = {e.rcpt_tos[0]: m["Subject"] for e, m in zip(sink.envelopes, sink.messages, strict=True)}
    assert said == {
        "anna@example.org": "Er staat iets voor u klaar",
        "bram@example.org": "Something is ready for you",
    }


def test_a_message_that_was_refused_for_now_comes_later_as_the_same_message(deliver, sink, member):
    tell([member("anna")])
    identifier = f"<{Delivery.get().id}@localhost>"
    sink.codes = [451]

    again = deliver()
    assert sink.envelopes == []
    assert timedelta(0) < again - now() <= PAUSES[0]
    deliver()
    deliver()

    assert [m["Message-ID"] for m in sink.messages] == [identifier]
    assert Link.select().count() == 1


def test_the_pauses_grow_and_after_a_day_it_ends(deliver, sink, member):
    tell([member("anna")])
    sink.codes = [451] * 100
    pauses = []
    while Delivery.waiting().exists() and len(pauses) < len(PAUSES) + 1:
        deliver()
        pauses.append(Delivery.get().due_at - now())
    assert pauses[:-1] == sorted(pauses[:-1])
    assert Delivery.get().failed_at is None

    Delivery.update(created_at=now() - GIVE_UP + timedelta(minutes=1)).execute()
    deliver()

    assert Delivery.get().failed_at is not None
    assert sink.envelopes == []


def test_a_mailbox_that_does_not_exist_is_asked_once(deliver, sink, member):
    tell([member("anna")])
    sink.codes = [550]

    deliver()
    deliver()

    assert Delivery.get().failed_at is not None
    assert sink.envelopes == []


def test_a_server_that_is_away_costs_no_message_a_try(deliver, sink, veere):
    tell(veere.allies)
    asked = Delivery.select().count()
    for _minute in range(3):
        assert deliver(f"smtp://127.0.0.1:{free_port()}") > now()
    assert Delivery.waiting().count() == asked
    assert Delivery.select().where(Delivery.tries > 0).count() == 0
    assert Link.select().count() == 0

    deliver()

    assert len(sink.envelopes) == asked
    assert len({m["Message-ID"] for m in sink.messages}) == asked


def test_a_flaky_server_gets_everything_once(deliver, sink, veere):
    tell(veere.allies)
    asked = Delivery.select().count()
    sink.codes = [451, 250, 250, 421, 250] * asked
    for _round in range(40):
        deliver()
        if not Delivery.waiting().exists():
            break

    assert len(sink.envelopes) == len({m["Message-ID"] for m in sink.messages}) == asked


def test_two_workers_never_take_the_same_message(with_mail, server, sink, veere):
    for _ in range(4):
        tell(veere.allies, is_urgent=True)
    asked, settings, start = (
        Delivery.select().count(),
        with_mail(address_of(server)),
        threading.Barrier(4),
    )

    def work():
        open_connection()
        start.wait()
        send_due(settings, carrier(settings))
        close_connection()
        database.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(sink.envelopes) == len({m["Message-ID"] for m in sink.messages}) == asked


def test_a_worker_killed_while_sending_leaves_a_claim_that_ends(deliver, sink, member):
    tell([member("anna")], is_urgent=True)
    claimed = claim()
    assert claim() is None

    deliver(only_due=True)
    assert sink.envelopes == []
    assert Delivery.get().due_at > now() + CLAIM - timedelta(seconds=30)
    deliver()

    assert [m["Message-ID"] for m in sink.messages] == [f"<{claimed.id}@localhost>"]


def test_one_bad_address_does_not_hold_up_the_others(deliver, sink, cast, member):
    identity = Identity.get(Identity.user == cast.anna.id)
    broken = Identity.seal("email", cast.anna.id, "geen adres")
    Identity.update(email=broken).where(Identity.id == identity.id).execute()
    tell([member("anna"), member("bram")])

    deliver()

    assert [e.rcpt_tos for e in sink.envelopes] == [["bram@example.org"]]
    assert Delivery.waiting().get().tries == 1


def test_who_may_not_sign_in_any_more_gets_nothing(deliver, sink, cast, member):
    tell([member("anna")])
    User.update(disabled_at=now()).where(User.id == cast.anna.id).execute()

    deliver()

    assert sink.envelopes == []
    assert Delivery.get().failed_at is not None


def test_a_message_about_a_meeting_that_has_begun_is_not_sent(deliver, sink, member, meeting):
    tell([member("anna")], meeting=meeting)
    Meeting.update(starts_at=now()).where(Meeting.id == meeting.id).execute()

    deliver()

    assert sink.envelopes == []


def test_a_link_leads_to_the_answer_page_until_the_meeting_or_to_the_start_for_14_days(
    deliver, sink, member, meeting
):
    tell([member("anna")], meeting=meeting)
    deliver()
    tell([member("anna")])
    deliver()

    first, second = map(link_in, sink.messages)
    assert (first.meeting_id, second.meeting_id) == (meeting.id, None)
    assert LINK_TERM - timedelta(minutes=1) < second.ends_at - now() <= LINK_TERM


def test_only_an_ally_gets_a_link_to_the_answer_page(deliver, sink, member, meeting):
    tell([member("carla")], meeting=meeting)

    deliver()

    assert link_in(sink.messages[0]).meeting_id is None


def test_a_token_is_kept_nowhere(app, deliver, sink, member):
    tell([member("anna")])
    deliver()
    secret = token_in(sink.messages[0]).encode()

    stored = b"".join(f.read_bytes() for f in app.config["ALLIES"].instance.glob("*.db*"))
    assert len(secret) == 22
    assert secret not in stored
    assert digest(secret.decode()).encode() in stored


def test_no_log_line_holds_an_address_or_a_token(deliver, sink, veere, caplog):
    caplog.set_level("DEBUG", logger="allies")
    tell(veere.allies)
    sink.codes = [451, 550, 250, 421]
    deliver()
    deliver(f"smtp://127.0.0.1:{free_port()}")

    said = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("allies"))
    assert "Mail can't be sent now" in said
    assert "@" not in said
    assert "/n/" not in said


def test_a_change_that_is_rolled_back_tells_nobody(deliver, sink, veere):
    def change():
        with atomic():
            tell(veere.allies)
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - our own, two lines up
        change()
    deliver()

    assert sink.envelopes == []
