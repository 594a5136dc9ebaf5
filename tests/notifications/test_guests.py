"""A guest's message and the page behind it: the same as everybody's, and theirs alone (T14-T16)."""

from datetime import timedelta

import pytest
import time_machine

from allies.access import close_all
from allies.accounts.models import User
from allies.alliances.models import Membership
from allies.db import database, now
from allies.guests import service
from allies.guests.models import Guest
from allies.keeping import KEPT
from allies.meetings.models import Meeting, Rsvp
from allies.notifications.models import Delivery, Link
from allies.notifications.post import carrier
from allies.notifications.sending import send_due
from allies.notifications.service import keep_quiet, tell, tell_at
from allies.people.models import NewEmail
from allies.rights import leaving
from tests.notifications.test_sending import token_in
from tests.notifications.test_views import Stranger, nothing_there
from tests.walk import content_hash

ADDRESS = "burgemeester@example.org"


@pytest.fixture
def meeting(veere):
    return Meeting.create(alliance=veere, starts_at=now() + timedelta(days=20), duration=120)


@pytest.fixture
def guest(meeting, member):
    return service.invite(meeting, by=member("carla"), function="burgemeester", email=ADDRESS)


@pytest.fixture
def phone(app, guest, deliver, sink):
    """The guest's browser, with the link from the message."""
    deliver()
    [message] = sink.messages
    return Stranger(app.test_client(), f"/n/{token_in(message)}")


def stored(guest):
    return Guest.get_by_id(guest.id)


def change(meeting, **facts):
    Meeting.update(**facts).where(Meeting.id == meeting.id).execute()


def test_a_guest_gets_the_message_that_everybody_gets(guest, deliver, sink, veere, member, cast):
    tell(veere.allies)
    tell([member("daan")], is_urgent=True)
    waiting = NewEmail.create(
        user=cast.anna, email=NewEmail.seal("email", cast.anna.id, "a@example.org"),
        ends_at=now() + timedelta(hours=1),
    )  # fmt: skip
    tell_at("a@example.org", member("anna"), proves=waiting)
    deliver()

    assert len({len(e.original_content) for e in sink.envelopes}) == 1
    to_guest = next(m for m in sink.messages if m["To"] == ADDRESS)
    to_ally = next(m for m in sink.messages if m["To"] == "anna@example.org")
    assert to_guest["Subject"] == to_ally["Subject"]
    texts = {m.get_content().replace(token_in(m), "") for m in (to_guest, to_ally)}
    assert len(texts) == 1
    assert len(token_in(to_guest)) == 22


def test_the_page_of_a_guest_shows_the_day_and_three_buttons_and_no_more(phone, meeting, guest):
    page = phone.get(phone.path)

    assert page.status_code == 200
    assert page.text.count('name="answer"') == page.text.count('aria-pressed="false"') == 3
    for secret in ("Veere", "burgemeester", meeting.id, guest.id, ADDRESS):
        assert secret not in page.text


@pytest.mark.parametrize("answer", ["yes", "maybe", "no"])
def test_a_guest_answers_for_themselves_and_for_nobody_else(phone, guest, answer):
    before = Rsvp.select().count()
    assert phone.answer(answer).status_code == 303

    assert stored(guest).answer == answer
    assert Rsvp.select().count() == before
    assert 'aria-pressed="true"' not in phone.get(phone.path).text


def test_the_link_of_a_guest_signs_nobody_in(phone):
    phone.answer("yes")

    assert phone.get("/").location.startswith("/sign-in")


def test_looking_changes_nothing_for_a_guest_either(app, phone):
    before = content_hash()
    for method in ("GET", "HEAD", "OPTIONS") * 2:
        assert app.test_client().open(phone.path, method=method).status_code == 200

    assert content_hash() == before


def test_after_removal_the_link_is_dead_at_once(app, phone, guest, member):
    fields = {"answer": "yes", "csrf_token": phone.token}
    service.remove(guest, by=member("carla"))

    assert phone.get(phone.path).data == nothing_there(app)
    assert phone.client.post(phone.path, data=fields).status_code == 404


