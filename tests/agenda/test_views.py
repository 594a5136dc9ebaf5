"""The pages of an agenda: making it, settling it, and reading it."""

import random
import re
from datetime import timedelta

import brotli
import pytest
import time_machine

from allies.agenda import service
from allies.agenda.models import MOST_ITEMS, AgendaItem
from allies.db import now
from allies.meetings import changing
from allies.meetings.models import Meeting
from allies.outcomes.models import Outcome
from allies.topics.models import Support, Topic
from tests.agenda.agendas import fresh, hold, item_of, kinds, make_topic, titles
from tests.agenda.conftest import make_meeting
from tests.at_once import at_once, press
from tests.test_pages import check_html
from tests.walk import counted_queries

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(client_of, cast):
    """Carla's browser, in English."""
    return english(client_of(cast.carla))


def english(device):
    device.post("/language", {"locale": "en"})
    return device


def path(meeting, step=""):
    return f"/meetings/{meeting.id}/agenda{step}"


def sent(meeting, **fields):
    """The list as the page sends it."""
    items = list(AgendaItem.of_meeting(meeting))
    return {
        "agenda_version": fresh(meeting).agenda_version,
        "item": [item.id for item in items],
        "minutes": [item.minutes for item in items],
        **fields,
    }


def ids(meeting):
    return [item.id for item in AgendaItem.of_meeting(meeting)]


# -- making it


def test_the_list_shows_running_times_and_the_total(desk, meeting, topic, carla):
    service.put_on(meeting, topic, by=carla)
    Meeting.update(starts_at=now().replace(hour=9, minute=0) + timedelta(days=40)).execute()
    page = desk.get(path(meeting)).text

    times = re.findall(r"(\d\d:\d\d) – (\d\d:\d\d)", page)[1:]
    assert [end for _start, end in times[:-1]] == [start for start, _end in times[1:]]
    assert len(times) == 3
    assert "Together 60 minutes. The meeting lasts 120." in page
    assert "too long" not in page


def test_clock_times_run_on_when_the_clock_is_changed(client_of, cast, veere):
    """In the night of 28 March 2027 it is three o'clock right after two."""
    with time_machine.travel("2027-03-20 12:00:00+00:00", tick=False):
        night = make_meeting(veere, days=1)
        start = now().replace(day=28, hour=0, minute=30)
        Meeting.update(starts_at=start).where(Meeting.id == night.id).execute()
        page = english(client_of(cast.carla)).get(path(night)).text

    assert "01:30 – 01:45" in page
    assert "01:45 – 03:05" in page


def test_too_much_for_the_evening_is_said(desk, meeting):
    items = sent(meeting, minutes=[100, 45], save="1")
    assert desk.post(path(meeting, "/order"), items).status_code == 303

    assert "That is 25 minutes too long." in desk.get(path(meeting)).text


@pytest.mark.parametrize(("button", "moved"), [("up", 1), ("down", 0)])
def test_up_and_down_work_without_javascript(desk, meeting, button, moved):
    before = ids(meeting)
    answer = desk.post(path(meeting, "/order"), sent(meeting, **{button: before[moved]}))

    assert (answer.status_code, answer.location) == (303, path(meeting))
    assert ids(meeting) == before[::-1]


def test_under_htmx_the_list_comes_back_with_the_focus_on_the_moved_item(
    desk, meeting, topic, carla
):
    service.put_on(meeting, topic, by=carla)
    mine = item_of(topic).id
    for button, still_there in (("up", "down"), ("down", "down"), ("down", "up")):
        answer = desk.post(path(meeting, "/order"), sent(meeting, **{button: mine}), headers=HTMX)
        focused = re.findall(r'name="(\w+)" value="([^"]+)"[^>]* data-focus', answer.text)
        assert answer.status_code == 200
        assert focused == [(still_there, mine)]
    assert kinds(meeting) == ["advice", "brings", "topic"]


def test_moving_an_item_notes_the_minutes_that_were_typed_too(desk, meeting):
    first, last = ids(meeting)
    desk.post(path(meeting, "/order"), sent(meeting, minutes=[5, 55], down=first))

    assert [(i.id, i.minutes) for i in AgendaItem.of_meeting(meeting)] == [(last, 55), (first, 5)]


def test_a_whole_order_can_be_sent_at_once(desk, meeting, topic, carla):
    service.put_on(meeting, topic, by=carla)
    dragged = ids(meeting)[::-1]
    assert desk.post(path(meeting, "/order"), sent(meeting, item=dragged)).status_code == 303

    assert ids(meeting) == dragged


