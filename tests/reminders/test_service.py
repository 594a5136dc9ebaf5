"""Reminders: whom, when on the clock, once each, and not at a silly moment (PRODUCT 4.2, R10)."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from allies.accounts.models import User
from allies.alliances.models import Membership
from allies.audit import AuditLine
from allies.db import atomic, now
from allies.errors import DomainError, Refused
from allies.i18n import ZONE, local, today
from allies.meetings import answering
from allies.meetings.models import Meeting, Rsvp
from allies.notifications.models import Delivery
from allies.reminders import service
from allies.reminders.models import BY_HAND, Reminder
from allies.reminders.planned import CHOICES, Plan, moment_before
from tests.at_once import at_once

SUMMER, WINTER = date(2027, 3, 28), date(2027, 10, 31)  # when the clock changes


def wall(year, month, day, hour=19, minute=30):
    """A moment on the clock of Walcheren."""
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


START = wall(2027, 6, 24)


@pytest.fixture
def make(veere):
    """make(starts_at, days) is a meeting in Veere with its reminders."""

    def meeting_with(starts_at=START, days=(14, 3), **facts):
        meeting = Meeting.create(alliance=veere, starts_at=starts_at, duration=120, **facts)
        for day in days:
            Reminder.create(meeting=meeting, days_before=day)
        return meeting

    return meeting_with


def at(*moment):
    return time_machine.travel(wall(*moment), tick=False)


def told(meeting):
    return sorted(
        d.membership.alias for d in Delivery.select().where(Delivery.meeting_id == meeting.id)
    )


def aliases(members):
    return sorted(m.alias for m in members)


# -- when


@pytest.mark.parametrize("change", [SUMMER, WINTER])
@pytest.mark.parametrize("days", CHOICES)
def test_half_past_seven_stays_half_past_seven_over_a_change_of_the_clock(make, change, days):
    for shift in range(-1, 23):
        day = change + timedelta(days=shift)
        meeting = make(wall(day.year, day.month, day.day), days=())
        moment = local(moment_before(meeting, days))

        assert moment.date() == day - timedelta(days=days)
        assert (moment.hour, moment.minute) == (19, 30)


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [(6, 59, (21, 7, 0)), (7, 0, (21, 7, 0)), (21, 59, (21, 21, 59)), (22, 0, (22, 7, 0)),
     (23, 30, (22, 7, 0)), (0, 15, (21, 7, 0))],
)  # fmt: skip
def test_what_would_come_in_the_night_waits_for_the_morning(make, hour, minute, said):
    moment = local(moment_before(make(wall(2027, 6, 24, hour, minute), days=()), 3))

    assert (moment.day, moment.hour, moment.minute) == said


def test_a_wall_time_that_does_not_exist_is_no_trouble(make):
    meeting = make(wall(2027, 3, 31, 2, 30), days=())

    assert local(moment_before(meeting, 3)) == datetime(2027, 3, 28, 7, tzinfo=ZONE)


# -- whom


def test_only_who_has_not_answered_and_takes_part_is_reminded(make, veere, member):
    meeting, allies = make(), list(veere.allies)
    for ally, answer in zip(allies, ("yes", "no", "maybe"), strict=False):
        Rsvp.create(meeting=meeting, membership=ally, answer=answer)
    with at(2027, 6, 10):
        paused = Membership.update(paused_until=today()).where(Membership.id == allies[3].id)
        assert paused.execute() == 1
        service.send_due()

        assert told(meeting) == aliases(allies[4:])


def test_coordinators_partners_and_other_alliances_hear_nothing(make, veere):
    meeting = make()
    with at(2027, 6, 10):
        service.send_due()

    assert told(meeting) == aliases(veere.allies)
    assert Delivery.select().count() == veere.allies.count()


def test_who_answers_while_the_message_waits_does_not_get_it(make, veere, member):
    meeting = make()
    with at(2027, 6, 10):
        service.send_due()
        answering.answer(meeting, by=member("anna"), answer="no")

    assert told(meeting) == aliases(m for m in veere.allies if m.id != member("anna").id)


# -- once


def test_each_reminder_goes_once(make, veere):
    meeting = make()
    for day in range(9, 24):
        for hour in (19, 20, 21):
            with at(2027, 6, day, hour, 31):
                service.send_due()

    assert Delivery.select().where(Delivery.meeting_id == meeting.id).count() == (
        2 * veere.allies.count()
    )


def test_nothing_goes_a_minute_before_its_time(make):
    make()
    with at(2027, 6, 10, 19, 29):
        service.send_due()

        assert Delivery.select().count() == 0


def test_two_workers_remind_once(make, veere):
    """Both have seen the reminder; the update lets one through."""
    meeting = make()
    due = Reminder.get(Reminder.meeting == meeting.id, Reminder.days_before == 14)
    with at(2027, 6, 10):
        at_once([lambda: service.send(due)] * 4)

    assert told(meeting) == aliases(veere.allies)


@pytest.mark.parametrize("repeat", range(3))
def test_reminders_of_many_meetings_go_while_others_keep_writing(make, veere, repeat):
    meetings, is_over = [make() for _ in range(15)], threading.Event()

    def write_all_along():
        while not is_over.wait(0.0001):
            User.create()

    def send_due():
        try:
            service.send_due()
        finally:
            is_over.set()
        return "sent"

    with at(2027, 6, 10):
        sent, _none = at_once([send_due, write_all_along])

    assert sent == "sent"
    assert [len(told(m)) for m in meetings] == [veere.allies.count()] * 15


def test_killed_half_way_nothing_has_happened_and_it_goes_later(make, veere):
    meeting = make()
    with at(2027, 6, 10):
        reminder = Reminder.get(Reminder.meeting == meeting.id, Reminder.days_before == 14)
        with atomic() as killed:
            service.send(reminder)
            killed.rollback()
        assert Delivery.select().count() == 0
        service.send_due()

        assert told(meeting) == aliases(veere.allies)


# -- not


@pytest.mark.parametrize("facts", [{"is_draft": True}, {"cancelled_at": now()}])
def test_a_draft_and_a_cancelled_meeting_remind_nobody(make, facts):
    make(**facts)
    with at(2027, 6, 10):
        service.send_due()

    assert Delivery.select().count() == 0


def test_a_meeting_that_has_begun_reminds_nobody(make):
    meeting = make(wall(2027, 6, 24, 6, 30), days=(1,))
    with time_machine.travel(meeting.starts_at, tick=False):
        service.send_due()

    assert Delivery.select().count() == 0


@pytest.mark.parametrize(("hours", "goes"), [(1, True), (23, True), (24, False), (50, False)])
def test_what_an_outage_held_up_goes_within_a_day_and_never_later(make, veere, hours, goes):
    meeting = make(days=(10,))
    with time_machine.travel(wall(2027, 6, 14) + timedelta(hours=hours), tick=False):
        service.send_due()

    assert bool(told(meeting)) is goes


@pytest.mark.parametrize(("hour", "goes"), [(21, True), (22, False), (3, False), (7, True)])
def test_after_an_outage_nobody_is_woken(make, hour, goes):
    meeting = make(days=(10,))
    with at(2027, 6, 14 if hour > 12 else 15, hour, 40 if hour > 12 else 0):
        service.send_due()

    assert bool(told(meeting)) is goes


# -- a meeting that moves


def move(meeting, starts_at):
    Meeting.update(starts_at=starts_at, sequence=Meeting.sequence + 1).where(
        Meeting.id == meeting.id
    ).execute()


def test_a_reminder_follows_a_meeting_that_moves(make):
    meeting = make(days=(3,))
    move(meeting, wall(2027, 7, 1, 20, 0))
    with at(2027, 6, 21):
        service.send_due()
        assert told(meeting) == []
    with at(2027, 6, 28, 20, 0):
        service.send_due()
        assert len(told(meeting)) > 0


def test_what_was_sent_for_the_old_day_goes_again_for_the_new_one(make, veere):
    meeting = make(days=(3,))
    with at(2027, 6, 21):
        service.send_due()
    move(meeting, wall(2027, 7, 1))
    with at(2027, 6, 28):
        service.send_due()

    assert told(meeting) == sorted(2 * aliases(veere.allies))


def test_on_another_hour_of_the_same_day_it_does_not_go_again(make, veere):
    meeting = make(days=(3,))
    with at(2027, 6, 21):
        service.send_due()
        move(meeting, wall(2027, 6, 24, 21, 0))
    with at(2027, 6, 21, 21, 0):
        service.send_due()

    assert told(meeting) == aliases(veere.allies)


# -- starting and choosing


def test_a_new_meeting_gets_two_reminders_and_none_of_the_past(make):
    far, near = make(days=()), make(wall(2027, 6, 1), days=())
    with at(2027, 5, 20):
        service.start(far)
        service.start(near)
        service.start(far)

    assert [r.days_before for r in far.reminders.order_by(Reminder.days_before)] == [3, 14]
    assert [r.days_before for r in near.reminders] == [3]


def test_coordinators_choose_the_days_and_it_is_recorded_once(make, member):
    meeting, carla = make(), member("carla")
    with at(2027, 6, 1):
        service.choose(meeting, by=carla, days=[7, 1])
        service.choose(meeting, by=carla, days=[7, 1])

    assert sorted(r.days_before for r in meeting.reminders) == [1, 7]
    assert AuditLine.select().where(AuditLine.action == "meeting.reminders-set").count() == 1


def test_what_was_sent_stays_and_what_has_passed_can_not_be_chosen(make, member):
    meeting = make()
    with at(2027, 6, 10):
        service.send_due()
    with at(2027, 6, 12), pytest.raises(Refused):
        service.choose(meeting, by=member("carla"), days=[21])
    with at(2027, 6, 12):
        service.choose(meeting, by=member("carla"), days=[])

        assert [(m.days, m.is_sent) for m in Plan(meeting).moments if m.is_set] == [(14, True)]


def test_of_a_meeting_nobody_can_answer_nothing_can_be_set(make, member):
    meeting = make()
    with at(2027, 6, 24), pytest.raises(DomainError):
        service.choose(meeting, by=member("carla"), days=[1])


# -- by hand


def test_by_hand_once_a_day_and_it_says_how_many(make, veere, member):
    meeting, carla = make(days=()), member("carla")
    Rsvp.create(meeting=meeting, membership=member("anna"), answer="yes")
    with at(2027, 6, 1, 12, 0):
        assert service.remind(meeting, by=carla) == veere.allies.count() - 1
        with pytest.raises(DomainError):
            service.remind(meeting, by=carla)
    with at(2027, 6, 2, 12, 0):
        service.remind(meeting, by=carla)

    assert Delivery.select().count() == 2 * (veere.allies.count() - 1)
    assert meeting.reminders.count() == 1


def test_who_was_reminded_by_hand_is_not_reminded_again_that_day(make, veere, member):
    meeting = make(days=(3,))
    with at(2027, 6, 21, 12, 0):
        service.remind(meeting, by=member("carla"))
    with at(2027, 6, 21):
        service.send_due()
        with pytest.raises(DomainError):
            service.remind(meeting, by=member("carla"))

    assert told(meeting) == aliases(veere.allies)


def test_in_the_night_it_waits_for_the_morning_and_who_answered_meanwhile_is_left_out(
    make, veere, member
):
    meeting = make(days=())
    with at(2027, 6, 1, 23, 0):
        assert service.remind(meeting, by=member("carla")) == veere.allies.count()
        service.send_due()
        assert told(meeting) == []
        with pytest.raises(DomainError):
            service.remind(meeting, by=member("daan"))
    Rsvp.create(meeting=meeting, membership=member("anna"), answer="no")
    for minute in (0, 1):
        with at(2027, 6, 2, 7, minute):
            service.send_due()

    assert told(meeting) == aliases(m for m in veere.allies if m.id != member("anna").id)


def test_what_waited_for_the_morning_goes_when_the_meeting_is_planned_anew(make, member):
    meeting = make(days=())
    with at(2027, 6, 1, 23, 0):
        service.remind(meeting, by=member("carla"))
        service.start(meeting)

    assert not meeting.reminders.where(Reminder.days_before == BY_HAND).exists()


def test_nobody_left_to_remind_is_said(make, veere, member):
    meeting = make()
    for ally in veere.allies:
        Rsvp.create(meeting=meeting, membership=ally, answer="yes")
    with at(2027, 6, 1, 12, 0), pytest.raises(DomainError):
        service.remind(meeting, by=member("carla"))
