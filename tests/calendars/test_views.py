"""Calendars: what is in an entry, who reads a feed, and when it ends (PRODUCT 4.2, TRUST T17)."""

import re
from datetime import timedelta

import pytest
import time_machine
from icalendar import Calendar

from allies.access import close_all
from allies.accounts.models import User
from allies.alliances.models import Membership, Role
from allies.calendars import service
from allies.calendars.models import CalendarFeed
from allies.calendars.views import UNKNOWN_TRIES
from allies.crypto import token
from allies.db import now
from allies.i18n import today
from allies.meetings.models import Meeting
from allies.rights import leaving
from tests.calendars.readers import READERS, by_icalendar
from tests.meetings.coming import coming_for
from tests.test_fresh import stale
from tests.walk import content_hash, counted_queries

ALLOWED = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS"}
ADDRESS = re.compile(r'id="address">(http://localhost:8000)(/c/[A-Za-z0-9_-]{22})</p>')


@pytest.fixture
def feed(app, member):
    """feed("anna") is the path of a fresh feed of hers."""
    return lambda persona="anna", *place: f"/c/{service.make(member(persona, *place))}"


@pytest.fixture
def calendar(app):
    """What somebody's calendar gets from a path: it is signed in nowhere."""
    return lambda path: app.test_client().get(path)


def plan(alliance, *, days, **facts):
    facts = {"duration": 120, **facts}
    return Meeting.create(alliance=alliance, starts_at=now() + timedelta(days=days), **facts)


@pytest.fixture
def five(veere):
    """Veere has these five meetings and no others, the first three of them over."""
    Meeting.delete().where(Meeting.alliance == veere).execute()
    return [plan(veere, days=days) for days in (-70, -40, -10, 20, 50)]


def events_in(answer):
    return Calendar.from_ical(answer.data).walk("VEVENT")


# -- what is in it


def test_a_calendar_entry_holds_the_time_and_nothing_else(client_of, cast, veere):
    meeting = Meeting.select().where(Meeting.alliance == veere, Meeting.venue.is_null(False)).get()
    path = f"/meetings/{meeting.id}/event.ics"
    files = [client_of(user).get(path).data for user in (cast.anna, cast.bram)]
    (hers,), (his,) = (Calendar.from_ical(file).walk("VEVENT") for file in files)

    assert set(hers) == ALLOWED
    assert hers["SUMMARY"] == "Afspraak"
    assert b"BEGIN:VTIMEZONE" in files[0]
    assert b"COMMENT" not in files[0]
    for secret in (meeting.venue.area, meeting.venue.address, "Veere", meeting.id, "localhost"):
        assert secret.encode() not in files[0]
    assert hers["UID"] != his["UID"]


def test_a_feed_holds_nothing_more_than_a_file(calendar, feed, five, member):
    answer = calendar(feed())

    assert len(events_in(answer)) == len(five)
    assert all(set(event) == ALLOWED for event in events_in(answer))
    uids = [event["UID"] for event in events_in(answer)]
    assert len(set(uids)) == len(uids)
    anna = member("anna")
    for secret in (*(m.id for m in five), anna.id, anna.alias, "Veere", "localhost"):
        assert secret.encode() not in answer.data


def test_two_members_have_no_uid_in_common(calendar, feed):
    hers, his = ({e["UID"] for e in events_in(calendar(feed(p)))} for p in ("anna", "bram"))

    assert len(hers) == len(his)
    assert not hers & his


def test_a_feed_is_a_calendar_and_kept_nowhere(calendar, feed):
    answer = calendar(feed())

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_a_feed_has_one_language(app, feed):
    path, english = feed(), app.test_client()
    english.post("/language", data={"locale": "en"})
    files = [c.get(path, headers={"Accept-Language": "en"}).text for c in (english, english)]
    files.append(app.test_client().get(path).text)
    stamped = {re.sub(r"DTSTAMP:\w+", "", text) for text in files}

    assert len(stamped) == 1


