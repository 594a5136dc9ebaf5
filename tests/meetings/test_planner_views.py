"""The year planner through the browser's eyes, and two coordinators at once."""

import re
from datetime import timedelta

import pytest

from allies.alliances.models import Alliance
from allies.dates.models import DatePoll, ProposedDate
from allies.db import now
from allies.i18n import local, today
from allies.meetings.models import Meeting
from allies.notifications.models import Delivery
from allies.venues.models import Venue
from tests.at_once import at_once, press
from tests.meetings.coming import coming_for
from tests.walk import counted_queries

NEXT = today().year + 1


@pytest.fixture
def carla(client_of, cast):
    return client_of(cast.carla)


@pytest.fixture
def planner(veere):
    return f"/alliances/{veere.id}/planner"


@pytest.fixture
def form(veere):
    """form("03-04T19:30") is what the form of planning sends for that moment next year."""

    def fields(clock, **facts):
        return {"starts_at": f"{NEXT}-{clock}", "duration": "120", **facts}

    return fields


@pytest.fixture
def new(veere):
    return f"/alliances/{veere.id}/meetings/new"


@pytest.fixture
def draft(carla, new, form):
    """A draft of Veere in March of next year."""
    carla.post(new, form("03-04T19:30", draft="1", is_extra="y"))
    return Meeting.get(Meeting.is_draft)


def of_next_year(alliance):
    meetings = Meeting.select().where(Meeting.alliance == alliance)
    return [m for m in meetings if m.year == NEXT and not m.is_extra]


def test_the_planner_is_for_coordinators(client_of, cast, planner):
    opened = {
        who: client_of(getattr(cast, who)).get(planner).status_code
        for who in ("carla", "piet", "anna", "eva", "dirk")
    }

    assert opened == {"carla": 200, "piet": 200, "anna": 403, "eva": 403, "dirk": 404}


@pytest.mark.parametrize("asked", ["abc", "-1", "99999999999999", "1999", "", "٢٠٢٦"])
def test_a_year_that_is_none_shows_this_one(carla, planner, asked):
    page = carla.get(f"{planner}?year={asked}")

    assert page.status_code == 200
    assert str(today().year) in re.search(r"<h1>(.*?)</h1>", page.text)[1]


def test_the_planner_asks_as_little_with_five_drafts_as_with_none(carla, planner, veere):
    def ask():
        with counted_queries() as queries:
            assert carla.get(f"{planner}?year={NEXT}").status_code == 200
        return len(queries)

    Meeting.delete().where(Meeting.alliance == veere, Meeting.starts_at > now()).execute()
    before = ask()
    for month in range(1, 6):
        starts_at = now().replace(year=NEXT, month=month, day=7)
        Meeting.create(alliance=veere, starts_at=starts_at, duration=120, is_draft=True)
    assert ask() == before <= 8


def test_copying_goes_on_to_the_planner_of_that_year(carla, planner, veere):
    answer = carla.post(f"{planner}/copy", {"year": NEXT})

    assert (answer.status_code, answer.location) == (303, f"{planner}?year={NEXT}")
    assert Delivery.select().count() == 0
    again = carla.post(f"{planner}/copy", {"year": NEXT})
    assert again.status_code == 409


def test_a_draft_is_kept_without_telling_anybody(client_of, cast, carla, new, form, planner, veere):
    answer = carla.post(new, form("03-04T19:30", draft="1", is_extra="y", brings="Nieuws"))

    assert (answer.status_code, answer.location) == (303, f"{planner}?year={NEXT}")
    draft = Meeting.get(Meeting.is_draft)
    assert Delivery.select().count() == 0
    path = f"/meetings/{draft.id}"
    for who in ("anna", "eva", "dirk"):
        device = client_of(getattr(cast, who))
        assert device.get(path).status_code == 404
        assert device.post(f"{path}/rsvp", {"answer": "yes"}).status_code == 404
        assert draft.id not in device.get("/meetings").text
        assert draft.id not in device.get("/").text
    assert draft.id in carla.get("/meetings").text
    assert draft.id in carla.get(f"{planner}?year={NEXT}").text