def test_a_guest_taken_off_while_the_message_is_sent_is_passed_over(guest, deliver, sink, caplog):
    """The address is counted as opened first, so that is where somebody removes the guest."""
    database.execute_sql(
        "CREATE TRIGGER removal AFTER INSERT ON opened BEGIN DELETE FROM guest; END"
    )
    deliver()

    assert sink.messages == []
    assert not Delivery.waiting().exists()
    assert not Link.select().where(Link.guest_id == guest.id).exists()
    assert caplog.messages == []


def test_after_removal_no_file_of_the_message_is_left(app, guest, member):
    settings = app.config["ALLIES"]
    send_due(settings, carrier(settings))
    Delivery.update(due_at=now()).where(Delivery.sent_at.is_null()).execute()
    send_due(settings, carrier(settings))
    file = settings.instance / "mail" / f"{Delivery.get().id}.eml"
    assert ADDRESS in file.read_text()
    service.remove(guest, by=member("carla"))

    assert not file.exists()


def test_a_message_to_a_guest_who_is_off_the_list_is_not_sent(guest, deliver, sink):
    Guest.delete().where(Guest.id == guest.id).execute()
    deliver()

    assert sink.envelopes == []
    assert Delivery.get().failed_at is not None


def test_at_the_start_a_guest_is_too_late(app, phone, guest, meeting):
    with time_machine.travel(meeting.starts_at - timedelta(minutes=1), tick=False):
        fields = {"answer": "yes", "csrf_token": phone.token}
    with time_machine.travel(meeting.starts_at, tick=False):
        assert phone.client.post(phone.path, data=fields).status_code == 409
        assert phone.get(phone.path).data == nothing_there(app)
    assert stored(guest).answer is None


# -- the coordinator who invited


@pytest.mark.parametrize("what", ["leaves", "is disabled", "pauses", "loses a phone", "comes back"])
def test_what_becomes_of_the_coordinator_is_not_the_guests_trouble(
    phone, guest, meeting, member, cast, deliver, sink, what
):
    carla = Link.get(Link.guest_id == guest.id).membership
    service.tell_guests(meeting)
    if what == "leaves":
        leaving.leave(carla)
    elif what == "is disabled":
        User.update(disabled_at=now()).where(User.id == carla.user_id).execute()
        close_all(carla.user)
    elif what == "pauses":
        Membership.update(paused_until=now().date()).where(Membership.id == carla.id).execute()
        keep_quiet(carla)
    elif what == "comes back":
        keep_quiet(carla)
    else:
        close_all(carla.user)
    deliver()

    assert [e.rcpt_tos for e in sink.envelopes] == [[ADDRESS]] * 2
    assert phone.answer("yes").status_code == 303
    assert stored(guest).answer == "yes"


def test_guests_are_no_part_of_a_coordinators_own_data(phone, guest, meeting):
    service.tell_guests(meeting)
    user = Link.get(Link.guest_id == guest.id).membership.user

    assert KEPT[Link].export(user) == []
    assert KEPT[Delivery].export(user) == []


# -- a meeting that changes


def test_on_another_day_a_guest_hears_of_it_and_both_links_work(
    app, phone, guest, meeting, deliver, sink
):
    phone.answer("yes")
    later = meeting.starts_at + timedelta(days=30)
    change(meeting, starts_at=later, sequence=1)
    service.tell_guests(meeting, asks_anew=True)
    deliver()

    assert stored(guest).answer is None
    with time_machine.travel(later - timedelta(days=1), tick=False):
        for message in sink.messages:
            assert app.test_client().get(f"/n/{token_in(message)}").status_code == 200


def test_of_what_is_cancelled_a_guest_hears_and_reads_that_it_is_not_on(
    app, phone, guest, meeting, deliver, sink
):
    fields = {"answer": "yes", "csrf_token": phone.token}
    change(meeting, cancelled_at=now())
    service.tell_guests(meeting)
    deliver()

    assert len(sink.envelopes) == 2
    for message in sink.messages:
        page = app.test_client().get(f"/n/{token_in(message)}")
        assert page.status_code == 200
        assert 'name="answer"' not in page.text
        assert "Veere" not in page.text
    assert phone.client.post(phone.path, data=fields).status_code == 409
    assert stored(guest).answer is None