@pytest.mark.parametrize("reader", READERS, ids=lambda r: r.__name__)
def test_a_feed_is_read_by_two_independent_parsers(calendar, feed, veere, five, reader):
    moved = plan(veere, days=21, sequence=2)
    cancelled = plan(veere, days=25, sequence=3, cancelled_at=now())
    read = {e.start: e for e in reader(calendar(feed()).text)}

    assert len(read) == len(five) + 2
    starts = [m.starts_at.replace(microsecond=0) for m in (moved, cancelled)]
    found = [read[start] for start in starts]
    assert [(e.sequence, e.status) for e in found] == [(2, "CONFIRMED"), (3, "CANCELLED")]


@pytest.mark.parametrize("reader", READERS, ids=lambda r: r.__name__)
def test_a_feed_without_meetings_is_valid_too(calendar, feed, veere, reader):
    Meeting.delete().where(Meeting.alliance == veere).execute()

    assert reader(calendar(feed()).text) == []


def test_what_nobody_was_told_of_is_in_no_calendar(calendar, feed, veere, client_of, cast):
    before = len(events_in(calendar(feed())))
    draft = plan(veere, days=40, is_draft=True)

    assert len(events_in(calendar(feed()))) == before
    assert client_of(cast.carla).get(f"/meetings/{draft.id}/event.ics").status_code == 409
    assert client_of(cast.anna).get(f"/meetings/{draft.id}/event.ics").status_code == 404


def test_a_feed_looks_back_three_months_and_ahead_to_the_last(calendar, feed, veere):
    Meeting.delete().where(Meeting.alliance == veere).execute()
    for days in (-100, -80, 700):
        plan(veere, days=days)

    assert len(events_in(calendar(feed()))) == 2


def test_a_feed_is_of_one_alliance(calendar, feed, middelburg):
    """Sanne has a place in two; each place has its own feed."""
    there = {e.start for e in by_icalendar(calendar(feed("sanne", "Middelburg")).text)}

    known = {m.starts_at for m in middelburg.meetings if not m.is_draft}
    assert {moment for moment in there if moment > now()} == {m for m in known if m > now()}
    assert there <= known


# -- who reads it, and until when


def test_looking_changes_nothing_and_asks_little(app, feed):
    path = feed()
    before = content_hash()
    for method in ("GET", "HEAD", "OPTIONS", "GET", "HEAD"):
        assert app.test_client().open(path, method=method).status_code == 200
    with counted_queries() as queries:
        app.test_client().get(path)

    assert content_hash() == before
    assert len(queries) <= 3
    assert not [q for q in queries if not q.startswith("SELECT")]


def test_the_token_is_kept_as_a_hash_only(app, feed):
    secret = feed().removeprefix("/c/")

    assert [secret in str(row) for row in CalendarFeed.select().tuples()] == [False]


def test_the_address_is_shown_once_and_a_new_one_ends_the_old(client_of, cast, member, calendar):
    anna, path = client_of(cast.anna), f"/memberships/{member('anna').id}/calendar"
    first, second = (ADDRESS.search(anna.post(path).text) for _twice in range(2))

    assert first
    assert second
    assert not ADDRESS.search(anna.get(path).text)
    assert calendar(first[2]).status_code == 404
    assert calendar(second[2]).status_code == 200


def test_the_same_form_twice_makes_one_address(client_of, cast, member, calendar):
    anna, path = client_of(cast.anna), f"/memberships/{member('anna').id}/calendar"
    shown = anna.post(path, {"once": "k" * 22})
    again = anna.post(path, {"once": "k" * 22})

    assert (again.status_code, again.location) == (303, path)
    assert calendar(ADDRESS.search(shown.text)[2]).status_code == 200


def test_making_an_address_asks_who_you_are(client_of, cast, member):
    anna = stale(client_of(cast.anna))
    answer = anna.post(f"/memberships/{member('anna').id}/calendar")

    assert answer.status_code == 403
    assert 'name="proof_passphrase"' in answer.text
    assert not CalendarFeed.select().exists()


@pytest.mark.parametrize("path", ["calendar", "calendar/stop"])
@pytest.mark.parametrize("persona", ["carla", "bram", "dirk"])
def test_a_calendar_is_for_its_owner_alone(client_of, cast, member, feed, path, persona):
    feed()
    other = client_of(getattr(cast, persona))
    status = other.post(f"/memberships/{member('anna').id}/{path}").status_code

    assert status == (404 if persona == "dirk" else 403)
    assert other.get(f"/memberships/{member('anna').id}/calendar").status_code == status
    assert CalendarFeed.select().count() == 1


