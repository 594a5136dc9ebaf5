"""The year as its members look back on it: what was discussed, and what came of it."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from allies.actions.models import Action, Owner
from allies.advice.models import Round
from allies.alliances.models import Alliance
from allies.db import now
from allies.i18n import ZONE, at_local_time, today
from allies.meetings.models import Meeting
from allies.minutes.models import Minutes, MinutesPart, MinutesState
from allies.outcomes.models import Outcome
from allies.outcomes.service import give, owe
from allies.topics.models import Topic, TopicState
from allies.year.review import Review
from tests.walk import counted_queries

SUMMER = datetime(2026, 7, 1, 12, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def in_summer(app):
    for model in (Meeting, Round, Topic, Outcome, Action):
        model.delete().execute()
    with time_machine.travel(SUMMER, tick=False):
        yield


@pytest.fixture
def meet(veere):
    def make(day, **facts):
        starts_at = at_local_time(datetime.fromisoformat(f"{day}T19:30"))
        facts = {"alliance": veere, "duration": 120} | facts
        return Meeting.create(starts_at=starts_at, **facts)

    return make


@pytest.fixture
def discuss(veere):
    def make(meeting, title="De haven", state=TopicState.DISCUSSED, **facts):
        facts = {"alliance": veere, "what": "x", "submitted_on": today()} | facts
        return Topic.create(title=title, state=state, meeting=meeting, **facts)

    return make


@pytest.fixture
def review(cast, veere):
    return lambda persona="anna", year=2026: Review(getattr(cast, persona), veere, year)


@pytest.fixture
def page(client_of, cast, veere):
    def read(persona="anna", **args):
        device = client_of(getattr(cast, persona))
        device.post("/language", {"locale": "en"})
        return device.get(f"/alliances/{veere.id}/year", query_string=args)

    return read


@pytest.mark.parametrize(
    ("persona", "status"),
    [("anna", 200), ("carla", 200), ("eva", 403), ("mina", 404), ("dirk", 404)],
)
def test_the_year_is_for_who_sits_at_the_table(page, persona, status):
    assert page(persona).status_code == status


def test_meetings_are_held_to_come_or_still_to_be_planned(meet, review):
    first, second, extra = meet("2026-02-03"), meet("2026-09-08"), meet("2026-05-05", is_extra=True)
    year = review()

    assert year.held == [first, extra]
    assert year.coming == [second]
    assert year.slots_open == 3


def test_neither_drafts_nor_what_was_cancelled_fill_the_year(meet, review):
    meet("2026-09-08", is_draft=True)
    meet("2026-03-03", cancelled_at=now())
    for persona in ("anna", "carla"):
        assert (review(persona).meetings, review(persona).slots_open) == ([], 5)


def test_a_year_that_is_over_has_nothing_left_to_plan(meet, review):
    meet("2025-02-04")
    assert review(year=2025).slots_open == 0
    assert review(year=2027).slots_open == 5


def test_the_year_changes_at_midnight_on_walcheren(veere, review):
    for moment in ("2025-12-31T23:59", "2026-01-01T00:00"):
        starts_at = at_local_time(datetime.fromisoformat(moment))
        Meeting.create(alliance=veere, starts_at=starts_at, duration=60)
    assert (len(review(year=2025).meetings), len(review(year=2026).meetings)) == (1, 1)


def test_what_was_discussed_stands_under_its_meeting_with_what_came_of_it(
    meet, discuss, review, member, veere
):
    meeting = meet("2026-02-03")
    owed, given = owe(veere, "police"), owe(veere, "police")
    give(given, by=member("carla"), state="taken-up", text="Gedaan")
    waiting, done = discuss(meeting, outcome=owed), discuss(meeting, "Het plein", outcome=given)
    discuss(meeting, "Nog niet besproken", state=TopicState.APPROVED)
    minutes = Minutes.create(
        alliance=veere, meeting=meeting, state=MinutesState.FIXED, organisation="police"
    )
    facts = {"alliance": veere, "minutes": minutes}
    told = MinutesPart.create(**facts, title="Rondvraag", position=1, outcome=owe(veere, "police"))
    MinutesPart.create(**facts, title="Zonder advies", position=2)

    assert review().discussed[meeting.id] == [waiting, done, told]
    assert (review().numbers.answered, review().numbers.owed) == (1, 2)


def test_members_see_nothing_of_minutes_that_are_not_told_yet(meet, review, page, veere):
    meeting = meet("2026-02-03")
    Minutes.create(alliance=veere, meeting=meeting)
    assert not review("anna").held[0].has_minutes
    assert f"/meetings/{meeting.id}/minutes" not in page().text

    Minutes.update(state=MinutesState.CONTESTABLE, published_at=now()).execute()
    assert f"/meetings/{meeting.id}/minutes" in page().text


def test_actions_of_a_meeting_are_counted_but_for_what_was_dropped(meet, page, veere):
    meeting = meet("2026-02-03")
    for state in ("done", "done", "open", "dropped"):
        Action.create(
            alliance=veere, meeting=meeting, owner=Owner.POLICE, text="x", due_on=today(),
            state=state,
        )  # fmt: skip
    assert "2 of 3 actions done" in page().text


def test_asked_brought_and_answered_count_this_group_and_this_year(
    discuss, review, veere, middelburg
):
    texts = dict.fromkeys(("question", "known", "unknown", "shareable"), "x")
    facts = {"state": "open", "organisation": "police", "ends_at": now(), **texts}
    for alliance, opened_at in [
        (veere, now()), (veere, now() - timedelta(days=365)), (middelburg, now()),
    ]:  # fmt: skip
        Round.create(alliance=alliance, opened_at=opened_at, **facts)
    Round.create(alliance=veere, **facts | {"state": "draft"})
    discuss(None, state=TopicState.APPROVED)
    discuss(None, state=TopicState.SUBMITTED)
    discuss(None, state=TopicState.APPROVED, submitted_on=date(2025, 12, 31))

    numbers = review().numbers
    assert (numbers.asked, numbers.brought) == (1, 1)


def test_who_coordinates_several_groups_reads_of_the_one_that_was_asked(page, meet):
    meet("2026-02-03")
    assert "1 of 5 meetings were held." in page("piet").text


def test_how_many_were_there_shows_from_three_on(meet, page):
    meeting = meet("2026-02-03", came=2)
    assert "were there" not in page().text
    Meeting.update(came=3).where(Meeting.id == meeting.id).execute()
    assert "3 were there" in page().text


def test_one_pages_to_years_with_meetings(meet, page):
    meet("2025-02-04")
    this = page().text
    assert "year=2025" in this
    assert "year=2027" not in this
    before = page(year=2025).text
    assert "year=2024" not in before
    assert "year=2026" in before


@pytest.mark.parametrize("year", ["1", "0", "-5", "99999", "x", "", "2026.5", "9" * 400])
def test_what_is_no_year_shows_this_one(page, year):
    answer = page(year=year)
    assert answer.status_code == 200
    assert "The year 2026" in answer.text


def test_a_full_year_asks_as_much_as_an_empty_one(meet, discuss, client_of, cast, veere):
    device, path = client_of(cast.anna), f"/alliances/{veere.id}/year"
    with counted_queries() as empty:
        device.get(path)
    for month in range(1, 6):
        meeting = meet(f"2026-0{month}-03")
        for number in range(4):
            discuss(meeting, f"Thema {number}", outcome=owe(veere, "police"))
    with counted_queries() as full:
        assert device.get(path).status_code == 200
    assert len(full) == len(empty) <= 8


def test_what_another_group_discussed_stands_nowhere(meet, discuss, page):
    other = Alliance.get(Alliance.name == "Middelburg")
    meeting = meet("2026-02-03", alliance=other)
    discuss(meeting, "Van een ander", alliance=other)
    assert "Van een ander" not in page().text
