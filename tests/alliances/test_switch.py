"""Seeing one of one's own alliances: only the lists change, nothing else (PRODUCT 3)."""

import pytest

from allies.advice.models import Round
from allies.alliances.models import Alliance
from allies.meetings.models import Meeting
from allies.topics.models import Topic
from tests.meetings.coming import coming_for
from tests.walk import content_hash, counted_queries

LISTS = ("/", "/meetings", "/topics", "/advice")
ROWS = {"/meetings": Meeting, "/topics": Topic, "/advice": Round}


@pytest.fixture
def piet(client_of, cast):
    """He coordinates all three alliances."""
    return client_of(cast.piet)


def choose(device, alliance, after="/"):
    chosen = {"alliance": alliance.id if alliance else "", "next": after}
    return device.post("/alliances/switch", chosen)


def alliances_on(page, model):
    """Names of the alliances with a row of this kind on this page."""
    return {row.alliance.name for row in model.select() if f"/{row.id}" in page}


@pytest.mark.parametrize("path", ROWS)
def test_a_list_shows_the_chosen_alliance_and_all_again(piet, veere, path):
    everything = alliances_on(piet.get(path).text, ROWS[path])
    choose(piet, veere)
    narrowed = alliances_on(piet.get(path).text, ROWS[path])
    choose(piet, None)

    assert len(everything) > 1
    assert narrowed == {"Veere"}
    assert alliances_on(piet.get(path).text, ROWS[path]) == everything


def test_today_shows_the_chosen_alliance(piet, cast, veere, middelburg):
    before = {m.alliance_id for m in coming_for(cast.piet)}
    choose(piet, veere)
    page = piet.get("/").text
    shown = {m.alliance_id for m in Meeting.select() if f"/meetings/{m.id}" in page}

    assert {veere.id, middelburg.id} <= before
    assert shown == {veere.id}


@pytest.mark.parametrize("path", LISTS)
def test_the_choice_is_shown_and_leads_back_to_the_same_list(piet, veere, path):
    assert choose(piet, veere, after=path).location == path
    assert f'<option value="{veere.id}" selected>' in piet.get(path).text


def test_every_row_keeps_its_address(piet, veere):
    choose(piet, veere)
    meetings = Meeting.select().where(Meeting.alliance != veere)

    assert meetings.count() > 2
    assert {piet.get(f"/meetings/{m.id}").status_code for m in meetings} == {200}
    for meeting in meetings:
        on_it = Topic.select().where(Topic.meeting == meeting, Topic.state == "approved")
        page = piet.get(f"/meetings/{meeting.id}").text
        assert [t.id for t in on_it if f"/topics/{t.id}" not in page] == []


def test_whoever_is_in_one_alliance_has_nothing_to_choose(client_of, cast, piet):
    for path in LISTS:
        assert "/alliances/switch" in piet.get(path).text
        assert "/alliances/switch" not in client_of(cast.anna).get(path).text


def test_a_choice_of_somebody_elses_alliance_is_no_choice(client_of, cast, veere, middelburg):
    sanne = client_of(cast.sanne)
    everything = alliances_on(sanne.get("/meetings").text, Meeting)
    for alliance in (veere, Alliance(id="nonexistent00000")):
        assert choose(sanne, alliance).status_code == 303
        assert alliances_on(sanne.get("/meetings").text, Meeting) == everything

    assert everything == {"Middelburg", "Vlissingen"}


def test_a_choice_that_is_no_own_alliance_any_more_is_dropped(client_of, cast, member, middelburg):
    sanne = client_of(cast.sanne)
    choose(sanne, middelburg)
    member("sanne", "Middelburg").delete_instance(recursive=True)

    assert alliances_on(sanne.get("/meetings").text, Meeting) == {"Vlissingen"}


def test_a_choice_costs_no_query_and_changes_nothing_stored(piet, veere):
    before, counts = content_hash(), {}
    for alliance in (None, veere):
        choose(piet, alliance)
        for path in LISTS:
            with counted_queries() as queries:
                piet.get(path)
            counts.setdefault(path, []).append(len(queries))

    assert content_hash() == before
    assert [path for path, (all_of_them, one) in counts.items() if one > all_of_them] == []


def test_a_choice_never_leads_to_another_site(piet, veere):
    for after in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        assert choose(piet, veere, after=after).location == "/"