def stopped(cast, member, client_of):
    client_of(cast.anna).post(f"/memberships/{member('anna').id}/calendar/stop")


def phone_lost(cast, member, client_of):
    close_all(cast.anna)


def gone(cast, member, client_of):
    leaving.leave(member("anna"))


def ended_by_coordinator(cast, member, client_of):
    leaving.end(member("anna"), by=member("carla"), reason="Verhuisd")


def shut_out(cast, member, client_of):
    User.update(disabled_at=now()).where(User.id == cast.anna.id).execute()


def last_day_was(cast, member, client_of):
    Membership.update(ends_on=today() - timedelta(days=1)).where(
        Membership.id == member("anna").id
    ).execute()


@pytest.mark.parametrize(
    "end", [stopped, phone_lost, gone, ended_by_coordinator, shut_out, last_day_was]
)
def test_a_feed_ends_with_its_place(calendar, feed, app, cast, member, client_of, end):
    path, other = feed(), feed("bram")
    end(cast, member, client_of)

    assert calendar(path).status_code == 404
    assert calendar(path).data == app.test_client().get("/no/such/address").data
    assert calendar(other).status_code == 200


def test_a_feed_ends_after_a_year(calendar, feed):
    path = feed()
    for days, status in ((364, 200), (366, 404)):
        with time_machine.travel(now() + timedelta(days=days)):
            assert calendar(path).status_code == status


def test_a_lost_phone_ends_the_feeds_of_all_places(calendar, feed, cast):
    paths = [feed("sanne", place) for place in ("Vlissingen", "Middelburg")]
    close_all(cast.sanne)

    assert [calendar(path).status_code for path in paths] == [404, 404]


def test_guessing_is_counted_and_a_known_address_opens_all_the_same(app, calendar, feed):
    path = feed()
    statuses = [calendar(f"/c/{token()}").status_code for _ in range(UNKNOWN_TRIES + 1)]

    assert statuses == [404] * UNKNOWN_TRIES + [429]
    assert calendar(path).status_code == 200
    assert calendar("/c/short").status_code == 404


def test_a_feed_is_no_way_in(app, feed):
    client = app.test_client()
    client.get(feed())

    assert client.get("/meetings").status_code == 303


def test_a_feed_of_who_is_a_partner_now_ends(calendar, feed, member):
    path = feed()
    Membership.update(role=Role.PARTNER).where(Membership.id == member("anna").id).execute()

    assert calendar(path).status_code == 404


# -- the pages


def test_a_partner_gets_neither_a_file_nor_a_feed(client_of, cast, member, veere):
    eva, place = client_of(cast.eva), f"/memberships/{member('eva').id}"
    meeting = coming_for(cast.eva).first()

    for path in (f"/meetings/{meeting.id}", place):
        page = eva.get(path)
        assert page.status_code == 200
        assert "calendar" not in page.text
        assert "event.ics" not in page.text
    assert eva.get(f"/meetings/{meeting.id}/event.ics").status_code == 403
    assert eva.get(f"{place}/calendar").status_code == 403
    assert eva.post(f"{place}/calendar").status_code == 403
    assert not CalendarFeed.select().exists()


def test_the_page_says_what_others_can_see_and_what_can_not_be_undone(client_of, cast, member):
    anna = client_of(cast.anna)
    anna.post("/language", {"locale": "en"})
    page = anna.get(f"/memberships/{member('anna').id}/calendar").text

    assert "Google, Apple, Microsoft" in page
    assert "may stay there until you delete it" in page


def test_the_page_leads_to_stopping_only_when_there_is_something_to_stop(
    client_of, cast, member, feed
):
    anna, path = client_of(cast.anna), f"/memberships/{member('anna').id}/calendar"
    assert "calendar/stop" not in anna.get(path).text
    feed()
    assert "calendar/stop" in anna.get(path).text


def test_the_own_place_leads_to_the_calendar(client_of, cast, member):
    path = f"/memberships/{member('anna').id}"

    assert f'href="{path}/calendar"' in client_of(cast.anna).get(path).text
