"""Finding a date through the browser's eyes."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from allies.dates import service
from allies.dates.models import DateAnswer, DatePoll, PollState, ProposedDate
from allies.db import now
from allies.i18n import local
from allies.meetings import service as meetings
from allies.meetings.models import Meeting
from allies.notifications.models import Delivery
from tests.at_once import at_once, press
from tests.dates.moments import on, typed
from tests.walk import MISSING, counted_queries


@pytest.fixture
def carla(client_of, cast):
    return client_of(cast.carla)


@pytest.fixture
def anna(client_of, cast):
    return client_of(cast.anna)


@pytest.fixture
def new(veere):
    return f"/alliances/{veere.id}/dates/new"


@pytest.fixture
def send(carla, new):
    """send(date_1=moment, date_4="1 mei") sends the form of asking, hints or no hints."""

    def post(device=carla, **fields):
        moments = {k: v if isinstance(v, str) else typed(v) for k, v in fields.items()}
        sent = {"duration": "120", "is_extra": "y", "warned": " ".join(moments.values()), **moments}
        return device.post(new, sent)

    return post


def values(page):
    """{name: value} of the fields of a page."""
    found = {}
    for field in re.findall(r"<input[^>]+>", page):
        name, value = (re.search(rf' {a}="([^"]*)"', field) for a in ("name", "value"))
        if name:
            found[name[1]] = unescape(value[1]) if value else ""
    return found


def asked(veere):
    return list(DatePoll.select().where(DatePoll.alliance == veere))


# Asking


def test_a_question_is_asked_with_the_rows_that_were_filled(send, veere):
    answer = send(date_1=on(33), date_4=on(30))

    (poll,) = asked(veere)
    assert (answer.status_code, answer.location) == (303, f"/dates/{poll.id}")
    assert [d.starts_at for d in poll.dates.order_by(ProposedDate.starts_at)] == [on(30), on(33)]


@pytest.mark.parametrize(
    ("row", "typed_there"),
    [("date_2", "1 mei"), ("date_8", "2027-03-28T02:30"), ("date_5", "2020-01-01T19:30")],
)
def test_what_was_typed_stays_when_a_row_is_wrong(send, veere, row, typed_there):
    answer = send(**{"date_1": on(30), "date_3": on(33), row: typed_there})

    assert answer.status_code == 422
    kept = values(answer.text)
    assert (kept["date_1"], kept["date_3"], kept[row]) == (
        typed(on(30)),
        typed(on(33)),
        typed_there,
    )
    assert f'id="{row}-error"' in answer.text
    assert asked(veere) == []
    assert Delivery.select().count() == 0


def test_a_row_that_is_folded_away_stands_open_when_it_holds_something(send):
    assert "<details open>" in send(date_8=on(30)).text
    assert "<details open>" not in send(date_1=on(30)).text


def test_what_is_known_against_a_date_is_shown_once_before_it_is_asked(carla, new, veere):
    coming = Meeting.select().where(Meeting.alliance == veere, Meeting.starts_at > now()).get()
    day_after = (local(coming.starts_at) + timedelta(days=1)).replace(hour=11, minute=0)
    sent = {"duration": "120", "is_extra": "y", "date_1": typed(day_after)}
    sent["date_2"] = typed(day_after + timedelta(hours=4))

    first = carla.post(new, sent)
    assert first.status_code == 422
    assert 'id="hints"' in first.text
    assert 'id="date_1-hint"' in first.text
    assert asked(veere) == []
    assert Delivery.select().count() == 0

    again = {k: v for k, v in values(first.text).items() if k not in {"csrf_token", "is_extra"}}
    assert again["date_1"] == sent["date_1"]
    assert carla.post(new, {**again, "is_extra": "y"}).status_code == 303
    assert len(asked(veere)) == 1


def test_another_date_with_something_against_it_is_shown_anew(carla, new, veere):
    coming = Meeting.select().where(Meeting.alliance == veere, Meeting.starts_at > now()).get()
    hour = local(coming.starts_at).replace(hour=11, minute=0)
    one, other = (typed(hour + timedelta(days=days)) for days in (1, -1))
    sent = {"duration": "120", "is_extra": "y", "date_1": one, "date_2": other, "warned": one}

    assert carla.post(new, sent).status_code == 422
    assert asked(veere) == []


@pytest.mark.parametrize("far", ["9999-12-31T20:00", "0001-01-01T00:30", "9999-12-30T19:30"])
def test_a_date_out_of_reach_is_refused_like_any_other(send, veere, far):
    answer = send(date_1=far, date_2=on(30))

    assert answer.status_code == 422
    assert 'id="date_1-error"' in answer.text


def test_one_minute_is_proposed_once_whatever_its_seconds(send, veere):
    minute = typed(on(30))
    answer = send(date_1=f"{minute}:59", date_2=f"{minute}:01")

    assert answer.status_code == 422
    assert 'id="date_2-error"' in answer.text
    assert asked(veere) == []


def test_a_hint_that_stood_beside_an_error_is_still_told_before_anything_is_sent(carla, new, veere):
    coming = Meeting.select().where(Meeting.alliance == veere, Meeting.starts_at > now()).get()
    close = typed((local(coming.starts_at) + timedelta(days=1)).replace(hour=11, minute=0))
    sent = {"duration": "120", "is_extra": "y", "date_1": close}

    wrong = carla.post(new, {**sent, "date_2": "2020-01-01T19:30"})
    assert 'id="hints"' not in wrong.text
    mended = {**sent, "date_2": typed(on(30)), "warned": values(wrong.text)["warned"]}
    first = carla.post(new, mended)

    assert (first.status_code, asked(veere)) == (422, [])
    assert 'id="hints"' in first.text
    assert carla.post(new, {**mended, "warned": values(first.text)["warned"]}).status_code == 303


def test_the_draft_of_the_planner_fills_the_form_and_gets_the_date(carla, new, veere, member):
    facts = {"by": member("carla"), "is_extra": True, "is_draft": True}
    draft = meetings.plan(veere, starts_at=on(50), duration=75, **facts)

    page = carla.get(f"{new}?draft={draft.id}")
    filled = values(page.text)
    assert (filled["draft"], filled["duration"]) == (draft.id, "75")
    assert filled["date_1"] == typed(on(50))

    filled |= {"date_1": "", "date_2": typed(on(51)), "date_3": typed(on(52)), "is_extra": "y"}
    filled["warned"] = f"{filled['date_2']} {filled['date_3']}"
    del filled["csrf_token"]
    assert carla.post(new, filled).status_code == 303
    (poll,) = asked(veere)
    assert poll.meeting == draft
    assert {d.starts_at for d in poll.dates} == {on(51), on(52)}


def test_only_a_draft_of_this_very_alliance_can_be_meant(carla, new, client_of, cast, middelburg):
    coming = Meeting.select().where(Meeting.alliance == middelburg).first()
    piet = client_of(cast.piet)

    assert carla.get(f"{new}?draft={coming.id}").status_code == 404
    assert piet.get(f"{new}?draft={coming.id}").status_code == 404  # he sees it, but not here
    assert carla.get(f"{new}?draft={MISSING}").status_code == 404


def test_a_draft_that_was_told_of_meanwhile_can_not_be_asked_about(carla, new, veere, member):
    told = meetings.plan(veere, by=member("carla"), starts_at=on(50), duration=75, is_extra=True)

    assert carla.get(f"{new}?draft={told.id}").status_code == 409


@pytest.mark.parametrize("persona", ["anna", "eva"])
def test_asking_is_for_coordinators(client_of, cast, new, persona):
    assert client_of(getattr(cast, persona)).get(new).status_code == 403


# Answering


def test_an_ally_answers_on_one_form_and_finds_the_answers_back(anna, poll, dates):
    sent = {f"fit_{dates[0].id}": "yes", f"fit_{dates[2].id}": "if-need-be"}
    answer = anna.post(f"/dates/{poll.id}/answer", sent)
    assert (answer.status_code, answer.location) == (303, f"/dates/{poll.id}")

    assert chosen_on(anna, poll) == {dates[0].id: "yes", dates[1].id: "", dates[2].id: "if-need-be"}


def test_who_does_not_know_any_more_says_so(anna, poll, dates):
    path = f"/dates/{poll.id}/answer"
    anna.post(path, {f"fit_{d.id}": "yes" for d in dates})
    anna.post(path, {f"fit_{dates[0].id}": "", f"fit_{dates[1].id}": "no"})

    assert chosen_on(anna, poll) == {dates[0].id: "", dates[1].id: "no", dates[2].id: "yes"}


def chosen_on(device, poll):
    """{id of a date: the value that is chosen} on the page of a question."""
    fields = re.findall(r"<input checked[^>]*>", device.get(f"/dates/{poll.id}").text)
    pairs = [re.search(r'name="fit_([^"]+)".*value="([^"]*)"', field) for field in fields]
    return {pair[1]: pair[2] for pair in pairs}


def test_under_htmx_the_part_comes_back_in_the_same_small_answer(anna, poll, dates):
    sent = {f"fit_{dates[0].id}": "no"}
    answer = anna.post(f"/dates/{poll.id}/answer", sent, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<article id="poll-{poll.id}"')


def test_the_part_that_comes_back_can_be_sent_anew(anna, poll, dates, member):
    path, htmx = f"/dates/{poll.id}/answer", {"HX-Request": "true"}
    sent = {f"fit_{dates[0].id}": "no", "once": "a" * 22}
    part = anna.post(path, sent, headers=htmx).text
    once = re.search(r'name="once"[^>]* value="([^"]+)"', part)[1]
    assert once != sent["once"]

    service.pick(poll, by=member("carla"), proposed=dates[0], is_extra=True)
    assert anna.post(path, {**sent, "once": once}, headers=htmx).status_code == 409


@pytest.mark.parametrize("wrong", ["maybe", "", "YES", "yes\n"])
def test_only_the_three_answers_are_taken(anna, poll, dates, wrong):
    anna.post(f"/dates/{poll.id}/answer", {f"fit_{dates[0].id}": wrong})

    assert not DateAnswer.select().where(DateAnswer.proposed == dates[0]).exists()


def test_answering_is_for_allies(carla, poll, dates):
    assert carla.post(f"/dates/{poll.id}/answer").status_code == 403


def test_numbers_are_shown_from_three_answers_on(anna, poll, veere, say):
    allies = list(veere.allies)
    for ally in allies[:2]:
        say(ally, "yes", "yes")
    assert "So far" not in english(anna, poll)
    say(allies[2], "no")

    page = english(anna, poll)
    assert page.count("So far") == 1
    assert "So far: 2 yes, 0 if need be, 1 no." in page


def test_an_ally_sees_nobodys_answer_and_a_coordinator_everybodys(anna, carla, poll, say, member):
    say(member("bram"), "yes")

    assert "Hoogaars" not in anna.get(f"/dates/{poll.id}").text
    assert "Hoogaars" in carla.get(f"/dates/{poll.id}").text


def test_a_late_answer_gets_409_and_the_way_to_the_meeting(anna, poll, dates, member):
    meeting = service.pick(poll, by=member("carla"), proposed=dates[0], is_extra=True)
    sent = {f"fit_{dates[1].id}": "yes"}

    for headers in ({}, {"HX-Request": "true"}):
        answer = anna.post(f"/dates/{poll.id}/answer", sent, headers=headers)
        assert answer.status_code == 409
        assert f'href="/meetings/{meeting.id}"' in answer.text
    assert f'href="/meetings/{meeting.id}"' in anna.get(f"/dates/{poll.id}").text


def test_of_a_question_taken_back_no_way_leads_to_its_draft(anna, carla, ask, veere, member):
    facts = {"by": member("carla"), "is_extra": True, "is_draft": True, "duration": 60}
    draft = meetings.plan(veere, starts_at=on(31), **facts)
    poll = ask(on(40), on(41), draft=draft)
    carla.post(f"/dates/{poll.id}/withdraw")

    late = anna.post(f"/dates/{poll.id}/answer", {f"fit_{poll.dates.get().id}": "yes"})
    assert late.status_code == 409
    assert draft.id not in late.text


def test_of_a_draft_close_by_only_coordinators_are_told(anna, carla, poll, veere, member):
    facts = {"by": member("carla"), "is_extra": True, "is_draft": True, "duration": 60}
    meetings.plan(veere, starts_at=on(31), **facts)

    assert "close by" in english(carla, poll)
    assert "close by" not in english(anna, poll)


def english(device, poll):
    with device.client.session_transaction() as session:
        session["locale"] = "en"
    return device.get(f"/dates/{poll.id}").text


# Picking and taking back


def test_picking_leads_to_the_meeting(carla, poll, dates, say, member):
    say(member("anna"), "yes")
    answer = carla.post(f"/dates/{poll.id}/pick", {"date": dates[0].id, "is_extra": "y"})

    meeting = DatePoll.get_by_id(poll.id).meeting
    assert (answer.status_code, answer.location) == (303, f"/meetings/{meeting.id}")
    assert meeting.answer_of(member("anna")).answer == "yes"


def test_any_date_can_be_picked_and_few_are_warned_of(carla, poll, dates, veere, say):
    assert "Fewer can come" not in english(carla, poll)
    for ally in list(veere.allies)[:8]:
        say(ally, "if-need-be", "no")

    assert english(carla, poll).count("Fewer can come than the 8") == 1  # of three dates
    assert carla.post(f"/dates/{poll.id}/pick", {"date": dates[1].id, "is_extra": "y"}).location


@pytest.mark.parametrize("chosen", [None, MISSING, "foreign"])
def test_what_is_picked_is_one_of_these_dates(carla, poll, chosen):
    if chosen == "foreign":
        chosen = ProposedDate.select().where(ProposedDate.poll != poll).first().id
    answer = carla.post(f"/dates/{poll.id}/pick", {"date": chosen} if chosen else {})

    assert answer.status_code == 422
    assert DatePoll.get_by_id(poll.id).state == PollState.OPEN


def test_a_date_that_passed_meanwhile_is_told_beside_the_others(client_of, cast, poll, dates):
    with time_machine.travel(dates[0].starts_at):
        answer = client_of(cast.carla).post(f"/dates/{poll.id}/pick", {"date": dates[0].id})

    assert answer.status_code == 422
    assert dates[0].id not in answer.text
    assert dates[1].id in answer.text


def test_a_full_year_is_mended_on_the_page_itself(carla, poll, dates, veere):
    year = local(dates[0].starts_at).year
    there = [m for m in veere.meetings if local(m.starts_at).year == year and not m.is_extra]
    for number in range(5 - len(there)):
        moment = dates[0].starts_at.replace(hour=3 + number)
        Meeting.create(alliance=veere, starts_at=moment, duration=30)

    answer = carla.post(f"/dates/{poll.id}/pick", {"date": dates[0].id})
    assert answer.status_code == 422
    assert 'id="is_extra-error"' in answer.text
    assert carla.post(
        f"/dates/{poll.id}/pick", {"date": dates[0].id, "is_extra": "y"}
    ).status_code == 303  # fmt: skip


def test_two_coordinators_pick_at_once_and_one_meeting_is_made(client_of, cast, poll, dates):
    before = Meeting.select().count()
    jobs = [
        press(client_of(user), f"/dates/{poll.id}/pick", {"date": date.id, "is_extra": "y"})
        for user, date in ((cast.carla, dates[0]), (cast.daan, dates[1]))
    ]

    assert sorted(at_once(jobs)) == [303, 409]
    assert Meeting.select().count() == before + 1


def test_twelve_answer_while_one_picks_and_nothing_is_left_behind(
    client_of, carla, poll, dates, veere
):
    jobs = [
        press(client_of(ally.user), f"/dates/{poll.id}/answer", {f"fit_{dates[0].id}": "yes"})
        for ally in veere.allies
    ]
    jobs.append(press(carla, f"/dates/{poll.id}/pick", {"date": dates[0].id, "is_extra": "y"}))

    *answered, picked = at_once(jobs)
    assert picked == 303
    assert set(answered) <= {303, 409}
    meeting = DatePoll.get_by_id(poll.id).meeting
    assert meeting.rsvps.count() == answered.count(303)
    assert not DateAnswer.select().where(DateAnswer.proposed.in_(dates)).exists()


def test_a_question_taken_back_says_so_and_asks_nothing(carla, anna, poll):
    assert carla.post(f"/dates/{poll.id}/withdraw").status_code == 303

    page = anna.get(f"/dates/{poll.id}")
    assert page.status_code == 200
    assert "fit_" not in page.text
    assert carla.post(f"/dates/{poll.id}/withdraw").status_code == 409


def test_when_all_dates_have_passed_the_page_says_so(client_of, cast, poll):
    with time_machine.travel(on(37)):
        for user in (cast.anna, cast.carla):
            page = client_of(user).get(f"/dates/{poll.id}")
            assert page.status_code == 200
            assert "fit_" not in page.text
            assert 'name="date"' not in page.text


def test_more_dates_and_answers_ask_no_more_of_the_database(carla, anna, poll, ask, veere):
    full = ask(*(on(40 + 3 * number) for number in range(8)))
    for ally in veere.allies:
        service.answer(full, by=ally, fits={d.id: "yes" for d in full.dates})

    for device in (anna, carla):
        numbers = []
        for each in (poll, full):
            with counted_queries() as queries:
                assert device.get(f"/dates/{each.id}").status_code == 200
            numbers.append(len(queries))
        assert numbers[0] == numbers[1] <= 8


def test_the_list_of_meetings_leads_to_a_question_also_once_it_is_answered(
    anna, carla, client_of, cast, poll, dates
):
    def row(device):
        with device.client.session_transaction() as session:
            session["locale"] = "en"
        found = re.search(
            rf'href="/dates/{poll.id}".*?</a>', device.get("/meetings").text, re.DOTALL
        )
        return found and found[0]

    assert "Please answer" in row(anna)
    anna.post(f"/dates/{poll.id}/answer", {f"fit_{d.id}": "no" for d in dates})
    assert "Answered" in row(anna)
    assert "nswer" not in row(carla)
    assert row(client_of(cast.mina)) is None
