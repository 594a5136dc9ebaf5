"""Who was at a meeting: noted by coordinators, known as a number to everybody else."""

import re
from datetime import timedelta

import pytest
import time_machine

from allies import keeping
from allies.accounts.models import User
from allies.alliances.models import Membership
from allies.attendance import service
from allies.attendance.models import Attendance, Presence
from allies.db import now
from allies.errors import DomainError
from allies.meetings.models import Meeting, Rsvp
from allies.rights.leaving import let_go
from tests.walk import counted_queries

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def meeting(veere):
    """A meeting of Veere that began an hour ago; nobody has answered yet."""
    return Meeting.create(alliance=veere, starts_at=now() - HOUR, duration=120)


@pytest.fixture
def device(client_of, cast):
    def of(persona):
        device = client_of(getattr(cast, persona))
        device.post("/language", {"locale": "en"})
        return device

    return of


def address(meeting):
    return f"/meetings/{meeting.id}/attendance"


def form_of(meeting, presence="present"):
    return {f"presence-{ally.id}": presence for ally in meeting.alliance.allies}


def noted(meeting):
    rows = Attendance.select().where(Attendance.meeting == meeting)
    return {row.membership_id: row.presence for row in rows}


def came(meeting):
    return Meeting.get_by_id(meeting.id).came


@pytest.mark.parametrize(
    ("persona", "status"),
    [("carla", 200), ("daan", 200), ("anna", 403), ("eva", 403), ("dirk", 404), ("mina", 404)],
)
def test_the_page_is_for_coordinators_of_this_group(device, meeting, persona, status):
    asked = device(persona)
    assert asked.get(address(meeting)).status_code == status
    if status != 200:
        assert asked.post(address(meeting), form_of(meeting)).status_code == status
        assert came(meeting) is None


@pytest.mark.parametrize(
    ("answer", "presence"),
    [("yes", "present"), ("no", "excused"), ("maybe", "absent"), (None, "absent")],
)
def test_it_begins_with_what_everybody_answered(meeting, member, answer, presence):
    if answer:
        Rsvp.create(meeting=meeting, membership=member("anna"), answer=answer)
    assert dict(service.expected(meeting))[member("anna")] == presence


def test_who_is_paused_is_excused(meeting, member):
    Membership.update(paused_until=(now() + DAY).date()).where(
        Membership.id == member("bram").id
    ).execute()
    assert dict(service.expected(meeting))[member("bram")] == Presence.EXCUSED


def test_one_form_notes_everybody_and_it_can_be_corrected(device, meeting, member):
    carla, sent = device("carla"), form_of(meeting)
    assert carla.post(address(meeting), sent).status_code == 303
    assert came(meeting) == len(sent)

    sent[f"presence-{member('anna').id}"] = "excused"
    assert carla.post(address(meeting), sent).status_code == 303
    assert came(meeting) == len(sent) - 1
    assert dict(service.expected(meeting))[member("anna")] == Presence.EXCUSED


@pytest.mark.parametrize("wrong", ["", "late", "present "])
def test_what_nobody_can_be_is_refused(device, meeting, member, wrong):
    sent = form_of(meeting) | {f"presence-{member('anna').id}": wrong}
    assert device("carla").post(address(meeting), sent).status_code == 422
    assert (noted(meeting), came(meeting)) == ({}, None)


def test_a_membership_of_another_group_or_of_a_coordinator_is_passed_over(device, meeting, member):
    strangers = [member("mina"), member("carla"), member("eva")]
    extra = {f"presence-{m.id}": "present" for m in strangers}
    device("carla").post(address(meeting), form_of(meeting, "absent") | extra)

    assert came(meeting) == 0
    assert not noted(meeting).keys() & {m.id for m in strangers}
    service.note(meeting, by=member("carla"), presences={strangers[0].id: Presence.PRESENT})
    assert came(meeting) == 0


def test_who_left_while_the_page_was_open_is_passed_over(device, meeting, member):
    sent = form_of(meeting)
    gone = member("bram")
    let_go(gone)

    assert device("carla").post(address(meeting), sent).status_code == 303
    assert gone.id not in noted(meeting)
    assert came(meeting) == len(sent) - 1


def test_who_leaves_afterwards_still_counts_in_the_number(device, meeting, member):
    sent = form_of(meeting)
    device("carla").post(address(meeting), sent)
    let_go(member("bram"))
    device("carla").post(address(meeting), form_of(meeting))

    assert came(meeting) == len(sent)


def test_who_joined_while_the_page_was_open_is_not_called_absent(device, meeting, veere):
    sent = form_of(meeting)
    new = Membership.create(alliance=veere, user=User.create(), role="ally", alias="Nieuweling")
    device("carla").post(address(meeting), sent)

    assert new.id not in noted(meeting)


