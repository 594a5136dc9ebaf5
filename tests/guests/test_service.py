"""Guests: by function, few, and nothing of them kept longer than it serves (PRODUCT 4.2)."""

from datetime import timedelta

import pytest
import time_machine

from allies import keeping
from allies.audit import AuditLine, AuditNote
from allies.db import now
from allies.errors import DomainError, Refused
from allies.guests import service
from allies.guests.models import Guest
from allies.meetings.models import Meeting
from allies.notifications.models import Delivery, Link

ADDRESS = "burgemeester@example.org"


@pytest.fixture
def meeting(veere):
    return Meeting.create(alliance=veere, starts_at=now() + timedelta(days=20), duration=120)


@pytest.fixture
def invite(meeting, member):
    """invite("burgemeester") puts one on the list; with an address unless email is ""."""

    def put(function="burgemeester", email=ADDRESS):
        return service.invite(meeting, by=member("carla"), function=function, email=email)

    return put


def stored(guest):
    return Guest.get_by_id(guest.id)


def change(meeting, **facts):
    Meeting.update(**facts).where(Meeting.id == meeting.id).execute()


def test_the_address_is_sealed_and_in_no_log(app, invite):
    guest = invite()
    files = b"".join(f.read_bytes() for f in app.config["ALLIES"].instance.glob("allies.db*"))

    assert ADDRESS.encode() not in files
    assert stored(guest).unsealed("email") == ADDRESS
    line = AuditLine.get(AuditLine.action == "guest.invited")
    assert (line.subject, line.note_hash) == (guest.id, "")
    assert not AuditNote.select().where(AuditNote.id == line.id).exists()


def test_a_guest_without_an_address_gets_no_message(invite):
    guest = invite(email="")

    assert guest.email is None
    assert Delivery.select().count() == 0


def test_six_guests_are_enough(invite):
    for number in range(service.MOST):
        invite(f"spreker {number}", email="")
    with pytest.raises(DomainError):
        invite("nog een spreker", email="")


def test_inviting_and_taking_off_again_and_again_is_no_mail_cannon(invite, member):
    for _number in range(service.MOST_A_DAY):
        service.remove(invite(), by=member("carla"))
    with pytest.raises(DomainError):
        invite()
    with time_machine.travel(now() + timedelta(days=1, minutes=1)):
        assert invite().email


def test_sending_again_counts_as_inviting(invite, member):
    for number in range(4):
        guest = invite(f"spreker {number}", email=f"spreker{number}@example.org")
        for _again in range(2):
            service.send_again(guest, by=member("carla"))
    with pytest.raises(DomainError):
        invite("nog een spreker")


def test_the_same_guest_is_on_the_list_once(invite):
    invite()
    with pytest.raises(Refused):
        invite("Burgemeester")


@pytest.mark.parametrize(
    "facts",
    [{"is_draft": True}, {"cancelled_at": now()}, {"starts_at": now() - timedelta(hours=1)}],
)
def test_nobody_is_invited_to_what_is_not_to_come(invite, meeting, member, facts):
    guest = invite()
    change(meeting, **facts)
    with pytest.raises(DomainError):
        invite("spreker")
    with pytest.raises(DomainError):
        service.send_again(stored(guest), by=member("carla"))


def test_sending_again_has_an_end(invite, member):
    guest = invite()
    Delivery.update(sent_at=now()).execute()
    for _time in range(service.MESSAGES_A_DAY - 1):
        service.send_again(guest, by=member("carla"))
        Delivery.update(sent_at=now()).execute()
    with pytest.raises(DomainError):
        service.send_again(guest, by=member("carla"))
    with pytest.raises(DomainError):
        service.send_again(invite("spreker", email=""), by=member("carla"))


def test_one_message_waits_at_a_time(invite, meeting, member):
    guest = invite()
    service.send_again(guest, by=member("carla"))
    service.tell_guests(meeting)

    assert Delivery.select().count() == 1


def test_removing_lets_go_of_address_link_and_waiting_message(invite, member):
    guest, other = invite(), invite("spreker", email="spreker@example.org")
    for each in (guest, other):
        Link.create(
            id=each.id, membership=member("carla"), guest_id=each.id, ends_at=now() + timedelta(1)
        )
    service.remove(guest, by=member("carla"))

    assert not Guest.select().where(Guest.id == guest.id).exists()
    assert [d.guest_id for d in Delivery.select()] == [other.id]
    assert [link.guest_id for link in Link.select()] == [other.id]


# -- the address


def test_the_address_goes_when_the_meeting_has_begun(invite, meeting):
    guest = invite()
    with time_machine.travel(meeting.starts_at - timedelta(minutes=1), tick=False):
        keeping.prune(every_minute=True)
        assert stored(guest).email
    with time_machine.travel(meeting.starts_at + timedelta(minutes=1), tick=False):
        keeping.prune(every_minute=True)

        assert stored(guest).email is None


def test_after_a_cancellation_the_address_goes_as_soon_as_the_message_has_left(invite, meeting):
    guest = invite()
    Delivery.update(sent_at=now()).execute()
    change(meeting, cancelled_at=now())
    service.tell_guests(meeting)
    keeping.prune(every_minute=True)
    assert stored(guest).email
    Delivery.update(sent_at=now()).execute()
    keeping.prune(every_minute=True)

    assert stored(guest).email is None


# -- changes


def test_on_another_day_guests_are_asked_anew(invite, meeting):
    guest = invite()
    service.answer(guest, "yes")
    service.tell_guests(meeting)
    assert stored(guest).answer == "yes"
    service.tell_guests(meeting, asks_anew=True)

    assert stored(guest).answer is None
    assert Delivery.waiting().count() == 1