def test_a_draft_obeys_the_rules_of_planning(carla, new, form, draft):
    answer = carla.post(new, form("03-04T20:00", draft="1", is_extra="y", brings="Nieuws"))

    assert answer.status_code == 422
    assert 'id="starts_at-error"' in answer.text
    assert "Nieuws" in answer.text


def test_a_question_about_dates_is_the_next_step_of_its_slot(carla, planner, draft, veere):
    poll = DatePoll.create(alliance=veere, duration=120, made_on=today(), meeting=draft)
    ProposedDate.create(poll=poll, starts_at=draft.starts_at)

    page = carla.get(f"{planner}?year={NEXT}").text

    assert f'href="/dates/{poll.id}"' in page
    assert f"/meetings/{draft.id}/publish" not in page


def test_the_holidays_of_a_draft_are_told_before_anybody_hears_of_it(carla, new, form, planner):
    carla.post("/language", {"locale": "en"})
    for clock in ("05-04T19:30", "06-24T19:30"):
        carla.post(new, form(clock, draft="1", is_extra="y"))
    eve, ordinary = Meeting.select().where(Meeting.is_draft).order_by(Meeting.starts_at)

    assert carla.get(f"{planner}?year={NEXT}").text.count("Remembrance of the dead") == 1
    assert "Remembrance of the dead" in carla.get(f"/meetings/{eve.id}/publish").text
    assert "note warn" not in carla.get(f"/meetings/{ordinary.id}/publish").text


def test_who_is_asked_about_a_meeting_without_a_place_is_invited(carla, new, form, planner):
    carla.post("/language", {"locale": "en"})
    before = carla.get(f"{planner}?year={NEXT}").text
    carla.post(new, form("03-09T19:30", is_extra="y"))
    page = carla.get(f"{planner}?year={NEXT}").text

    assert page.count("Place follows") == before.count("Place follows") + 1
    assert page.count(">Invited<") == before.count(">Invited<") + 1
    assert ">Planned<" not in page


def test_telling_everybody_says_what_becomes_of_the_question_about_dates(carla, draft, veere):
    carla.post("/language", {"locale": "en"})
    path, said = f"/meetings/{draft.id}/publish", "that question is taken back"
    assert said not in carla.get(path).text

    poll = DatePoll.create(alliance=veere, duration=120, made_on=today(), meeting=draft)
    ProposedDate.create(poll=poll, starts_at=draft.starts_at)
    with counted_queries() as queries:
        assert said in carla.get(path).text
    assert len(queries) <= 8
    carla.post(path)
    assert DatePoll.get_by_id(poll.id).state == "withdrawn"


def test_an_extra_meeting_begins_as_one_and_another_does_not(carla, new, planner):
    [extra] = re.findall(r'href="([^"]*\?extra=1)"', carla.get(planner).text)

    def box(path):
        return re.search(r'<input[^>]*name="is_extra"[^>]*>', carla.get(path).text)[0]

    assert "checked" in box(extra)
    assert "checked" not in box(new)


def test_telling_everybody_of_a_draft_makes_it_a_meeting(client_of, cast, carla, draft):
    path = f"/meetings/{draft.id}/publish"
    assert carla.get(path).status_code == 200

    answer = carla.post(path)

    assert (answer.status_code, answer.location) == (303, f"/meetings/{draft.id}")
    assert client_of(cast.anna).get(f"/meetings/{draft.id}").status_code == 200
    assert (carla.get(path).status_code, carla.post(path).status_code) == (409, 409)
    assert Delivery.select().where(Delivery.meeting_id == draft.id).count() == 12


def test_a_draft_that_changed_while_the_page_was_open_is_shown_anew(carla, client_of, cast, draft):
    path = f"/meetings/{draft.id}/publish"
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', carla.get(path).text)[1]
    later = draft.starts_at + timedelta(days=7)
    Meeting.update(starts_at=later).where(Meeting.id == draft.id).execute()

    stale = carla.post(path, {"seen": seen})
    assert stale.status_code == 422
    assert Delivery.select().count() == 0

    fresh = re.search(r'name="seen"[^>]*value="([^"]+)"', stale.text)[1]
    assert carla.post(path, {"seen": fresh}).status_code == 303