NO_MINUTES = (
    *("0", "241", "-5", "+5", "1.5", "1e2", "1_0", "tien", "٣", "3 0", "\u00b2"),
    *("9" * 19, "9" * 2000, "0000000019999999999"),
)


@pytest.mark.parametrize("typed", ["", *NO_MINUTES])
def test_minutes_that_are_none_come_back_as_typed(desk, meeting, typed):
    before = [(i.id, i.minutes) for i in AgendaItem.of_meeting(meeting)]
    answer = desk.post(
        path(meeting, "/order"), sent(meeting, minutes=[typed, 33], down=before[0][0])
    )

    assert answer.status_code == 422
    assert "From 1 to 240 minutes." in answer.text
    assert f'value="{typed}"' in answer.text
    assert 'value="33"' in answer.text
    check_html(answer.text, "agenda")
    assert [(i.id, i.minutes) for i in AgendaItem.of_meeting(meeting)] == before


@pytest.mark.parametrize("typed", NO_MINUTES)
def test_an_item_of_ones_own_takes_the_same_minutes(desk, meeting, typed):
    facts = {"agenda_version": meeting.agenda_version, "title": "Rondje", "minutes": typed}
    answer = desk.post(path(meeting, "/add"), facts)

    assert answer.status_code == 422
    assert answer.text.count("From 1 to 240 minutes.") == 2  # in the summary and beside the field
    assert titles(meeting) == []


def test_a_summary_says_that_nothing_is_noted(desk, meeting, topic, carla):
    sendings = {
        "/order": sent(meeting, minutes=["0", "0"]),
        "/add": {"title": ""},
        "/brings": {"brings": "Mevr. Pieterse komt"},
    }
    for step, fields in sendings.items():
        page = desk.post(path(meeting, step), fields).text
        assert "Nothing is noted yet." in page
        assert "sent yet" not in page

    service.put_on(meeting, topic, by=carla)
    AgendaItem.update(carried=2).where(AgendaItem.topic == topic).execute()
    held = hold(meeting)
    page = desk.post(path(held, "/settle"), {"carry": item_of(topic).id}).text
    assert "Nothing is noted yet." in page


def test_topics_that_could_be_put_on_stand_in_order(desk, meeting, veere, nothing_waits, member):
    make_topic(veere, "Stil thema")
    loved, carried = make_topic(veere, "Geliefd thema"), make_topic(veere, "Uitgesteld thema")
    make_topic(veere, "Nog niet gelezen", state="submitted")
    for persona in ("anna", "bram"):
        Support.create(topic=loved, membership=member(persona))
    AgendaItem.create(alliance=veere, kind="topic", topic=carried, minutes=5, position=0, carried=2)
    page = desk.get(path(meeting)).text

    order = [page.index(t) for t in ("Uitgesteld thema", "Geliefd thema", "Stil thema")]
    assert order == sorted(order)
    assert "Nog niet gelezen" not in page
    assert "2 recognise it" in page
    assert "carried over twice" in page


def test_a_topic_is_put_on_and_taken_off_from_the_page(desk, meeting, topic):
    desk.post(path(meeting, "/order"), sent(meeting, topic=topic.id))
    assert titles(meeting) == [topic.title]

    desk.post(path(meeting, "/order"), sent(meeting, gone=item_of(topic).id, off="1"))
    assert titles(meeting) == []


def test_what_waits_is_put_on_from_the_page(desk, meeting, veere):
    own = AgendaItem.create(
        alliance=veere, kind="own", title="Rondje", minutes=5, position=0, carried=1
    )
    assert "Rondje" in desk.get(path(meeting)).text
    desk.post(path(meeting, "/order"), sent(meeting, waiting=own.id))

    assert titles(meeting) == ["Rondje"]


def test_a_topic_or_item_of_elsewhere_is_not_put_on(desk, meeting, middelburg):
    strange = make_topic(middelburg, "Van elders")
    own = AgendaItem.create(alliance=middelburg, kind="own", title="Van ver", minutes=5, position=0)
    for field, row in (("topic", strange), ("waiting", own), ("up", own), ("gone", own)):
        fields = sent(meeting, **{field: row.id}) | ({"off": "1"} if field == "gone" else {})
        answer = desk.post(path(meeting, "/order"), fields)
        assert answer.status_code == (303 if field == "up" else 422)
        assert "Van " not in answer.text
    assert titles(meeting) == []


