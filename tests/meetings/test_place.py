"""The address of a meeting: late, only at the table, gone the day after (PRODUCT 4.2)."""

from datetime import datetime, timedelta

import pytest
import time_machine

from allies.alliances.models import Alliance
from allies.db import now
from allies.i18n import at_local_time
from allies.meetings.models import Meeting
from allies.venues.models import Venue

MINUTE = timedelta(minutes=1)


@pytest.fixture
def venue(veere):
    return Venue.create(
        alliance=veere,
        name="Zaal Kanarie",
        area="Kwartier",
        address="Kanariestraat 5",
        transport="Bus Kanariebus",
        is_step_free=True,
        has_discreet_entrance=True,
    )


@pytest.fixture
def meet(veere, venue):
    """meet("2027-03-28T19:30") is a meeting of Veere at that time on the clock."""

    def make(when, **facts):
        starts_at = at_local_time(datetime.fromisoformat(when))
        facts = {"duration": 120, "is_extra": True, "venue": venue, **facts}
        return Meeting.create(alliance=veere, starts_at=starts_at, **facts)

    return make


def shows_at(meeting, *moments):
    """Does it show at these moments on the clock?"""
    meeting, shown = Meeting.get_by_id(meeting.id), []
    for moment in moments:
        with time_machine.travel(at_local_time(datetime.fromisoformat(moment)), tick=False):
            shown.append(meeting.shows_place)
    return shown


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2027-02-10T19:30", "2027-02-03", "2027-02-11"),
        ("2027-03-28T19:30", "2027-03-21", "2027-03-29"),  # the day the clock goes forward
        ("2027-04-02T19:30", "2027-03-26", "2027-04-03"),  # from before it
        ("2027-10-31T19:30", "2027-10-24", "2027-11-01"),  # the day it goes back
        ("2027-11-05T19:30", "2027-10-29", "2027-11-06"),
        ("2027-11-05T00:15", "2027-10-29", "2027-11-06"),
    ],
)
def test_the_address_shows_whole_days_on_the_clock_also_when_that_changes(meet, when, first, last):
    meeting = meet(when)
    before = datetime.fromisoformat(first) - MINUTE
    after = datetime.fromisoformat(last) + timedelta(days=1)

    shown = shows_at(
        meeting, before.isoformat(), f"{first}T00:00", f"{last}T23:59", after.isoformat()
    )
    assert shown == [False, True, True, False]
    assert meeting.place_from.isoformat() == first


def test_the_group_agrees_how_many_days_before(meet, veere):
    meeting = meet("2027-02-10T19:30")
    Alliance.update(place_days=2).where(Alliance.id == veere.id).execute()

    assert shows_at(meeting, "2027-02-07T23:59", "2027-02-08T00:00") == [False, True]


@pytest.mark.parametrize("facts", [{"is_draft": True}, {"cancelled_at": now()}, {"venue": None}])
def test_a_meeting_that_is_off_or_has_no_place_shows_none(meet, facts):
    assert shows_at(meet("2027-02-10T19:30", **facts), "2027-02-09T12:00") == [False]


def test_members_see_the_address_from_the_day_the_page_named_until_the_day_after(
    client_of, cast, meet
):
    meeting = meet("2027-03-28T19:30")

    def page_of(persona, moment):
        with time_machine.travel(at_local_time(datetime.fromisoformat(moment)), tick=False):
            device = client_of(getattr(cast, persona))
            device.post("/language", {"locale": "en"})
            return device.get(f"/meetings/{meeting.id}").text

    early = page_of("anna", "2027-03-20T23:59")
    assert "You see the address here from Sunday 21 March." in early
    assert "Kwartier" in early
    assert "anarie" not in early
    for moment in ("2027-03-21T00:00", "2027-03-28T23:00", "2027-03-29T23:59"):
        shown = page_of("anna", moment)
        assert all(w in shown for w in ("Zaal Kanarie", "Kanariestraat 5", "Kanariebus"))
        assert "You can enter without steps" in shown
        assert "The entrance is out of sight" in shown
    assert "anarie" not in page_of("anna", "2027-03-30T00:00")
    assert "Kanariestraat" in page_of("carla", "2027-03-20T23:59")


def test_a_partner_sees_when_and_how_many_and_not_where_or_what(client_of, cast, meet):
    meeting = meet("2027-03-28T19:30", brings="Woorden van de politie")
    with time_machine.travel(at_local_time(datetime.fromisoformat("2027-03-25T12:00"))):
        page = client_of(cast.eva).get(f"/meetings/{meeting.id}").text

    assert "28 maart" in page
    assert [w for w in ("anarie", "Kwartier", "Woorden", "/rsvp", "/answers") if w in page] == []


def test_the_place_is_in_no_title_header_or_address(client_of, cast, meet):
    meeting = meet("2027-03-28T19:30")
    with time_machine.travel(at_local_time(datetime.fromisoformat("2027-03-25T12:00"))):
        anna = client_of(cast.anna)
        answer = anna.get(f"/meetings/{meeting.id}")
        file = anna.get(f"/meetings/{meeting.id}/event.ics")

    title = answer.text.split("<title>")[1].split("</title>")[0]
    for place in ("anarie", "Kwartier"):
        assert place in answer.text
        assert place not in title + str(answer.headers) + answer.request.path
        assert place not in file.text + str(file.headers)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_meeting_that_moved_says_when_it_was_and_a_cancelled_one_that_nobody_comes(
    client_of, cast, meet
):
    was = at_local_time(datetime.fromisoformat("2027-03-03T19:30"))
    meeting = meet("2027-03-28T19:30", moved_from=was, sequence=1, brings="Taart")
    with time_machine.travel(at_local_time(datetime.fromisoformat("2027-02-01T12:00"))):
        anna = client_of(cast.anna)
        anna.post("/language", {"locale": "en"})
        moved = anna.get(f"/meetings/{meeting.id}").text
        Meeting.update(cancelled_at=now()).where(Meeting.id == meeting.id).execute()
        cancelled = anna.get(f"/meetings/{meeting.id}").text

    assert "It was Wednesday 3 March at 19:30." in moved
    assert ">Moved<" in moved
    assert "This meeting is cancelled." in cancelled
    assert [
        w for w in ("It was", "anarie", "Kwartier", "event.ics", "Taart") if w in cancelled
    ] == []


def test_what_a_coordinator_wrote_of_a_place_is_shown_as_text(client_of, cast, meet, venue):
    Venue.update(name="<b hx-get=/x>Zaal</b>", transport="<script>").execute()
    meeting = meet("2027-03-28T19:30")
    with time_machine.travel(at_local_time(datetime.fromisoformat("2027-03-25T12:00"))):
        page = client_of(cast.anna).get(f"/meetings/{meeting.id}").text

    assert '<span class="said" hx-disable>&lt;b hx-get=/x&gt;Zaal' in page
    assert "<b hx-get" not in page