def test_a_reason_is_asked_for_a_place_of_the_same_year(carla, new, form, draft, veere):
    hall = Venue.create(alliance=veere, name="Schuur", area="Domburg", address="Duinpad 8")
    Meeting.update(venue=hall).where(Meeting.id == draft.id).execute()
    other = form("06-04T19:30", is_extra="y", venue=hall.id, reason="De andere zaal is dicht")
    assert carla.post(new, other).status_code == 303
    path = f"/meetings/{draft.id}/publish"

    refused = carla.post(path)
    assert refused.status_code == 422
    assert 'name="reason"' in refused.text
    assert carla.post(path, {"reason": "De andere zaal is dicht"}).status_code == 303


def test_a_place_of_last_year_is_allowed_and_told_of(carla, new, form, veere):
    used = Meeting.select().where(Meeting.alliance == veere, Meeting.venue.is_null(False))
    this_year = [m for m in used if m.year == NEXT - 1]
    sent = form("09-04T19:30", is_extra="y", venue=this_year[0].venue_id)

    answer = carla.post(new, sent)

    assert answer.status_code == 303
    notes = re.findall(r'<p class="note[^"]*">', carla.get(answer.location).text)
    assert len(notes) >= 2


def test_the_place_of_last_year_is_also_told_of_when_only_the_place_is_chosen(carla, draft, veere):
    carla.post("/language", {"locale": "en"})
    used = Meeting.select().where(Meeting.alliance == veere, Meeting.venue.is_null(False))
    known = next(m.venue_id for m in used if m.year == NEXT - 1)
    barn = Venue.create(alliance=veere, name="Schuur", area="Domburg", address="Duinpad 8")
    path, said = f"/meetings/{draft.id}/venue", "You met at this place last year too."

    assert said in carla.get(carla.post(path, {"venue": known}).location).text
    assert said not in carla.get(carla.post(path, {"venue": barn.id}).location).text


def test_a_place_to_choose_says_when_it_was_used_or_will_be(carla, new, form, veere):
    carla.post("/language", {"locale": "en"})
    barn = Venue.create(alliance=veere, name="Schuur", area="Domburg", address="Duinpad 8")
    carla.post(new, form("03-09T19:30", is_extra="y", venue=barn.id))
    assert f"Schuur, Domburg (planned in {NEXT})" in carla.get(new).text

    Meeting.update(starts_at=now() - timedelta(days=400)).where(Meeting.venue == barn).execute()
    year = local(now() - timedelta(days=400)).year
    assert f"Schuur, Domburg (last in {year})" in carla.get(new).text


@pytest.mark.parametrize("duration", ["29", "481", "-120", "0", "", "abc", "1e3"])
def test_a_meeting_neither_ends_before_it_starts_nor_lasts_all_day(carla, new, form, duration):
    before = Meeting.select().count()

    answer = carla.post(new, form("03-04T19:30", is_extra="y", duration=duration))

    assert answer.status_code == 422
    assert 'id="duration-error"' in answer.text
    assert Meeting.select().count() == before


def test_an_hour_that_does_not_exist_is_refused(carla, new):
    answer = carla.post(new, {"starts_at": "2027-03-28T02:30", "duration": "120"})

    assert answer.status_code == 422
    assert 'id="starts_at-error"' in answer.text


def test_who_plans_from_elsewhere_has_no_draft_to_drop_or_tell_of(client_of, cast, draft):
    for who, status in ("dirk", 404), ("anna", 404), ("eva", 404), ("daan", 303):
        device = client_of(getattr(cast, who))
        assert device.post(f"/meetings/{draft.id}/drop").status_code == status, who


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"least_coming": "6", "place_days": "3"}, 303),
        ({"least_coming": "1", "place_days": "30"}, 303),
        ({"least_coming": "15", "place_days": "1"}, 303),
        ({"least_coming": "0", "place_days": "3"}, 422),
        ({"least_coming": "16", "place_days": "3"}, 422),
        ({"least_coming": "6", "place_days": "31"}, 422),
        ({"least_coming": "6", "place_days": "0"}, 422),
        ({"least_coming": "zes", "place_days": ""}, 422),
    ],
)
def test_what_was_agreed_stays_within_reason(carla, veere, sent, status):
    before = (veere.least_coming, veere.place_days)

    assert carla.post(f"/alliances/{veere.id}/agreements", sent).status_code == status

    after = Alliance.get_by_id(veere.id)
    wanted = tuple(map(int, sent.values())) if status == 303 else before
    assert (after.least_coming, after.place_days) == wanted