def test_an_own_item_needs_a_title_without_names_and_a_length(desk, meeting):
    version = {"agenda_version": meeting.agenda_version}
    for facts, said in (
        ({"title": "", "minutes": 10}, "Please fill this in."),
        ({"title": "Praten met dhr. Jansen", "minutes": 10}, "Leave out"),
        ({"title": "a" * 121, "minutes": 10}, "1 character too long"),
        ({"title": "Rondje", "minutes": 241}, "From 1 to 240 minutes."),
    ):
        answer = desk.post(path(meeting, "/add"), version | facts)
        assert answer.status_code == 422
        assert said in answer.text
        check_html(answer.text, "agenda")
    assert titles(meeting) == []

    desk.post(path(meeting, "/add"), version | {"title": "Rondje", "minutes": 10})
    assert titles(meeting) == ["Rondje"]


def test_what_they_bring_is_noted_and_names_nobody(desk, meeting, client_of, cast):
    version = {"agenda_version": meeting.agenda_version}
    named = desk.post(path(meeting, "/brings"), version | {"brings": "Bel 06-12345678"})
    assert named.status_code == 422
    assert desk.post(path(meeting, "/brings"), version | {"brings": "Kaarten"}).status_code == 303

    assert "Kaarten" in client_of(cast.anna).get(f"/meetings/{meeting.id}").text


# -- two at the same time


def test_the_second_of_two_is_told_and_loses_nothing(desk, meeting, client_of, cast):
    daan = english(client_of(cast.daan))
    read = sent(meeting, minutes=[44, 55])
    assert (
        daan.post(path(meeting, "/order"), sent(meeting, down=ids(meeting)[0])).status_code == 303
    )

    answer = desk.post(path(meeting, "/order"), read | {"save": "1"})

    assert answer.status_code == 422
    assert "Somebody else changed the agenda." in answer.text
    assert 'value="44"' in answer.text
    assert 'value="55"' in answer.text
    assert f'name="agenda_version" type="hidden" value="{fresh(meeting).agenda_version}"' in (
        answer.text
    )
    assert kinds(meeting) == ["brings", "advice"]
    check_html(answer.text, "agenda")


@pytest.mark.parametrize(
    ("step", "facts"),
    [("/add", {"title": "Rondje", "minutes": 10}), ("/brings", {"brings": "Taart van de bakker"})],
)
def test_a_text_written_beside_an_older_agenda_comes_back(desk, meeting, carla, step, facts):
    old = {"agenda_version": meeting.agenda_version}
    service.bring(meeting, by=carla, text="Kaarten van het dorp")

    answer = desk.post(path(meeting, step), old | facts)

    assert answer.status_code == 422
    assert next(iter(facts.values())) in answer.text
    assert "Kaarten van het dorp" in answer.text
    newest = {"agenda_version": fresh(meeting).agenda_version}
    assert desk.post(path(meeting, step), newest | facts).status_code == 303


@pytest.mark.parametrize("version", ["", "-1", "nonsense", "99999", "9" * 500, None])
def test_a_form_without_the_version_that_stands_changes_nothing(desk, meeting, version):
    fields = sent(meeting, down=ids(meeting)[0], agenda_version=version)
    fields = {name: value for name, value in fields.items() if value is not None}

    assert desk.post(path(meeting, "/order"), fields).status_code == 422
    assert kinds(meeting) == ["advice", "brings"]


@pytest.mark.parametrize("repeat", range(5))
def test_of_two_orders_at_once_one_wins_and_the_other_is_told(client_of, cast, meeting, repeat):
    first, last = ids(meeting)
    fields = sent(meeting)
    jobs = [
        press(client_of(user), path(meeting, "/order"), fields | button)
        for user, button in ((cast.carla, {"down": first}), (cast.daan, {"up": last}))
    ]

    assert sorted(at_once(jobs)) == [303, 422]
    assert ids(meeting) == [last, first]


# -- many


def long_title(seed):
    """As long as a title gets, and each another one."""
    words = ("wonen", "water", "wegen", "winkels", "jongeren", "werk", "haven", "wijken", "zomer")
    pick = random.Random(seed)  # noqa: S311 - only to vary the words
    return " ".join(f"{pick.choice(words)} {pick.randrange(99)}" for _ in range(20))[:120].strip()


@pytest.fixture
def full(meeting, carla):
    """An agenda on which nothing more fits."""
    for number in range(MOST_ITEMS - 2):
        service.add(meeting, by=carla, title=long_title(number), minutes=1 + number)
    return meeting


