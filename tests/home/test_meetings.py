"""The start page tells of meetings: what changed, what is to be done before and after them."""

import secrets
from datetime import timedelta

import brotli
import pytest
import time_machine

from allies.actions import service as actions
from allies.actions.models import Action, Owner
from allies.alliances.models import Alliance
from allies.dates.models import DateAnswer, DatePoll, Fit, ProposedDate
from allies.db import now
from allies.home.today import Today
from allies.i18n import local, today
from allies.meetings.models import Meeting, Rsvp, count_answers
from allies.minutes.models import Contest, Minutes, MinutesPart, MinutesState
from allies.outcomes.service import owe
from allies.venues.models import Venue
from tests.walk import counted_queries

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def alone(app):
    """No meetings, dates or actions but those a test makes."""
    for model in (Action, DatePoll, Meeting):
        model.delete().execute()


@pytest.fixture
def meet(alone, veere):
    """meet(days, **facts): a meeting of Veere, so many days from now."""

    def make(days, **facts):
        facts = {"alliance": veere, "starts_at": now() + days * DAY, "duration": 120} | facts
        return Meeting.create(**facts)

    return make


@pytest.fixture
def write(veere):
    """write(meeting, state): its minutes, published just now unless they are a concept."""

    def make(meeting, state=MinutesState.CONTESTABLE, **facts):
        published = None if state == MinutesState.CONCEPT else now()
        facts = {"published_at": published, "organisation": "police"} | facts
        return Minutes.create(alliance=meeting.alliance, meeting=meeting, state=state, **facts)

    return make


@pytest.fixture
def of(cast):
    return lambda persona: Today(getattr(cast, persona))


@pytest.fixture
def page(client_of, cast):
    def read(persona):
        device = client_of(getattr(cast, persona))
        device.post("/language", {"locale": "en"})
        return device.get("/").text

    return read


def row_of(page, path):
    return page.split(f'href="{path}')[1].split("</a>")[0]


# What is at hand

BARN = {"name": "Schuur van Duinzicht", "area": "Domburg", "address": "Duinpad 8"}


@pytest.fixture
def tonight(meet, veere):
    """A meeting of Veere today at 19:30 with a place, and the moment it begins."""
    start = local(now()).replace(hour=19, minute=30, second=0, microsecond=0)
    return meet(0, starts_at=start, venue=Venue.create(alliance=veere, **BARN))


@pytest.mark.parametrize("persona", ["anna", "carla"])
@pytest.mark.parametrize(
    ("minutes", "said"),
    [(-4 * 60, "Tonight at 19:30"), (30, "Now, until 21:30"), (119, "Now, until 21:30"),
     (-2 * 24 * 60, "On ")],
)  # fmt: skip
def test_the_evening_stands_first_with_its_address_until_it_ends(
    tonight, page, persona, minutes, said
):
    with time_machine.travel(tonight.starts_at + timedelta(minutes=minutes), tick=False):
        main = page(persona).split('<main id="main"')[1]
    first = main.split("<section")[1]

    assert said in first.split("</h2>")[0]
    assert BARN["address"] in first
    assert f'href="/meetings/{tonight.id}"' in first


def test_after_its_end_and_before_the_address_shows_it_is_not_at_hand(tonight, of):
    for moment in (tonight.ends_at, tonight.starts_at - 8 * DAY):
        with time_machine.travel(moment, tick=False):
            assert of("anna").meetings.at_hand == []


@pytest.mark.parametrize("before", [HOUR, -HOUR])
def test_a_partner_never_reads_the_address_there(tonight, page, before):
    with time_machine.travel(tonight.starts_at - before, tick=False):
        text = page("eva")

    assert [word for word in BARN.values() if word in text] == []


def test_who_said_no_is_not_told_of_the_evening(tonight, of, member):
    for answer, is_told in (("no", False), ("maybe", True), ("yes", True)):
        Rsvp.delete().where(Rsvp.meeting == tonight).execute()
        Rsvp.create(meeting=tonight, membership=member("anna"), answer=answer)
        with time_machine.travel(tonight.starts_at + HOUR, tick=False):
            assert of("anna").meetings.at_hand == [tonight] * is_told


