"""The rules of the year planner and of answering (PRODUCT 4.2)."""

from datetime import datetime, timedelta

import pytest
import time_machine

from allies import keeping
from allies.attendance import service as attendance
from allies.attendance.models import Attendance
from allies.audit import AuditLine
from allies.db import now
from allies.errors import DomainError, Refused
from allies.i18n import at_local_time, local
from allies.meetings import answering, rules, service
from allies.meetings.models import WHO_KEPT, Meeting, Need, Rsvp
from allies.notifications.models import Delivery
from allies.venues.models import Venue

DURATION = 120


@pytest.fixture
def plan(veere, member):
    """plan(days=20) plans an extra meeting of Veere so many days from now."""

    def make(*, days=20, **facts):
        facts = {"duration": DURATION, "is_extra": True, **facts}
        return service.plan(
            veere, by=member("carla"), starts_at=now() + timedelta(days=days), **facts
        )

    return make


def test_planning_tells_every_ally_and_nobody_else(plan, veere):
    plan()

    told = {d.membership_id for d in Delivery.select()}
    assert told == {ally.id for ally in veere.allies}
    assert len(told) == 12


@pytest.mark.parametrize("days", [-1, 3 * 366])
def test_a_meeting_is_neither_in_the_past_nor_years_ahead(plan, days):
    with pytest.raises(Refused) as refusal:
        plan(days=days)

    assert refusal.value.field == "starts_at"
    assert Delivery.select().count() == 0


def test_two_meetings_do_not_overlap(plan):
    first = plan()

    with pytest.raises(Refused, match="another meeting"):
        plan(days=20)
    with time_machine.travel(first.ends_at - timedelta(days=20)):
        assert plan().starts_at == first.ends_at


def test_a_venue_used_this_year_needs_a_reason(plan, veere, member):
    venue = Venue.select().where(Venue.alliance == veere).order_by(Venue.id.desc()).get()
    Meeting.delete().where(Meeting.venue == venue).execute()
    first = plan(venue=venue)
    same_year = local(first.starts_at).year == local(now() + timedelta(days=25)).year
    assert same_year or local(first.starts_at).month == 12

    with pytest.raises(Refused) as refusal:
        plan(days=20 + 1 / 8, venue=venue)
    assert refusal.value.field == "venue"

    again = plan(days=20 + 1 / 8, venue=venue, reason="De zaal in het dorp is dicht.")
    assert again.venue == venue
    line = AuditLine.select().order_by(AuditLine.id.desc()).get()
    assert line.note_hash
    assert "zaal" not in line.note_hash


def test_the_sixth_of_a_year_is_an_extra_one(plan, veere):
    year = local(now()).year + 1
    start = at_local_time(datetime.fromisoformat(f"{year}-03-01T19:30"))
    ahead = (start - now()).days + 1
    regular = [m for m in rules.meetings_in(veere, year) if not m.is_extra]
    for number in range(5 - len(regular)):
        plan(days=ahead + number, is_extra=False)

    with pytest.raises(Refused) as refusal:
        plan(days=ahead + 10, is_extra=False)
    assert refusal.value.field == "is_extra"
    assert plan(days=ahead + 10).is_extra


def test_an_answer_can_change_until_the_start_and_not_after(plan, member):
    meeting, anna = plan(), member("anna")
    answering.answer(meeting, by=anna, answer="yes", note="Ik kom lopend")
    answering.answer(meeting, by=anna, answer="maybe")

    with time_machine.travel(meeting.starts_at - timedelta(seconds=1)):
        answering.answer(meeting, by=anna, answer="no")
    with time_machine.travel(meeting.starts_at), pytest.raises(DomainError):
        answering.answer(meeting, by=anna, answer="yes")

    assert [r.answer for r in Rsvp.select().where(Rsvp.meeting == meeting)] == ["no"]


def test_the_address_shows_from_a_week_before_until_the_day_after(plan, veere):
    meeting = plan(days=30, venue=None)
    meeting.venue = Venue.select().where(Venue.alliance == veere).get()
    shown = {}
    for days in (-8, -6.9, 0, 1, 2.2):
        with time_machine.travel(meeting.starts_at + timedelta(days=days)):
            shown[days] = meeting.shows_place

    assert shown == {-8: False, -6.9: True, 0: True, 1: True, 2.2: False}


def test_who_sees_where_and_when(client_of, cast, plan, veere):
    """Area at once, address late; the mayor sees neither, another alliance nothing."""
    venue = Venue.select().where(Venue.alliance == veere).get()
    far, near = plan(days=30), plan(days=3)
    Meeting.update(venue=venue).where(Meeting.id.in_([far.id, near.id])).execute()

    def sees(persona, meeting):
        page = client_of(getattr(cast, persona)).get(f"/meetings/{meeting.id}").text
        return venue.address in page, venue.area in page

    assert sees("carla", far) == (True, True)
    assert sees("anna", far) == (False, True)
    assert sees("anna", near) == (True, True)
    assert sees("eva", near)[0] is False
    assert sees("mina", near) == (False, False)


def test_the_title_and_the_address_bar_give_nothing_away(client_of, cast, plan, veere):
    meeting = plan(days=3)
    page = client_of(cast.anna).get(f"/meetings/{meeting.id}").text
    title = page.split("<title>")[1].split("</title>")[0]

    assert title == "Bijeenkomst – De Tafel"


def test_counts_show_from_three_answers_on(app, plan, member, veere):
    meeting, allies = plan(), list(veere.allies)
    for number, ally in enumerate(allies[:3], start=1):
        answering.answer(meeting, by=ally, answer="yes")
        counts = Meeting.get_by_id(meeting.id).counts
        assert counts.may_show == (number == 3)
    assert (counts["yes"], counts.open, counts.asked) == (3, 9, 12)


def test_two_coordinators_planning_at_once_get_one_meeting(app, plan):
    first = plan()
    with pytest.raises(Refused):
        plan(days=20)

    assert Meeting.select().where(Meeting.starts_at == first.starts_at).count() == 1


def test_who_answered_needs_and_came_is_forgotten_at_the_same_moment(app, plan, member):
    meeting, anna = plan(), member("anna")
    answering.answer(meeting, by=anna, answer="yes")
    Need.create(meeting=meeting, membership=anna, kind="travel")
    Attendance.create(meeting=meeting, membership=anna, presence="present")

    def known():
        return [m.select().where(m.meeting == meeting).exists() for m in (Rsvp, Need, Attendance)]

    moment = meeting.starts_at + WHO_KEPT
    with time_machine.travel(moment - timedelta(minutes=1), tick=False):
        keeping.prune()
        assert known() == [True, True, True]
        assert attendance.may_be_noted(meeting)
    with time_machine.travel(moment + timedelta(seconds=1), tick=False):
        assert not attendance.may_be_noted(meeting)
        keeping.prune()
        assert known() == [False, False, False]