def test_the_page_of_a_full_agenda_is_light_and_asks_little(desk, full, client_of, cast):
    for step in ("", "/paper"):
        with counted_queries() as queries:
            answer = desk.get(path(full, step))
        assert len(queries) <= 8, queries
        assert len(brotli.compress(answer.data, quality=5)) <= 6_000, step
        check_html(answer.text, step)
    hold(full)
    answer = desk.get(path(full))
    assert len(brotli.compress(answer.data, quality=5)) <= 6_000
    assert len(brotli.compress(client_of(cast.anna).get(f"/meetings/{full.id}").data)) <= 6_000


@pytest.mark.parametrize("gone", [1, 12])
def test_a_nearly_full_agenda_with_all_that_could_be_put_on_is_light_too(
    desk, full, veere, carla, gone
):
    for number in range(20):
        make_topic(veere, long_title(100 + number))
    for own in list(AgendaItem.of_meeting(full))[1 : gone + 1]:
        own.meeting = full
        service.remove(own, by=carla)
    with counted_queries() as queries:
        answer = desk.get(path(full))

    assert answer.text.count('name="topic"') == gone
    assert "There are more." in answer.text
    assert len(brotli.compress(answer.data, quality=5)) <= 6_000
    assert len(queries) <= 8


def test_the_item_after_the_last_is_refused_clearly(desk, full):
    assert "Twenty-five items fit on an agenda." in desk.get(path(full)).text
    facts = {"agenda_version": full.agenda_version, "title": "Nog een", "minutes": 5}
    answer = desk.post(path(full, "/add"), facts)

    assert answer.status_code == 422
    assert "Twenty-five items fit on an agenda. Take something off first." in answer.text
    assert len(kinds(full)) == MOST_ITEMS


def test_a_topic_that_does_not_fit_leaves_the_page_as_it_is(desk, full, topic):
    before = [(i.id, i.minutes) for i in AgendaItem.of_meeting(full)]
    version = full.agenda_version
    answer = desk.post(path(full, "/order"), sent(full, topic=topic.id, minutes=["9"] * MOST_ITEMS))

    assert answer.status_code == 422
    assert "Twenty-five items fit" in answer.text
    assert [(i.id, i.minutes) for i in AgendaItem.of_meeting(full)] == before
    assert f'name="agenda_version" type="hidden" value="{version}"' in answer.text


def test_the_page_of_a_topic_says_it_too(desk, full, topic):
    answer = desk.post(f"/topics/{topic.id}/schedule", {"meeting": full.id})

    assert answer.status_code == 422
    assert "Twenty-five items fit" in answer.text


def test_the_number_of_questions_does_not_grow_with_the_items(desk, meeting, veere, carla):
    def asked():
        with counted_queries() as queries:
            desk.get(path(meeting))
        return len(queries)

    few = asked()
    for number in range(5):
        service.put_on(meeting, make_topic(veere, f"Thema {number}"), by=carla)
        make_topic(veere, f"Vrij {number}")
    assert asked() == few


# -- after the meeting


@pytest.fixture
def held(meeting, later, topic, carla):
    service.put_on(meeting, topic, by=carla)
    return hold(meeting)


def test_after_the_meeting_a_topic_was_discussed_and_is_owed_an_answer(desk, held, topic):
    assert "To the next meeting" in desk.get(path(held)).text
    before = Outcome.select().count()
    answer = desk.post(path(held, "/settle"), {"discussed": item_of(topic).id}, headers=HTMX)

    assert answer.status_code == 200
    assert "To the next meeting" not in answer.text
    assert fresh(topic).state == "discussed"
    assert Outcome.select().count() == before + 1


def test_after_the_meeting_a_topic_goes_to_the_next(desk, held, later, topic):
    assert desk.post(path(held, "/settle"), {"carry": item_of(topic).id}).status_code == 303

    assert titles(later) == [topic.title]
    assert "carried over once" in desk.get(path(later)).text


def test_the_reason_is_asked_refused_with_names_and_shown_to_members(
    desk, held, later, topic, client_of, cast
):
    AgendaItem.update(carried=2).where(AgendaItem.topic == topic).execute()
    mine = item_of(topic).id
    assert "Write why" in desk.get(path(held)).text
    for reason, said in (("", "Write down why"), ("Mevr. Pieterse was ziek", "<mark>")):
        fields = {"carry": mine, "about": mine, "reasons": reason}
        answer = desk.post(path(held, "/settle"), fields)
        assert answer.status_code == 422
        assert said in answer.text
        assert f'href="#reason-{mine}"' in answer.text
        check_html(answer.text, "settle")
    assert titles(later) == []

    fields = {"carry": mine, "about": mine, "reasons": "Het bouwen vroeg alle tijd."}
    assert desk.post(path(held, "/settle"), fields).status_code == 303
    page = english(client_of(cast.anna)).get(f"/meetings/{later.id}").text
    assert "Carried over 3 times" in page
    assert "Het bouwen vroeg alle tijd." in page


