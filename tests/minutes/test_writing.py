"""Writing minutes: parts from the agenda, nothing lost, nobody named."""

from datetime import timedelta

import pytest
import time_machine

from allies.actions.models import Action
from allies.audit import AuditLine
from allies.db import now
from allies.errors import DomainError
from allies.i18n import today
from allies.meetings.models import Meeting
from allies.minutes import service
from allies.minutes.models import MinutesPart, MinutesRevision, MinutesState
from allies.minutes.service import MOST_PARTS, SavedMeanwhile
from allies.notifications.models import Delivery
from tests.minutes.conftest import ADVICE, HEARD
from tests.walk import content_hash


def fresh(row):
    return type(row).get_by_id(row.id)


def test_each_item_of_the_agenda_becomes_a_part_in_its_order(concept):
    parts = list(MinutesPart.select().order_by(MinutesPart.position))

    mine = [p for p in parts if p.minutes_id == concept.id]
    assert [(p.title, str(p.item.kind)) for p in mine] == [
        ("", "advice"),
        ("Stille winters", "own"),
        ("", "brings"),
    ]


def test_beginning_twice_gives_the_same_minutes(held, concept, member):
    assert service.begin(held, by=member("daan")).id == concept.id
    assert MinutesPart.select().where(MinutesPart.minutes == concept).count() == 3


@pytest.mark.parametrize("facts", [{"is_draft": True}, {"cancelled_at": now()}])
def test_a_meeting_that_is_not_held_has_no_minutes(held, member, facts):
    Meeting.update(facts).where(Meeting.id == held.id).execute()

    with pytest.raises(DomainError):
        service.begin(fresh(held), by=member("carla"))


def test_minutes_can_be_begun_from_the_second_of_the_start_on(held, member):
    second_before = time_machine.travel(held.starts_at - timedelta(seconds=1), tick=False)
    with second_before, pytest.raises(DomainError):
        service.begin(held, by=member("carla"))
    with time_machine.travel(held.starts_at, tick=False):
        assert service.begin(held, by=member("carla")).is_concept


def test_opening_the_page_begins_nothing(client_of, cast, held):
    carla, before = client_of(cast.carla), content_hash()
    page = carla.get(f"/meetings/{held.id}/minutes/write")

    assert page.status_code == 200
    assert f"/meetings/{held.id}/minutes/begin" in page.text
    assert content_hash() == before


def test_who_saves_second_without_reading_overwrites_nothing(written, member):
    with pytest.raises(SavedMeanwhile):
        service.write(written, by=member("daan"), seen="0", heard="Van mij.", advice="")

    assert (fresh(written).heard, fresh(written).advice) == (HEARD, ADVICE)


def test_saving_the_same_text_again_is_no_conflict_and_no_revision(written, member):
    service.write(written, by=member("daan"), seen="0", heard=HEARD, advice=ADVICE)

    assert fresh(written).revision == 1
    assert MinutesRevision.select().where(MinutesRevision.part == written).count() == 1


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 400])
def test_a_form_that_does_not_say_what_was_read_overwrites_nothing(written, member, seen):
    with pytest.raises(SavedMeanwhile):
        service.write(written, by=member("daan"), seen=seen, heard="Anders.", advice="")


def test_the_second_one_sees_both_texts_and_saves_with_one_press(client_of, cast, written):
    daan, path = client_of(cast.daan), f"/minutes-parts/{written.id}"
    sent = {"seen": "0", "heard": "Mijn eigen tekst.", "advice": ""}
    answer = daan.post(path, sent)

    assert answer.status_code == 422
    theirs, boxes = answer.text.split("<form", 1)[0], answer.text.split('id="heard"')[1]
    assert all(part in answer.text for part in HEARD.split(". "))
    assert "Mijn eigen tekst." in boxes
    assert "Mijn eigen tekst." not in theirs
    assert 'name="seen" type="hidden" value="1"' in answer.text
    assert 'secondary" name="next"' not in answer.text  # one way on: the button that says so

    assert daan.post(path, {**sent, "seen": "1"}).status_code == 303
    assert fresh(written).heard == "Mijn eigen tekst."
    earlier = daan.get(f"{path}/earlier").text
    assert "Dat merken vooral ouderen." in earlier
    assert "Mijn eigen tekst." not in earlier