def test_what_was_agreed_is_for_the_coordinators_of_the_alliance(client_of, cast, veere):
    path, sent = f"/alliances/{veere.id}/agreements", {"least_coming": "1", "place_days": "30"}
    for who, status in ("anna", 403), ("eva", 403), ("dirk", 404):
        assert client_of(getattr(cast, who)).post(path, sent).status_code == status


def test_a_partner_sees_dates_and_counts_and_no_area(client_of, cast, veere):
    page = client_of(cast.eva).get("/meetings").text
    areas = {venue.area for venue in veere.venues}

    assert [area for area in areas if area in page] == []
    assert "planner" not in page
    assert f"/alliances/{veere.id}" not in page


def test_a_cancelled_meeting_says_so_in_the_list(client_of, cast, veere):
    meeting = coming_for(cast.anna).first()
    anna = client_of(cast.anna)
    before = anna.get("/meetings").text.count("state urgent")

    Meeting.update(cancelled_at=now()).where(Meeting.id == meeting.id).execute()

    page = anna.get("/meetings").text
    assert page.count("state urgent") == before + 1
    assert meeting.id in page


@pytest.mark.parametrize("repeat", range(3))
def test_two_coordinators_planning_the_fifth_at_once_plan_one(
    client_of, cast, carla, new, form, veere, repeat
):
    for month in ("01", "02", "03", "04")[: 4 - len(of_next_year(veere))]:
        assert carla.post(new, form(f"{month}-07T13:00")).status_code == 303
    jobs = [
        press(client_of(cast.carla), new, form("06-01T19:30")),
        press(client_of(cast.daan), new, form("09-01T19:30")),
    ]

    assert sorted(at_once(jobs)) == [303, 422]
    assert len(of_next_year(veere)) == 5


@pytest.mark.parametrize("repeat", range(3))
def test_two_coordinators_copying_at_once_copy_once(client_of, cast, planner, veere, repeat):
    path = f"{planner}/copy"
    jobs = [press(client_of(u), path, {"year": NEXT}) for u in (cast.carla, cast.daan)]

    assert sorted(at_once(jobs)) == [303, 409]
    starts = [local(m.starts_at).date() for m in of_next_year(veere)]
    assert len(starts) == len(set(starts)) <= 5


@pytest.mark.parametrize("repeat", range(3))
def test_telling_and_dropping_at_once_is_one_of_both(client_of, cast, draft, repeat):
    jobs = [
        press(client_of(cast.carla), f"/meetings/{draft.id}/publish", {}),
        press(client_of(cast.daan), f"/meetings/{draft.id}/drop", {}),
    ]
    told, dropped = at_once(jobs)

    assert (told == 303) != (dropped == 303)
    assert Meeting.select().where(Meeting.id == draft.id).exists() == (told == 303)
    assert Delivery.select().count() == (12 if told == 303 else 0)


@pytest.mark.parametrize("repeat", range(3))
def test_a_place_is_either_removed_or_planned_with(client_of, cast, new, form, veere, repeat):
    barn = Venue.create(alliance=veere, name="Schuur", area="Domburg", address="Duinpad 8")
    sent = form("06-01T19:30", is_extra="y", venue=barn.id)
    jobs = [
        press(client_of(cast.carla), f"/venues/{barn.id}/remove", {}),
        press(client_of(cast.daan), new, sent),
    ]
    removed, planned = at_once(jobs)

    assert (removed, planned) in {(303, 422), (409, 303)}
    assert Venue.select().where(Venue.id == barn.id).exists() == (planned == 303)
