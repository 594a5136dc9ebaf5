"""The year planner: five slots, drafts, and last year's plan once more (PRODUCT 4.2)."""

from datetime import datetime, timedelta

import pytest
import time_machine

from allies.audit import AuditLine
from allies.dates.models import DatePoll, ProposedDate
from allies.db import now
from allies.errors import DomainError, Refused
from allies.i18n import at_local_time, local, today
from allies.meetings import rules, service, year
from allies.meetings.models import Meeting
from allies.notifications.models import Delivery
from allies.venues.models import Venue

JANUARY = datetime.fromisoformat("2026-01-02T12:00:00+00:00")


@pytest.fixture
def carla(member):
    return member("carla")


@pytest.fixture
def bare(veere):
    """Veere without a meeting, at the beginning of 2026."""
    Meeting.delete().where(Meeting.alliance == veere).execute()
    DatePoll.delete().where(DatePoll.alliance == veere).execute()
    with time_machine.travel(JANUARY, tick=False):
        yield veere


@pytest.fixture
def meet(bare):
    """meet("2026-03-04T19:30") is a meeting then, on the clock of Walcheren."""

    def make(clock, **facts):
        return Meeting.create(alliance=bare, starts_at=at(clock), duration=120, **facts)

    return make


@pytest.fixture
def plan(bare, carla):
    def make(clock, **facts):
        facts = {"duration": 120, **facts}
        return service.plan(bare, by=carla, starts_at=at(clock), **facts)

    return make


@pytest.fixture
def hall(bare):
    return Venue.create(alliance=bare, name="Schuur", area="Domburg", address="Duinpad 8")


def at(clock):
    return at_local_time(datetime.fromisoformat(clock))


def clocks(meetings):
    return [f"{local(m.starts_at):%Y-%m-%dT%H:%M}" for m in meetings]


def read(alliance, number=2026):
    return year.read(alliance, number, list(DatePoll.open_in(alliance)))


def states(slots):
    return [str(slot.state) for slot in slots]


def test_a_year_has_five_slots_in_the_order_of_the_calendar(bare, meet, hall):
    meet("2026-09-01T19:30", is_draft=True)
    meet("2026-01-01T19:30", venue=hall)
    meet("2026-03-01T19:30", venue=hall)
    meet("2026-05-01T19:30")

    plan = read(bare)

    assert states(plan.slots) == ["held", "invited", "planned", "draft", "empty"]
    assert plan.filled == 4


def test_what_is_extra_or_cancelled_stands_beside_the_five(bare, meet):
    meet("2026-03-01T19:30", is_extra=True)
    meet("2026-04-01T19:30", cancelled_at=now())

    plan = read(bare)

    assert states(plan.slots) == ["empty"] * 5
    assert states(plan.beside) == ["planned", "cancelled"]


def test_a_question_about_dates_takes_a_slot_and_that_of_a_draft_the_slot_of_the_draft(bare, meet):
    draft = meet("2026-09-01T19:30", is_draft=True)
    for meeting, days in (draft, 200), (None, 60), (None, 500):
        poll = DatePoll.create(alliance=bare, duration=120, made_on=today(), meeting=meeting)
        for more in (0, 1):
            starts_at = now() + timedelta(days=days + more)
            ProposedDate.create(poll=poll, starts_at=starts_at)

    plan = read(bare)

    assert states(plan.slots) == ["finding", "finding", "empty", "empty", "empty"]
    assert [slot.meeting for slot in plan.slots[:2]] == [None, draft]
    assert states(read(bare, 2027).slots)[0] == "finding"


def test_a_place_of_last_year_is_told(bare, meet, hall):
    before = meet("2025-05-01T19:30", venue=hall)
    meet("2026-05-01T19:30", venue=hall)

    assert read(bare).slots[0].was_here == before


def test_a_meeting_of_new_years_eve_is_of_the_year_in_which_it_begins(bare, meet):
    meet("2026-12-31T23:30")

    assert read(bare, 2026).filled == 1
    assert read(bare, 2027).filled == 0
    assert clocks(rules.meetings_in(bare, 2026)) == ["2026-12-31T23:30"]
    assert rules.meetings_in(bare, 2027) == []


def test_two_meetings_do_not_overlap_across_the_night_of_new_year(plan):
    plan("2026-12-31T23:30")

    with pytest.raises(Refused) as refusal:
        plan("2027-01-01T00:30")
    assert refusal.value.field == "starts_at"
    assert plan("2027-01-01T01:30")


def test_a_long_meeting_is_not_overlapped_in_its_last_minute(plan):
    plan("2026-03-04T10:00", duration=480)

    with pytest.raises(Refused, match="another meeting"):
        plan("2026-03-04T17:59", is_extra=True)
    assert plan("2026-03-04T18:00", is_extra=True)


def test_a_cancelled_meeting_leaves_its_slot_its_hour_and_its_place_free(plan, meet, hall):
    for month in range(2, 7):
        gone = meet(f"2026-0{month}-10T19:30", venue=hall, cancelled_at=now())

    assert plan("2026-06-10T19:30", venue=hall).starts_at == gone.starts_at


def test_drafts_fill_slots_and_hours_and_places_too(plan, hall):
    plan("2026-02-10T19:30", is_draft=True, venue=hall)

    with pytest.raises(Refused, match="another meeting"):
        plan("2026-02-10T20:30")
    with pytest.raises(Refused, match="already this year"):
        plan("2026-03-10T20:30", venue=hall)
    for month in range(3, 7):
        plan(f"2026-0{month}-10T19:30", is_draft=True)
    with pytest.raises(Refused) as refusal:
        plan("2026-08-10T19:30")
    assert refusal.value.field == "is_extra"


