"""The agenda on the screen in the room and on paper, and what was done with advice."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from allies.advice.models import Round
from allies.agenda import service
from allies.agenda.models import AgendaItem
from allies.agenda.running import Agenda
from allies.agenda.words import report_words
from allies.alliances.models import Membership
from allies.db import now
from allies.outcomes.models import Outcome
from allies.topics.models import Topic
from tests.agenda.agendas import fresh, make_topic
from tests.agenda.conftest import make_meeting
from tests.walk import counted_queries

MINUTE = timedelta(minutes=1)


@pytest.fixture
def anna(client_of, cast):
    device = client_of(cast.anna)
    device.post("/language", {"locale": "en"})
    return device


@pytest.fixture
def evening(meeting, topic, carla):
    """A meeting with 15 minutes of advice, 25 of a topic and 20 of what they bring."""
    service.put_on(meeting, topic, by=carla)
    return meeting


def room(meeting, step="", item=None):
    return f"/meetings/{meeting.id}/room{step}" + (f"?item={item}" if item else "")


def poll_of(answer):
    """The address at which this page asks for news."""
    return unescape(re.search(r'hx-get="([^"]+)"', answer.text)[1])


def heading(page):
    inside = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1]
    return re.sub(r"<[^>]+>", "", inside).strip()


@pytest.mark.parametrize(
    ("minutes", "title", "left"),
    [
        (-5, "Welcome", "We begin at"),
        (0, "What was done with our advice", "15 minutes left"),
        (14.5, "What was done with our advice", "1 minute left"),
        (15, "Bankjes bij de haven", "25 minutes left"),
        (41, "What police and municipality bring", "19 minutes left"),
        (60, "That was it. Thank you all.", ""),
    ],
)
def test_the_screen_follows_the_clock(app, client_of, cast, evening, minutes, title, left):
    with time_machine.travel(evening.starts_at + minutes * MINUTE, tick=False):
        device = client_of(cast.anna)
        device.post("/language", {"locale": "en"})
        page = device.get(room(evening)).text

    assert heading(page) == title
    assert left in page
    if title == "What was done with our advice":
        assert "Bankjes bij de haven" in page  # what comes next


def test_a_poll_has_no_body_until_something_changes(client_of, cast, evening, carla):
    with time_machine.travel(evening.starts_at + 2 * MINUTE, tick=False) as clock:
        anna = client_of(cast.anna)
        poll = poll_of(anna.get(room(evening)))
        answer = anna.get(poll)
        assert (answer.status_code, answer.data) == (204, b"")

        clock.shift(MINUTE)
        later = anna.get(poll)
        assert later.status_code == 200
        assert "<html" not in later.text
        service.add(fresh(evening), by=carla, title="Rondje", minutes=5)
        assert anna.get(poll_of(later)).status_code == 200


def test_somebody_steps_by_plain_links(anna, evening):
    page, seen = anna.get(room(evening)).text, []
    while link := re.search(r'rel="next"[^>]* href="([^"]+)"', page):
        page = anna.get(link[1]).text
        seen.append(heading(page))

    assert seen == [
        "What was done with our advice",
        "Bankjes bij de haven",
        "What police and municipality bring",
    ]
    assert "Follow the clock" in page
    assert 'rel="prev"' in page


def test_an_item_of_another_agenda_is_not_shown(anna, evening, middelburg):
    elsewhere = AgendaItem.of_meeting(make_meeting(middelburg, days=3)).first()

    assert heading(anna.get(room(evening, item=elsewhere.id)).text) == "Welcome"


def test_without_javascript_the_screen_refreshes_itself(anna, evening):
    assert '<noscript><meta http-equiv="refresh"' in anna.get(room(evening)).text


@pytest.mark.parametrize("step", ["/room", "/agenda/paper"])
def test_screen_and_paper_tell_neither_place_nor_alliance_nor_alias(anna, evening, veere, step):
    page = anna.get(f"/meetings/{evening.id}{step}").text
    aliases = [m.alias for m in Membership.select().where(Membership.alliance == veere)]

    title = re.search(r"<title>(.*?)</title>", page)[1]
    assert title == "Agenda – De Tafel"
    assert veere.name not in page
    assert [alias for alias in aliases if alias in page] == []


def test_a_place_that_is_agreed_is_not_on_screen_or_paper(client_of, cast):
    carla = client_of(cast.carla)
    meetings = [m for m in Membership.get(user=cast.carla).alliance.meetings if m.venue_id]
    assert meetings
    for meeting in meetings:
        for step in ("/room", "/agenda/paper"):
            page = carla.get(f"/meetings/{meeting.id}{step}").text
            assert meeting.venue.name not in page
            assert meeting.venue.address not in page


def test_a_sheet_holds_no_links_among_its_items(anna, evening):
    page = anna.get(f"/meetings/{evening.id}/agenda/paper").text

    assert "Bankjes bij de haven" in page
    assert "/topics/" not in page.split("<main")[1].split("</main>")[0]


# -- what was done with our advice


@pytest.fixture
def bare(veere):
    """Veere without a meeting or an outcome of before."""
    Outcome.delete().where(Outcome.alliance == veere).execute()
    veere.meetings.model.delete().where(veere.meetings.model.alliance == veere).execute()
    return veere


def told(alliance, about, *, given=None, due=None):
    """An outcome about a topic or round, given or owed so many days from now."""
    moment = (
        {} if given is None else {"state": "taken-up", "given_at": now() + given * 1440 * MINUTE}
    )
    outcome = Outcome.create(
        alliance=alliance, owed_by="police", due_at=now() + (due or 1) * 1440 * MINUTE, **moment
    )
    type(about).update(outcome=outcome).where(type(about).id == about.id).execute()
    return outcome


def reported(meeting):
    return [report.title for report in Agenda(meeting).reports]


def test_what_was_given_since_the_meeting_before_is_told_and_then_what_is_owed(bare):
    make_meeting(bare, days=-20)
    coming = make_meeting(bare, days=5)
    told(bare, make_topic(bare, "Lang geleden", state="discussed"), given=-30)
    told(bare, make_topic(bare, "Pas gedaan", state="discussed"), given=-3)
    told(bare, make_topic(bare, "Komt nog", state="discussed"), due=2)
    told(bare, make_topic(bare, "Te laat", state="discussed"), due=-2)

    assert reported(coming) == ["Pas gedaan", "Te laat", "Komt nog"]


def test_a_cancelled_meeting_and_a_draft_are_no_meeting_before(bare):
    make_meeting(bare, days=-2, cancelled_at=now())
    make_meeting(bare, days=-1, is_draft=True)
    told(bare, make_topic(bare, "Pas gedaan", state="discussed"), given=-3)

    assert reported(make_meeting(bare, days=5)) == ["Pas gedaan"]


def test_a_past_meeting_tells_what_had_been_given_by_then(bare):
    make_meeting(bare, days=-40)
    past = make_meeting(bare, days=-20)
    told(bare, make_topic(bare, "Op tijd", state="discussed"), given=-30)
    told(bare, make_topic(bare, "Daarna", state="discussed"), given=-3)
    told(bare, make_topic(bare, "Komt nog", state="discussed"))

    assert reported(past) == ["Op tijd"]


def test_rounds_are_told_by_their_question(bare, member):
    asked = Round.create(
        alliance=bare, state="outcome-given", organisation="police", known="k", unknown="u",
        question="Wat doet de brug met de buurt? " * 20, shareable="s",
    )  # fmt: skip
    told(bare, asked, given=-1)
    (title,) = reported(make_meeting(bare, days=5))

    assert title.startswith("Wat doet de brug met de buurt?")
    assert len(title) <= 122


def test_nothing_of_another_alliance_is_told(bare, middelburg):
    told(middelburg, make_topic(middelburg, "Van elders", state="discussed"), given=-1)

    assert reported(make_meeting(bare, days=5)) == []


def test_what_was_done_stands_on_every_page_of_the_agenda(bare, anna, client_of, cast):
    coming = make_meeting(bare, days=5)
    told(bare, make_topic(bare, "Pas gedaan", state="discussed"), given=-3)
    first = AgendaItem.of_meeting(coming).first()

    for address in (f"/meetings/{coming.id}", room(coming, item=first.id)):
        assert "Pas gedaan" in anna.get(address).text
    for step in ("", "/paper"):
        assert "Pas gedaan" in client_of(cast.carla).get(f"/meetings/{coming.id}/agenda{step}").text
    assert Topic.select().where(Topic.alliance == bare, Topic.title == "Pas gedaan").exists()


def test_only_the_next_meeting_says_what_was_done(bare, anna, client_of, cast):
    coming, far = make_meeting(bare, days=5), make_meeting(bare, days=300)
    told(bare, make_topic(bare, "Pas gedaan", state="discussed"), given=-3)
    told(bare, make_topic(bare, "Komt nog", state="discussed"))
    first = AgendaItem.of_meeting(far).first()

    assert reported(coming) == ["Pas gedaan", "Komt nog"]
    assert reported(far) == []
    carla = client_of(cast.carla)
    carla.post("/language", {"locale": "en"})
    for device, address in (
        (anna, f"/meetings/{far.id}"),
        (anna, room(far, item=first.id)),
        (anna, f"/meetings/{far.id}/agenda/paper"),
        (carla, f"/meetings/{far.id}/agenda"),
    ):
        page = device.get(address).text
        assert "This is filled in once it is the next meeting." in page, address
        assert "Komt nog" not in page, address


@pytest.mark.parametrize("facts", [{"is_draft": True}, {"cancelled_at": now()}])
def test_a_draft_and_a_cancelled_meeting_do_not_come_first(bare, facts):
    make_meeting(bare, days=2, **facts)
    told(bare, make_topic(bare, "Komt nog", state="discussed"))

    assert reported(make_meeting(bare, days=5)) == ["Komt nog"]


def test_what_a_held_meeting_told_stays_as_it_was(bare):
    """Owed at the meeting and given since, and what that meeting itself led to."""
    make_meeting(bare, days=-40)
    past = make_meeting(bare, days=-20)
    told(bare, make_topic(bare, "Op tijd", state="discussed"), given=-30, due=-32)
    late = told(bare, make_topic(bare, "Toen te laat", state="discussed"), due=-25)
    told(bare, make_topic(bare, "Toen nog niet", state="discussed"), due=-19)
    told(bare, make_topic(bare, "Toen besproken", state="discussed"), due=-16)
    before = standing(past)
    late.state, late.given_at = "taken-up", now() - 1440 * MINUTE
    Outcome.update(state=late.state, given_at=late.given_at).where(Outcome.id == late.id).execute()

    assert before == {
        "Op tijd": "Taken up", "Toen te laat": "Overdue", "Toen nog niet": "Still to come",
    }  # fmt: skip
    assert standing(past) == before
    assert standing(make_meeting(bare, days=5))["Toen te laat"] == "Taken up"


def standing(meeting):
    """{what it is about: how it stands}, in the order of the agenda."""
    return {r.title: str(report_words(r)) for r in Agenda(meeting).reports}


def test_what_was_done_is_one_question(bare):
    coming, far = make_meeting(bare, days=5), make_meeting(bare, days=50)
    for number in range(8):
        told(bare, make_topic(bare, f"Thema {number}", state="discussed"), given=-number - 1)
    asked = []
    for meeting in (coming, far):
        with counted_queries() as queries:
            agenda = Agenda(meeting)
            assert len(agenda.reports) in {0, 8}
        asked.append(len(queries))

    assert asked == [2, 1]


@pytest.mark.parametrize(("number", "more"), [(5, None), (6, "And 1 more"), (9, "And 4 more")])
def test_the_screen_holds_a_few_and_counts_the_rest(bare, anna, number, more):
    coming = make_meeting(bare, days=5)
    for each in range(number):
        told(bare, make_topic(bare, f"Thema {each}", state="discussed"), given=-each - 1)
    page = anna.get(room(coming, item=AgendaItem.of_meeting(coming).first().id)).text

    assert page.count("Taken up") == 5
    assert ("on paper" in page) == bool(more)
    assert (more or "") in page