def test_the_last_page_of_a_meeting_settles_only_what_is_on_it(desk, held, later, topic):
    foreign = ids(later)[0]
    for fields in ({"carry": foreign}, {"discussed": foreign}, {"carry": "x" * 2000}, {}):
        assert desk.post(path(held, "/settle"), fields).status_code == 422
    assert titles(held) == [topic.title]
    for item_id in ids(held)[::2]:
        assert desk.post(path(held, "/settle"), {"carry": item_id}).status_code == 409
        assert desk.post(path(held, "/settle"), {"discussed": item_id}).status_code == 409


def test_two_who_settle_at_once_do_it_once(desk, held, later, topic, client_of, cast):
    mine = item_of(topic).id
    desk.post(path(held, "/settle"), {"carry": mine})
    answer = english(client_of(cast.daan)).post(path(held, "/settle"), {"carry": mine})

    assert answer.status_code == 422
    assert item_of(topic).carried == 1


# -- who may


def test_only_coordinators_make_an_agenda(client_of, cast, meeting):
    for persona in ("anna", "eva"):
        device = client_of(getattr(cast, persona))
        assert device.get(path(meeting)).status_code == 403
        for step in ("/order", "/add", "/brings", "/settle"):
            assert device.post(path(meeting, step), sent(meeting)).status_code == 403
    stranger = client_of(cast.dirk)
    assert stranger.get(path(meeting)).status_code == 404
    assert stranger.post(path(meeting, "/order"), sent(meeting)).status_code == 404


@pytest.mark.parametrize("step", ["/agenda/paper", "/room", "/room/now"])
def test_everybody_at_the_table_reads_it_and_nobody_else(client_of, cast, meeting, step):
    address = f"/meetings/{meeting.id}{step}"
    answers = {p: client_of(getattr(cast, p)).get(address) for p in vars(cast)}

    assert {p for p, a in answers.items() if a.status_code == 200} == {
        "anna", "bram", "carla", "daan", "piet",
    }  # fmt: skip
    assert answers["eva"].status_code == 403
    assert {answers[p].status_code for p in ("mina", "dirk", "vera", "sanne")} == {404}


def test_members_see_times_and_titles_and_partners_see_none(client_of, cast, meeting, topic, carla):
    service.put_on(meeting, topic, by=carla)
    anna = english(client_of(cast.anna)).get(f"/meetings/{meeting.id}").text
    eva = client_of(cast.eva).get(f"/meetings/{meeting.id}").text

    assert topic.title in anna
    assert len(re.findall(r"\d\d:\d\d – \d\d:\d\d", anna)) >= 3
    assert topic.title not in eva


def test_topics_do_not_go_on_the_agenda_of_a_draft(desk, veere, topic):
    draft = make_meeting(veere, days=12, is_draft=True)
    page = desk.get(path(draft)).text

    assert "once everybody has been told" in page
    assert topic.title not in page
    assert desk.post(path(draft, "/order"), sent(draft, topic=topic.id)).status_code == 409
    topic_page = desk.get(f"/topics/{topic.id}").text
    assert draft.id not in topic_page
    assert Topic.get_by_id(topic.id).meeting_id is None


# -- cancelled


def test_the_agenda_of_a_cancelled_meeting_says_what_became_of_it(
    desk, meeting, later, topic, carla
):
    service.put_on(meeting, topic, by=carla)
    service.add(meeting, by=carla, title="Rondje", minutes=10)
    changing.cancel(fresh(meeting), by=carla)
    page = desk.get(path(meeting)).text

    assert "they wait until you put them on another agenda" in page
    assert f'href="{path(later)}"' in page
    assert "What was done with our advice" not in page
    there = desk.get(path(later)).text
    assert 'name="topic"' in there
    assert 'name="waiting"' in there


def test_a_cancelled_meeting_has_no_clock_times(client_of, cast, meeting, carla):
    service.add(meeting, by=carla, title="Rondje", minutes=10)
    first = ids(meeting)[0]
    changing.cancel(fresh(meeting), by=carla)
    anna = english(client_of(cast.anna))
    for address in ("", "/agenda/paper", "/room", f"/room?item={first}", "/room/now"):
        page = anna.get(f"/meetings/{meeting.id}{address}").text
        assert "cancelled" in page, address
        assert "What was done with our advice" not in page, address
        assert 'rel="next"' not in page, address