@pytest.mark.parametrize("facts", [{"is_draft": True}, {"cancelled_at": now()}])
def test_what_is_not_held_is_not_at_hand(tonight, of, facts):
    with time_machine.travel(tonight.starts_at, tick=False):
        assert of("carla").meetings.at_hand == [tonight]
        Meeting.update(**facts).where(Meeting.id == tonight.id).execute()
        assert of("carla").meetings.at_hand == []


def test_a_later_meeting_to_answer_comes_after_the_evening(tonight, meet, page, member):
    Rsvp.create(meeting=tonight, membership=member("anna"), answer="yes")
    later = meet(30)
    with time_machine.travel(tonight.starts_at - HOUR, tick=False):
        text = page("anna")

    assert text.index("Tonight at") < text.index(f'id="rsvp-{later.id}"')
    assert f'id="rsvp-{tonight.id}"' not in text


@pytest.mark.parametrize("persona", ["anna", "carla", "eva", "piet"])
def test_an_evening_costs_the_page_no_query_more(tonight, client_of, cast, persona):
    device = client_of(getattr(cast, persona))
    with (
        time_machine.travel(tonight.starts_at - timedelta(minutes=5), tick=False),
        counted_queries() as queries,
    ):
        device.get("/")

    assert len(queries) <= 8


def test_what_changed_stands_under_the_meeting_to_answer_and_above_what_is_owed(meet, page, veere):
    coming = meet(30)
    meet(9, cancelled_at=now())
    text = page("carla")
    assert text.index("What changed") < text.index("Still to be answered by")
    text = page("anna")
    assert text.index(f'id="rsvp-{coming.id}"') < text.index("What changed")


# What changed


@pytest.mark.parametrize("persona", ["anna", "carla", "eva"])
def test_a_cancelled_meeting_is_told_until_its_day_has_passed(meet, of, persona):
    meeting = meet(3, cancelled_at=now())
    assert of(persona).meetings.news == [meeting]
    evening = local(meeting.starts_at).replace(hour=23, minute=59)
    with time_machine.travel(evening, tick=False):
        assert of(persona).meetings.news == [meeting]
    with time_machine.travel(evening + 2 * timedelta(minutes=1), tick=False):
        assert of(persona).meetings.news == []


def test_a_moved_meeting_is_told_until_its_first_day_has_passed(meet, of):
    meeting = meet(20, moved_from=now() + 2 * DAY)
    assert of("anna").meetings.news == [meeting]
    with time_machine.travel(now() + 3 * DAY, tick=False):
        assert of("anna").meetings.news == []


def test_a_meeting_that_was_moved_forward_is_no_news_once_it_has_begun(meet, of):
    meeting = meet(2, moved_from=now() + 20 * DAY)
    assert of("anna").meetings.news == [meeting]
    with time_machine.travel(now() + 3 * DAY, tick=False):
        assert of("anna").meetings.news == []


def test_the_page_says_what_it_was_and_what_it_is(meet, page):
    moved = meet(20, moved_from=now() + 2 * DAY)
    cancelled = meet(5, cancelled_at=now())
    news = page("anna").split("What changed")[1]

    assert "Cancelled" in row_of(news, f"/meetings/{cancelled.id}")
    was = local(moved.moved_from)
    assert f"was {was:%A} {was.day} {was:%B}" in row_of(news, f"/meetings/{moved.id}")


def test_what_is_cancelled_asks_for_no_answer(meet, of):
    meet(3, cancelled_at=now())
    anna = of("anna")
    assert (anna.meetings.invitations, anna.meetings.next_meetings) == ([], [])


def test_another_group_reads_nothing_of_it(meet, of):
    meet(3, cancelled_at=now())
    assert of("mina").meetings.news == []


# Before a meeting


def test_the_numbers_are_those_of_the_page_of_the_meeting(app, of):
    for persona in ("anna", "carla", "piet", "sanne"):
        coming = of(persona).meetings.coming
        known = count_answers(coming)
        for meeting in coming:
            expected = known[meeting.id]
            assert dict(meeting.counts) == dict(expected) | {
                answer: 0 for answer in meeting.counts if answer not in expected
            }
            assert meeting.counts.asked == expected.asked