def test_nobody_hears_of_a_draft_until_everybody_does_once(plan, carla, bare):
    draft = plan("2026-02-10T19:30", is_draft=True)
    assert Delivery.select().count() == 0

    service.publish(draft, by=carla)
    assert Delivery.select().count() == 12
    assert not Meeting.get_by_id(draft.id).is_draft

    with pytest.raises(DomainError):
        service.publish(draft, by=carla)
    with pytest.raises(DomainError):
        service.drop(draft, by=carla)
    assert Delivery.select().count() == 12
    acts = [line.action for line in AuditLine.select().order_by(AuditLine.id.desc()).limit(2)]
    assert acts == ["meeting.planned", "meeting.drafted"]


def test_the_rules_hold_again_when_everybody_is_told_of_a_draft(plan, carla, hall):
    draft = plan("2026-02-10T19:30", is_draft=True, venue=hall)
    Meeting.create(alliance=draft.alliance, starts_at=at("2026-04-10T19:30"), duration=120,
                   venue=hall)  # fmt: skip

    with pytest.raises(Refused) as refusal:
        service.publish(draft, by=carla)
    assert refusal.value.field == "venue"
    with time_machine.travel(draft.starts_at), pytest.raises(Refused, match="has passed"):
        service.publish(draft, by=carla, reason="De andere zaal is dicht")

    service.publish(draft, by=carla, reason="De andere zaal is dicht")
    assert not Meeting.get_by_id(draft.id).is_draft


def test_a_dropped_draft_is_gone_and_its_slot_is_free(plan, carla, bare):
    draft = plan("2026-02-10T19:30", is_draft=True)

    service.drop(draft, by=carla)

    assert read(bare).filled == 0
    with pytest.raises(DomainError):
        service.publish(draft, by=carla)


def test_a_meeting_that_members_know_of_is_not_dropped(plan, carla):
    told = plan("2026-02-10T19:30")

    with pytest.raises(DomainError):
        service.drop(told, by=carla)
    assert Meeting.get_or_none(Meeting.id == told.id)


def test_a_plan_is_copied_to_the_same_weekdays_and_hours_a_year_later(bare, meet, hall, carla):
    before = [
        meet(f"2026-{day}T19:30", venue=hall, brings="Nieuws")
        for day in ("02-10", "03-31", "06-09", "09-15", "11-24")
    ]
    meet("2026-04-10T19:30", is_extra=True)
    meet("2026-05-10T19:30", cancelled_at=now())

    made = year.copy(bare, 2027, by=carla)

    assert clocks(made) == [
        f"2027-{day}T19:30" for day in ("02-09", "03-30", "06-08", "09-14", "11-23")
    ]
    weekdays = [local(m.starts_at).weekday() for m in made]
    assert weekdays == [local(m.starts_at).weekday() for m in before]
    assert all(m.is_draft and m.venue is None and not m.brings for m in made)
    assert Delivery.select().count() == 0


def test_copying_twice_makes_nothing_double_also_when_a_draft_was_moved(bare, meet, carla):
    for day in ("02-10", "06-09", "11-24"):
        meet(f"2026-{day}T19:30")
    made = year.copy(bare, 2027, by=carla)
    moved = {"starts_at": at("2027-05-20T20:00")}
    Meeting.update(moved).where(Meeting.id == made[1].id).execute()

    with pytest.raises(DomainError):
        year.copy(bare, 2027, by=carla)
    assert read(bare, 2027).filled == 3

    service.drop(made[0], by=carla)
    assert clocks(year.copy(bare, 2027, by=carla)) == ["2027-02-09T19:30"]


def test_a_copy_fills_only_the_slots_that_are_free(bare, meet, carla):
    for month in ("02", "03", "05", "09", "11"):
        meet(f"2026-{month}-10T19:30")
        if month < "05":
            meet(f"2027-{month}-12T10:00")

    made = year.copy(bare, 2027, by=carla)

    assert clocks(made) == ["2027-05-09T19:30", "2027-09-09T19:30", "2027-11-09T19:30"]


def test_a_copy_in_the_past_or_at_the_hour_of_another_meeting_is_left_out(bare, meet, carla):
    for day in ("2025-01-02T19:30", "2025-03-06T19:30", "2025-06-12T19:30"):
        meet(day)
    meet("2026-06-11T20:30", is_extra=True)

    with time_machine.travel(at("2026-02-01T12:00")):
        assert clocks(year.copy(bare, 2026, by=carla)) == ["2026-03-05T19:30"]


@pytest.mark.parametrize(
    ("held", "copied"),
    [
        ("2026-01-01T19:30", "2027-01-07T19:30"),  # 52 weeks later is the same year
        ("2026-12-31T23:30", "2027-12-30T23:30"),
        ("2026-10-25T19:30", "2027-10-24T19:30"),  # before and after the clock goes back
    ],
)
def test_a_copy_is_of_the_next_year_on_the_same_clock(bare, meet, carla, held, copied):
    meet(held)

    with time_machine.travel(at("2026-12-31T12:00")):
        assert clocks(year.copy(bare, 2027, by=carla)) == [copied]


def test_an_hour_that_the_clock_skips_is_an_hour_later_in_the_copy(bare, meet, carla):
    meet("2023-04-02T02:30")

    with time_machine.travel(at("2024-01-10T12:00")):
        assert clocks(year.copy(bare, 2024, by=carla)) == ["2024-03-31T03:30"]


def test_two_meetings_whose_copies_fall_together_give_one(bare, meet, carla):
    meet("2026-01-01T19:30")  # both are on 7 January a year later
    meet("2026-01-08T19:30")

    with time_machine.travel(at("2026-12-31T12:00")):
        assert clocks(year.copy(bare, 2027, by=carla)) == ["2027-01-07T19:30"]