@pytest.mark.parametrize("field", ["heard", "advice"])
def test_what_names_somebody_is_stopped_and_the_text_stays(client_of, cast, part, field):
    said = {"heard": "", "advice": "", field: "Bel dhr. Pieterse op 06-12345678."}
    answer = client_of(cast.carla).post(f"/minutes-parts/{part.id}", {"seen": "0", **said})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Bel dhr. Pieterse op 06-12345678." in answer.text
    assert fresh(part).revision == 0


def test_two_thousand_characters_fit_and_one_more_does_not(client_of, cast, part):
    carla, path = client_of(cast.carla), f"/minutes-parts/{part.id}"

    assert carla.post(path, {"seen": "0", "heard": "é" * 2001}).status_code == 422
    assert carla.post(path, {"seen": "0", "heard": "é" * 2000}).status_code == 303
    assert len(fresh(part).heard) == 2000


def test_a_part_of_its_own_names_nobody_and_comes_last(client_of, cast, held, concept):
    carla, path = client_of(cast.carla), f"/meetings/{held.id}/minutes/parts"

    assert carla.post(path, {"title": "Over dhr. Pieterse"}).status_code == 422
    assert carla.post(path, {"title": "Rondvraag"}).status_code == 303
    last = MinutesPart.select().order_by(MinutesPart.position.desc())
    assert last.where(MinutesPart.minutes == concept).first().title == "Rondvraag"


def test_minutes_have_no_end_of_parts(concept):
    for _part in range(MOST_PARTS - 3):
        service.add_part(concept, title="Nog iets")
    with pytest.raises(DomainError):
        service.add_part(concept, title="Nog iets")


AGREED = {"text": "De bus navragen", "owner": "municipality", "due_on": "2029-01-15"}


@pytest.mark.parametrize("button", [{"agree": "1"}, {}, {"next": "nowhere"}])
def test_whatever_is_pressed_text_and_action_are_both_saved(client_of, cast, held, part, button):
    carla, path = client_of(cast.carla), f"/minutes-parts/{part.id}"
    due_on = {"due_on": str(today() + timedelta(days=20))}
    answer = carla.post(path, {"seen": "0", "heard": HEARD, **AGREED, **due_on, **button})

    assert (answer.status_code, answer.location) == (303, path)
    action = Action.get(Action.part == part)
    assert (action.meeting_id, action.owner) == (held.id, "municipality")
    assert fresh(part).heard == HEARD
    assert "De bus navragen" in carla.get(path).text


def test_going_on_to_the_next_part_saves_this_one(client_of, cast, part):
    carla, path = client_of(cast.carla), f"/minutes-parts/{part.id}"
    page = carla.get(path).text
    following = MinutesPart.get(
        MinutesPart.minutes == part.minutes_id, MinutesPart.position == part.position + 1
    )
    assert f'name="next" value="{following.id}"' in page
    assert f'href="/minutes-parts/{following.id}"' not in page
    answer = carla.post(path, {"seen": "0", "heard": HEARD, "next": following.id})

    assert (answer.status_code, answer.location) == (303, f"/minutes-parts/{following.id}")
    assert fresh(part).heard == HEARD
    assert 'secondary" name="next"' in page
    assert 'secondary" name="next"' not in carla.get(answer.location).text


def test_nobody_goes_on_to_a_part_of_another_meeting(client_of, cast, part, veere, member):
    other = Meeting.create(alliance=veere, starts_at=now() - timedelta(days=3), duration=60)
    elsewhere = service.add_part(service.begin(other, by=member("carla")), title="Rondvraag")
    path = f"/minutes-parts/{part.id}"
    answer = client_of(cast.carla).post(path, {"seen": "0", "heard": "A.", "next": elsewhere.id})

    assert answer.location == path