def test_too_few_coming_is_for_coordinators(meet, of, veere):
    meeting = meet(3)
    assert of("carla").meetings.to_look_at == [(meeting, "few")]
    assert of("anna").meetings.to_look_at == of("eva").meetings.to_look_at == []

    for ally in list(veere.allies)[: veere.least_coming]:
        Rsvp.create(meeting=meeting, membership=ally, answer="yes")
    assert of("carla").meetings.to_look_at == [(meeting, "place")]


@pytest.mark.parametrize(("days", "is_told"), [(10, True), (60, False)])
def test_a_draft_is_on_the_desk_when_it_is_near(meet, of, days, is_told):
    meeting = meet(days, is_draft=True)
    expected = [(meeting, "draft")] if is_told else []
    assert of("carla").meetings.to_look_at == expected
    assert of("anna").meetings.meetings == []


# After a meeting


def test_after_a_meeting_coordinators_note_who_was_there_and_write(meet, of, write):
    meeting = meet(-1)
    tasks = [(meeting, "minutes"), (meeting, "attendance")]
    assert of("carla").meetings.to_round_off == tasks
    assert of("anna").meetings.to_round_off == []

    Meeting.update(came=9).where(Meeting.id == meeting.id).execute()
    write(meeting)
    assert of("carla").meetings.to_round_off == []


def test_a_concept_is_still_to_be_finished_and_members_see_nothing_of_it(meet, of, write):
    meeting = meet(-1, came=9)
    write(meeting, MinutesState.CONCEPT)
    assert of("carla").meetings.to_round_off == [(meeting, "minutes")]
    assert of("anna").meetings.contestable == []


@pytest.mark.parametrize(("days", "is_late"), [(2, False), (4, True)])
def test_minutes_are_late_after_three_days(meet, page, days, is_late):
    meeting = meet(-days, came=9)
    assert ("Late" in row_of(page("carla"), f"/meetings/{meeting.id}/minutes/write")) == is_late


def test_after_two_weeks_nobody_is_asked_who_was_there(meet, of):
    meeting = meet(-15)
    assert of("carla").meetings.to_round_off == [(meeting, "minutes")]


def test_minutes_can_be_contested_for_seven_days_by_members(meet, of, write):
    meeting = meet(-2, came=9)
    write(meeting)
    assert of("anna").meetings.contestable == [meeting]
    assert of("carla").meetings.contestable == of("eva").meetings.contestable == []
    with time_machine.travel(now() + 7 * DAY, tick=False):
        assert of("anna").meetings.contestable == [meeting]
    with time_machine.travel(now() + 8 * DAY, tick=False):
        assert of("anna").meetings.contestable == []


def test_a_remark_about_minutes_waits_for_the_coordinators(meet, of, write, veere, member):
    meeting = meet(-20, came=9)
    minutes = write(meeting)
    part = MinutesPart.create(alliance=veere, minutes=minutes, title="Haven", position=0)
    facts = {"alliance": veere, "part": part, "sentence": "x", "made_on": today()}
    contest = Contest.create(**facts, membership=member("anna"))
    assert of("carla").meetings.to_round_off == [(meeting, "contests")]
    assert of("anna").meetings.to_round_off == []

    Contest.update(state="kept").where(Contest.id == contest.id).execute()
    assert of("carla").meetings.to_round_off == []


def test_advice_in_minutes_is_owed_like_any_other(meet, of, page, write, veere):
    minutes = write(meet(-20, came=9), MinutesState.FIXED, fixed_at=now())
    outcome = owe(veere, "police")
    part = MinutesPart.create(
        alliance=veere, minutes=minutes, title="Haven", position=0, outcome=outcome
    )
    assert part in of("carla").owed
    assert part not in of("daan").owed
    assert f"/meetings/{minutes.meeting_id}/minutes" in page("carla")


# Finding a date


@pytest.fixture
def poll(alone, veere):
    poll = DatePoll.create(alliance=veere, duration=120, made_on=today())
    for days in (10, 20):
        ProposedDate.create(poll=poll, starts_at=now() + days * DAY)
    return poll


def test_a_question_about_dates_waits_until_every_date_is_answered(poll, of, member, veere):
    for proposed in poll.dates:
        assert of("anna").desk.polls == [(veere, poll.id)]
        DateAnswer.create(proposed=proposed, membership=member("anna"), fit=Fit.NO)
    assert of("anna").desk.polls == []
    assert of("bram").desk.polls == [(veere, poll.id)]