def test_it_opens_at_the_start_and_ends_after_two_weeks(meeting, member):
    start, note = meeting.starts_at, {"by": member("carla"), "presences": {}}
    with time_machine.travel(start - timedelta(seconds=1), tick=False), pytest.raises(DomainError):
        service.note(meeting, **note)
    for moment in (start, start + 14 * DAY):
        with time_machine.travel(moment, tick=False):
            service.note(meeting, **note)
    late = start + 14 * DAY + timedelta(seconds=1)
    with time_machine.travel(late, tick=False), pytest.raises(DomainError):
        service.note(meeting, **note)


@pytest.mark.parametrize("facts", [{"is_draft": True}, {"cancelled_at": now()}])
def test_nobody_was_at_what_is_not_held(device, meeting, facts):
    Meeting.update(facts).where(Meeting.id == meeting.id).execute()
    assert device("carla").post(address(meeting), form_of(meeting)).status_code == 409
    assert came(meeting) is None


def test_after_two_weeks_only_the_number_is_left(device, meeting):
    device("carla").post(address(meeting), form_of(meeting))
    number = came(meeting)
    with time_machine.travel(now() + 15 * DAY, tick=False):
        keeping.prune()
        assert (noted(meeting), came(meeting)) == ({}, number)
        assert device("carla").get(address(meeting)).status_code == 409


def test_members_read_how_many_were_there_from_three_on(device, meeting, member):
    three = list(meeting.alliance.allies)[:3]
    for number in (2, 3):
        presences = {ally.id: Presence.PRESENT for ally in three[:number]}
        service.note(meeting, by=member("carla"), presences=presences)
        page = device("anna").get(f"/meetings/{meeting.id}").text
        assert (f"{number} of you were there." in page) == (number == 3)


def test_the_page_asks_little_and_shows_only_aliases(device, meeting, member):
    carla = device("carla")
    with counted_queries() as queries:
        page = carla.get(address(meeting)).text
    assert len(queries) <= 8
    assert member("anna").alias in page
    assert "Kreekhove" not in page


def test_the_log_tells_that_it_was_noted_and_of_nobody(device, meeting, member):
    carla = device("carla")
    carla.post(address(meeting), form_of(meeting))
    page = carla.post("/account/data").text

    assert "Noted who was at a meeting" in page


def test_ones_own_data_say_it_and_leaving_takes_it_along(device, meeting, member):
    device("carla").post(address(meeting), form_of(meeting, "excused"))
    page = device("anna").post("/account/data").text
    assert "Were you there" in page
    assert "Excused" in page

    anna = member("anna").id
    let_go(member("anna"))
    assert not Attendance.select().where(Attendance.membership == anna).exists()


def test_two_who_note_at_once_both_get_what_they_changed(device, meeting, member):
    """The page of the second one is from before the first one sent theirs."""
    before = {ally.id: presence for ally, presence in service.expected(meeting)}
    saw = {f"saw-{ally}": presence for ally, presence in before.items()}
    sent = {f"presence-{ally}": presence for ally, presence in before.items()}
    anna, bram = (f"presence-{member(name).id}" for name in ("anna", "bram"))
    device("carla").post(address(meeting), saw | sent | {anna: "present"})
    answer = device("daan").post(address(meeting), saw | sent | {bram: "excused"})

    assert answer.status_code == 303
    assert noted(meeting)[member("anna").id] == Presence.PRESENT
    assert noted(meeting)[member("bram").id] == Presence.EXCUSED
    assert came(meeting) == 1


def test_who_changes_what_somebody_else_changed_is_told_and_decides(device, meeting, member):
    anna, bram = member("anna"), member("bram")
    stale = form_of(meeting, "absent") | {
        f"saw-{ally.id}": "absent" for ally in meeting.alliance.allies
    }
    changed = {f"presence-{anna.id}": "present", f"presence-{bram.id}": "present"}
    device("carla").post(address(meeting), stale | changed)
    daan = device("daan")
    answer = daan.post(address(meeting), stale | {f"presence-{anna.id}": "excused"})

    assert answer.status_code == 422
    assert "Somebody else noted: Present." in answer.text
    assert noted(meeting)[anna.id] == Presence.PRESENT
    chosen = re.findall(r'name="presence-([^"]+)".*?selected value="(\w+)"', answer.text, re.S)
    shown = dict(re.findall(r'name="saw-([^"]+)"[^>]*value="(\w+)"', answer.text))
    assert dict(chosen)[anna.id] == "excused"
    assert dict(chosen)[bram.id] == shown[bram.id] == shown[anna.id] == "present"

    again = {f"presence-{ally}": presence for ally, presence in chosen}
    again |= {f"saw-{ally}": presence for ally, presence in shown.items()}
    assert daan.post(address(meeting), again).status_code == 303
    assert noted(meeting)[anna.id] == Presence.EXCUSED
    assert noted(meeting)[bram.id] == Presence.PRESENT
    assert came(meeting) == 1