@pytest.mark.parametrize(
    "wrong",
    [{"due_on": "2020-01-01"}, {"due_on": ""}, {"owner": ""}, {"text": "Bel 06-12345678."}],
)
def test_a_wrong_action_keeps_all_that_was_typed_and_saves_nothing(client_of, cast, part, wrong):
    path = f"/minutes-parts/{part.id}"
    sent = {"seen": "0", "heard": HEARD, "agree": "1", **AGREED, **wrong}
    answer = client_of(cast.carla).post(path, sent)

    assert answer.status_code == 422
    assert 'class="summary"' in answer.text
    assert "<details open>" in answer.text
    assert all(sentence in answer.text for sentence in HEARD.split(". "))
    assert sent["text"] in answer.text
    assert (fresh(part).heard, Action.select().where(Action.part == part).count()) == ("", 0)


def test_an_action_beside_a_text_that_somebody_else_saved_is_kept_typed(client_of, cast, written):
    path = f"/minutes-parts/{written.id}"
    sent = {"seen": "0", "heard": "Mijn tekst.", "agree": "1", **AGREED}
    sent["due_on"] = str(today())
    daan = client_of(cast.daan)
    answer = daan.post(path, sent)

    assert answer.status_code == 422
    assert "De bus navragen" in answer.text
    assert not Action.select().where(Action.part == written).exists()
    assert daan.post(path, {**sent, "seen": "1"}).status_code == 303
    assert Action.select().where(Action.part == written).count() == 1
    assert fresh(written).heard == "Mijn tekst."


def test_publishing_tells_every_ally_once_and_leaves_a_line(concept, written, veere, member):
    service.publish(concept, by=member("daan"))

    told = {d.membership_id for d in Delivery.select()}
    assert told == {ally.id for ally in veere.allies}
    assert fresh(concept).state == MinutesState.CONTESTABLE
    assert fresh(concept).organisation == "municipality"
    assert AuditLine.select().where(AuditLine.action == "minutes.published").count() == 1
    with pytest.raises(DomainError):
        service.publish(concept, by=member("carla"))
    assert Delivery.select().count() == len(told)


def test_nothing_is_published_of_which_nothing_is_written(concept, member):
    with pytest.raises(DomainError):
        service.publish(concept, by=member("carla"))

    assert fresh(concept).is_concept


def test_after_publishing_nobody_writes_on_and_the_text_is_given_back(client_of, cast, published):
    sent = {"seen": "1", "heard": "Wat ik nog wilde schrijven.", "advice": ""}
    answer = client_of(cast.daan).post(f"/minutes-parts/{published.id}", sent)

    assert answer.status_code == 409
    assert "Wat ik nog wilde schrijven." in answer.text
    assert fresh(published).heard == HEARD


def test_until_then_allies_read_that_the_minutes_follow(client_of, cast, held, written):
    anna = client_of(cast.anna)
    before = anna.get(f"/meetings/{held.id}/minutes")

    assert before.status_code == 200
    assert "stil in de winter" not in before.text
    assert anna.get(f"/minutes-parts/{written.id}").status_code == 404
    assert anna.get(f"/meetings/{held.id}/minutes/write").status_code == 403


def test_who_reads_published_minutes(client_of, cast, held, published):
    seen = {
        persona: client_of(user).get(f"/meetings/{held.id}/minutes").status_code
        for persona, user in vars(cast).items()
    }

    assert seen == {
        **dict.fromkeys(("anna", "bram", "carla", "daan", "piet"), 200),
        "eva": 403,
        **dict.fromkeys(("mina", "dirk", "vera", "sanne"), 404),
    }
    assert "stil in de winter" in client_of(cast.anna).get(f"/meetings/{held.id}/minutes").text


def test_a_part_without_text_is_left_out(client_of, cast, held, published):
    page = client_of(cast.anna).get(f"/meetings/{held.id}/minutes").text
    empty = MinutesPart.select().where(
        MinutesPart.minutes == published.minutes_id, MinutesPart.heard == ""
    )

    assert empty.count() == 2
    assert all(part.id not in page for part in empty)