def test_coordinators_follow_it_and_mayors_and_others_read_nothing_of_it(poll, of, veere):
    carla = of("carla").desk
    assert (carla.polls, carla.own_polls) == ([], [(veere, poll.id)])
    for persona in ("eva", "mina", "dirk"):
        assert (of(persona).desk.polls, of(persona).desk.own_polls) == ([], [])


@pytest.mark.parametrize("state", ["picked", "withdrawn"])
def test_a_question_that_is_over_waits_for_nobody(poll, of, state):
    DatePoll.update(state=state).execute()
    assert of("anna").desk.polls == []


def test_a_question_of_which_all_days_have_passed_waits_for_nobody(poll, of):
    with time_machine.travel(now() + 21 * DAY, tick=False):
        assert of("anna").desk.polls == []


# Actions


def test_actions_are_tasks_of_whose_they_are_and_a_list_for_the_others(alone, of, veere, member):
    for owner in Owner:
        due_on = today() + 7 * DAY
        actions.add(veere, by=member("carla"), owner=owner, text="Kaart", due_on=due_on)
    for persona, owner in [("carla", "police"), ("daan", "municipality"), ("anna", "group")]:
        mine = of(persona)
        assert [a.owner for a in mine.own_actions] == [owner]
        assert len(mine.others_actions) == 2
    for persona in ("eva", "mina"):
        assert of(persona).actions == []


def test_an_action_leaves_the_start_page_when_it_is_done(alone, of, veere, member):
    action = actions.add(veere, by=member("carla"), owner=Owner.GROUP, text="Kaart", due_on=today())
    assert not of("anna").is_quiet
    actions.finish(action, by=member("anna"))
    assert of("anna").actions == []


# The page as a whole


@pytest.fixture
def busy(alone, cast):
    """Much of everything in every group."""
    for alliance in Alliance.select():
        for number in range(1, 6):
            facts = {"alliance": alliance, "duration": 60}
            Meeting.create(**facts, starts_at=now() + number * DAY)
            Meeting.create(**facts, starts_at=now() + number * DAY, cancelled_at=now())
            Meeting.create(**facts, starts_at=now() + number * DAY, is_draft=True)
            held = Meeting.create(**facts, starts_at=now() - number * DAY)
            Minutes.create(
                alliance=alliance, meeting=held, state=MinutesState.CONTESTABLE,
                published_at=now(), organisation="police",
            )  # fmt: skip
            for owner in Owner:
                for _ in range(5):
                    text = secrets.token_urlsafe(60)
                    Action.create(alliance=alliance, owner=owner, text=text, due_on=today())
            poll = DatePoll.create(alliance=alliance, duration=60, made_on=today())
            ProposedDate.create(poll=poll, starts_at=now() + 9 * DAY)


@pytest.mark.parametrize("persona", ["anna", "carla", "eva", "piet", "sanne"])
def test_a_busy_page_asks_as_much_as_a_quiet_one_and_stays_light(busy, client_of, cast, persona):
    device = client_of(getattr(cast, persona))
    with counted_queries() as full:
        page = device.get("/")
    for model in (Action, DatePoll, Meeting):
        model.delete().execute()
    with counted_queries() as empty:
        device.get("/")
    assert page.status_code == 200
    assert len(brotli.compress(page.data)) <= 6_000
    assert len(full) == len(empty) <= 8


def test_a_long_list_shows_three_and_folds_the_rest(busy, page):
    news = page("anna").split("What changed")[1].split("</section>")[0]
    shown, folded = news.split("<details")
    assert (shown.count("<li>"), folded.count("<li>")) == (3, 2)
    assert "2 more" in folded


def test_rows_name_their_group_for_who_has_several(busy, page):
    assert "Vlissingen" in page("piet").split("What changed")[1].split("</section>")[0]
    assert "Veere" not in page("anna").split("What changed")[1].split("</section>")[0]


def test_the_switch_shows_one_group(busy, of, cast, veere):
    cast.piet.shown_alliance = veere.id
    piet = of("piet")
    rows = [m for m, _task in (*piet.meetings.to_look_at, *piet.meetings.to_round_off)]
    assert {m.alliance for m in (*rows, *piet.meetings.news, *piet.actions)} == {veere}
    assert [alliance for alliance, _poll in piet.desk.own_polls] == [veere]
