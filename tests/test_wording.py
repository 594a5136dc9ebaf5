"""What gives away a place or a person: found in every text that a table reads."""

from datetime import timedelta

import pytest

from allies.actions.models import Action
from allies.agenda.models import AgendaItem
from allies.db import now
from allies.guests.models import Guest
from allies.i18n import today
from allies.meetings.models import Meeting
from allies.minutes import contesting, service
from allies.minutes.models import Contest, MinutesPart
from allies.venues.models import Venue
from allies.wording import AtTable, own_in
from tests.walk import content_hash, counted_queries


@pytest.fixture
def table(veere):
    """The words of Veere, with three places of its own."""
    for name, address in (
        ("Dorpshuis De Zilvermeeuw", "Lange Noordweg 12, Zoutelande"),
        ("Visloods", "2e Kade 4"),
        ("Loods", "Haven"),
    ):
        Venue.create(alliance=veere, name=name, area="Zoutelande", address=address)
    return AtTable().at(veere)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tot dan in Dorpshuis De Zilvermeeuw!", ["Dorpshuis De Zilvermeeuw"]),
        ("tot dan in dorpshuis de  zilvermeeuw.", ["dorpshuis de  zilvermeeuw"]),
        ("DORPSHUIS-DE-ZILVERMEEUW", ["DORPSHUIS-DE-ZILVERMEEUW"]),
        ("Dorpshuis De Zil\u200bvermeeuw", ["Dorpshuis De Zil\u200bvermeeuw"]),
        ("Een dorpshuis, en de zilvermeeuw erboven.", []),
        ("Dorpshuis De Zilvermeeuwen", []),
        ("We zien elkaar in de Visloods.", ["Visloods"]),
        ("Er was brand in een visloods.", []),
        ("De Loods is kort.", []),
        ("Parkeer bij lange noordweg 12.", ["lange noordweg 12"]),
        ("Op de Lange Noordweg is het druk.", []),
        ("Lange Noordweg 121", []),
        ("Ga naar de 2e Kade 4", ["2e Kade 4"]),
        ("De 2e keer", []),
        ("Scholekster zei dat het stil is.", ["Scholekster"]),
        ("Volgens SCHOLEKSTER (en Loodsboot).", ["SCHOLEKSTER", "Loodsboot"]),
        ("Op het wad loopt een scholekster.", []),
        ("De Scholeksters broeden.", []),
        ("Tureluur is van een andere groep.", []),
    ],
)
def test_places_and_aliases_of_this_table_are_found(table, text, found):
    assert sorted(own_in(text, table.its_own_words)) == sorted(found)


def test_no_name_of_a_place_finds_everything(veere, table):
    for name, address in (("------", "- 4"), ("!", "5"), ("(.*)+ [a-z]", "\\d+ 7")):
        Venue.create(alliance=veere, name=name, area="Veere", address=address)

    assert own_in("Een gewone tekst, 5 regels - en meer.", table.its_own_words) == {}


def test_two_queries_tell_the_words_however_often_they_are_asked(table):
    with counted_queries() as queries:
        assert table.its_own_words == table.its_own_words

    assert len(queries) == 2


PLACE, ALIAS = "Tot in Dorpshuis De Zilvermeeuw.", "Scholekster zei het."


@pytest.fixture
def meeting(veere):
    return Meeting.create(alliance=veere, starts_at=now() + timedelta(days=40), duration=120)


@pytest.fixture
def part(veere, member):
    """A part of minutes that are published, with a sentence contested by Anna."""
    held = Meeting.create(alliance=veere, starts_at=now() - timedelta(days=1), duration=120)
    minutes = service.begin(held, by=member("carla"))
    part = service.add_part(minutes, title="Rondvraag")
    service.write(part, by=member("carla"), seen="0", heard="Stil. Koud.", advice="")
    return part


@pytest.fixture
def contested(part, member):
    service.publish(part.minutes, by=member("carla"))
    return contesting.contest(part, by=member("anna"), seen="1", sentence="heard-0", remark="Nee.")


@pytest.mark.parametrize("said", [PLACE, ALIAS])
def test_no_form_of_a_coordinator_takes_what_gives_away(
    client_of, cast, table, veere, meeting, part, said
):
    carla, due = client_of(cast.carla), str(today() + timedelta(days=9))
    starts_at = f"{today() + timedelta(days=100)}T19:30"
    action = {"owner": "group", "due_on": due}
    forms = [
        (f"/meetings/{meeting.id}/agenda/add", {"title": said, "minutes": "10"}),
        (f"/meetings/{meeting.id}/agenda/brings", {"brings": said}),
        (f"/meetings/{meeting.id}/guests", {"function": said}),
        (f"/meetings/{meeting.id}/edit",
         {"starts_at": starts_at, "duration": "90", "brings": said}),
        (f"/alliances/{veere.id}/meetings/new",
         {"starts_at": starts_at, "duration": "90", "brings": said, "is_extra": "1"}),
        (f"/alliances/{veere.id}/actions", {"text": said, **action}),
        (f"/meetings/{part.minutes.meeting_id}/minutes/parts", {"title": said}),
        (f"/minutes-parts/{part.id}", {"seen": "1", "heard": said}),
        (f"/minutes-parts/{part.id}", {"seen": "1", "heard": "Stil.", "advice": said}),
        (f"/minutes-parts/{part.id}", {"seen": "1", "heard": "Stil.", "text": said, **action}),
    ]  # fmt: skip
    before = content_hash()
    for path, sent in forms:
        answer = carla.post(path, sent)
        assert answer.status_code == 422, (path, sent)
        assert "<mark>" in answer.text, (path, sent)
        assert said in answer.text, (path, sent)

    assert content_hash() == before
    assert not Guest.select().where(Guest.function == said).exists()
    assert not Action.select().where(Action.text == said).exists()


@pytest.mark.parametrize("said", [PLACE, ALIAS])
def test_no_reason_for_carrying_over_gives_away(client_of, cast, table, veere, part, said):
    held = part.minutes.meeting
    item = AgendaItem.create(
        alliance=veere, meeting=held, kind="own", title="Iets", minutes=20, position=9, carried=2
    )
    sent = {"carry": item.id, "about": item.id, "reasons": said}
    answer = client_of(cast.carla).post(f"/meetings/{held.id}/agenda/settle", sent)

    assert answer.status_code == 422
    assert "<mark>" in answer.text
    assert AgendaItem.get_by_id(item.id).meeting_id == held.id


@pytest.mark.parametrize("said", [PLACE, ALIAS])
def test_neither_remark_nor_answer_gives_away(client_of, cast, table, contested, said):
    part = contested.part
    remark = {"seen": "1", "sentence": "heard-1", "remark": said}
    assert client_of(cast.bram).post(f"/minutes-parts/{part.id}/contest", remark).status_code == 422
    carla, path = client_of(cast.carla), f"/contests/{contested.id}/reply"
    assert carla.post(path, {"seen": "1", "state": "kept", "reply": said}).status_code == 422
    changed = {"seen": "1", "state": "changed", "reply": "Goed.", "heard": said}
    assert carla.post(path, changed).status_code == 422

    assert Contest.select().where(Contest.part == part).count() == 1
    assert MinutesPart.get_by_id(part.id).heard == "Stil. Koud."


def test_what_another_table_calls_its_own_is_an_ordinary_word_here(client_of, cast, table, meeting):
    path = f"/meetings/{meeting.id}/agenda/brings"
    sent = {"brings": "De Tureluur broedt weer.", "agenda_version": str(meeting.agenda_version)}

    assert client_of(cast.carla).post(path, sent).status_code == 303
