"""Moving, cancelling and planning again: what stays, what is asked anew, who hears of it."""

from datetime import timedelta

import brotli
import pytest
import time_machine

from allies.agenda import service as agenda
from allies.agenda.models import AgendaItem
from allies.alliances.models import Membership
from allies.audit import AuditLine, AuditNote
from allies.crypto import digest, token
from allies.db import now
from allies.errors import DomainError, Refused
from allies.guests.models import Guest
from allies.guests.service import invite
from allies.i18n import local
from allies.meetings import answering, changing
from allies.meetings.changing import Change
from allies.meetings.marks import mark_of
from allies.meetings.models import Meeting, Need, Rsvp
from allies.meetings.rules import meetings_in
from allies.notifications.models import Delivery, Link
from allies.reminders import service as reminders
from allies.reminders.models import Reminder
from allies.topics.models import Topic
from allies.venues.models import Venue
from tests.meetings.moving import DAY, FACTS, alone, answered, form_of, make, stored
from tests.test_pages import check_html
from tests.walk import counted_queries


@pytest.fixture
def meeting(veere):
    return alone(veere)


@pytest.fixture
def change(meeting, member):
    """change(days=1) or change(hours=1) moves the meeting; facts are changed with it."""

    def by_carla(*, days=0, hours=0, persona="carla", **facts):
        starts_at = meeting.starts_at + timedelta(days=days, hours=hours)
        sent = {"starts_at": starts_at, **FACTS, **facts}
        return changing.change(meeting, by=member(persona), **sent)

    return by_carla


def told():
    """{(membership, meeting of the message)} of all that waits to be sent, but to guests."""
    waiting = Delivery.waiting().where(Delivery.guest_id.is_null())
    return {(d.membership_id, d.meeting_id) for d in waiting}


def everybody(veere, meeting, *, but, is_on=True):
    at_work = Membership.select().where(
        Membership.alliance == veere, Membership.role != "ally", Membership.id != but.id
    )
    link = meeting.id if is_on else None
    return {(ally.id, link) for ally in veere.allies} | {(m.id, None) for m in at_work}


# -- another moment


def test_another_day_asks_everybody_anew(change, meeting, veere, member):
    answering.answer(meeting, by=member("anna"), answer="yes")
    Need.create(meeting=meeting, membership=member("anna"), kind="travel")

    assert change(days=2) == Change.DAY

    now_ = stored(meeting)
    assert (now_.starts_at, now_.moved_from) == (meeting.starts_at + 2 * DAY, meeting.starts_at)
    assert now_.sequence == meeting.sequence + 1
    assert answered(meeting) == 0
    assert Need.select().where(Need.meeting == meeting).count() == 1
    assert told() == everybody(veere, meeting, but=member("carla"))


@pytest.mark.parametrize("facts", [{"hours": 1}, {"hours": -3}, {"duration": 90}])
def test_another_time_of_the_same_day_keeps_the_answers(change, meeting, veere, member, facts):
    answering.answer(meeting, by=member("anna"), answer="yes")

    assert change(**facts) == Change.TIME

    now_ = stored(meeting)
    is_moved = "hours" in facts
    assert now_.moved_from == (meeting.starts_at if is_moved else None)
    assert now_.sequence == meeting.sequence + 1
    assert answered(meeting) == 1
    assert told() == everybody(veere, meeting, but=member("carla"))


def test_what_is_brought_and_which_of_the_five_it_is_concern_no_calendar(change, meeting):
    assert change(brings="Cijfers over de zomer", is_extra=True) == Change.DETAILS
    assert stored(meeting).sequence == meeting.sequence
    assert stored(meeting).brings == "Cijfers over de zomer"
    assert stored(meeting).agenda_version == meeting.agenda_version + 1
    assert told() == set()


def test_a_change_of_nothing_tells_nobody_and_leaves_no_line(change, meeting):
    before = AuditLine.select().count()

    assert change() == Change.NOTHING
    assert told() == set()
    assert AuditLine.select().count() == before


def test_a_draft_moves_in_silence(change, meeting):
    Meeting.update(is_draft=True).where(Meeting.id == meeting.id).execute()

    assert change(days=3) == Change.DETAILS
    assert stored(meeting).starts_at == meeting.starts_at + 3 * DAY
    assert (stored(meeting).moved_from, stored(meeting).sequence) == (None, meeting.sequence)
    assert told() == set()


def test_who_is_paused_hears_nothing(change, member):
    Membership.update(paused_until=(now() + 9 * DAY).date()).where(
        Membership.id == member("anna").id
    ).execute()
    change(days=1)

    assert member("anna").id not in {who for who, _meeting in told()}


def test_what_waited_to_be_sent_about_it_is_replaced(change, meeting, veere, member):
    change(days=1)
    change(days=2)

    assert Delivery.waiting().where(Delivery.meeting_id == meeting.id).count() == 12


def test_guests_hear_of_it_and_are_asked_anew(change, meeting, member):
    guest = invite(meeting, by=member("carla"), function="Spreker", email="s@example.org")
    Guest.update(answer="yes").where(Guest.id == guest.id).execute()
    Delivery.delete().execute()

    change(hours=1)
    assert Guest.get_by_id(guest.id).answer == "yes"
    assert Delivery.waiting().where(Delivery.guest_id == guest.id).count() == 1
    change(days=1)
    assert Guest.get_by_id(guest.id).answer is None
    assert Delivery.waiting().where(Delivery.guest_id == guest.id).count() == 1


def test_the_log_says_who_moved_it_and_not_what_for(change, meeting, member):
    change(days=1)
    line = AuditLine.select().order_by(AuditLine.id.desc()).get()

    assert (line.action, line.actor, line.subject) == (
        "meeting.moved", member("carla").id, meeting.id,
    )  # fmt: skip


# -- the rules of planning hold again


def test_not_over_another_meeting(change, meeting, veere):
    make(veere, days=33)

    with pytest.raises(Refused) as refusal:
        change(days=3, hours=1)
    assert refusal.value.field == "starts_at"
    assert stored(meeting).starts_at == meeting.starts_at


def test_not_over_a_draft_but_over_a_cancelled_one(change, veere):
    make(veere, days=33, is_draft=True)
    make(veere, days=35, cancelled_at=now())

    with pytest.raises(Refused):
        change(days=3)
    assert change(days=5) == Change.DAY


def test_itself_is_not_in_the_way(change):
    assert change(hours=1) == Change.TIME


@pytest.mark.parametrize("days", [-31, 2 * 366 + 1])
def test_neither_into_the_past_nor_years_ahead(change, days):
    with pytest.raises(Refused) as refusal:
        change(days=days)
    assert refusal.value.field == "starts_at"


def test_not_as_the_sixth_of_a_year(change, meeting, veere):
    year = meeting.year
    regular = [m for m in meetings_in(veere.id, year) if not m.is_extra]
    for number in range(5 - len(regular)):
        begin = meeting.starts_at + timedelta(hours=3 * (number + 1))
        Meeting.create(alliance=veere, starts_at=begin, duration=60)

    with pytest.raises(Refused) as refusal:
        change(is_extra=False)
    assert refusal.value.field == "is_extra"


def test_a_place_of_another_year_must_be_free_or_explained(change, meeting, veere):
    venue = Venue.select().where(Venue.alliance == veere).get()
    Meeting.update(venue=venue).where(Meeting.id == meeting.id).execute()
    there = make(veere, days=500, venue=venue)
    days = 471 if local(there.starts_at + DAY).year == there.year else 469

    with pytest.raises(Refused) as refusal:
        change(days=days)
    assert refusal.value.field == "venue"
    assert change(days=days, reason="De andere zaal is dicht") == Change.DAY


def test_a_meeting_that_has_begun_or_is_cancelled_can_not_be_changed(change, meeting, member):
    with time_machine.travel(meeting.starts_at), pytest.raises(DomainError):
        change(days=1)
    with time_machine.travel(meeting.starts_at), pytest.raises(DomainError):
        changing.cancel(meeting, by=member("carla"))
    changing.cancel(meeting, by=member("carla"))
    with pytest.raises(DomainError):
        change(days=1)
    with pytest.raises(DomainError):
        changing.cancel(meeting, by=member("carla"))


def test_an_old_link_answers_only_what_it_asked(change, meeting, member, app):
    """A link keeps working for who was asked on another day; its page shows the new one."""
    secret = token()
    Link.create(
        id=digest(secret), membership=member("anna"), meeting_id=meeting.id, ends_at=now() + DAY
    )
    change(days=1)
    page = app.test_client().get(f"/n/{secret}")

    assert page.status_code == 200
    assert 'aria-pressed="true"' not in page.text


# -- another place


def test_another_place_is_told_only_where_the_address_was_seen(meeting, veere, member):
    first, second = Venue.select().where(Venue.alliance == veere).limit(2)
    Meeting.update(venue=None).where(Meeting.alliance == veere).execute()
    carla = member("carla")

    assert not changing.choose_venue(meeting, by=carla, venue=first)
    assert not changing.choose_venue(meeting, by=carla, venue=second)
    assert told() == set()
    with time_machine.travel(meeting.starts_at - 2 * DAY):
        assert not changing.choose_venue(meeting, by=carla, venue=second), "it is no other place"
        assert changing.choose_venue(meeting, by=carla, venue=first)
    assert told() == everybody(veere, meeting, but=carla, is_on=False)
    assert stored(meeting).sequence == meeting.sequence, "a calendar has no place"


def test_a_place_of_another_alliance_is_refused(meeting, middelburg, member):
    theirs = Venue.select().where(Venue.alliance == middelburg).get()

    with pytest.raises(Refused) as refusal:
        changing.choose_venue(meeting, by=member("carla"), venue=theirs)
    assert refusal.value.field == "venue"
    assert stored(meeting).venue is None


def test_who_pauses_and_said_yes_hears_of_another_place(meeting, veere, member):
    first, second = Venue.select().where(Venue.alliance == veere).limit(2)
    Meeting.update(venue=None).where(Meeting.alliance == veere).execute()
    Meeting.update(venue=first).where(Meeting.id == meeting.id).execute()
    for persona, answer in (("anna", "yes"), ("bram", "no")):
        Rsvp.create(meeting=meeting, membership=member(persona), answer=answer)
        pause = Membership.update(paused_until=local(meeting.starts_at).date())
        pause.where(Membership.id == member(persona).id).execute()

    with time_machine.travel(meeting.starts_at - 2 * DAY):
        assert changing.choose_venue(meeting, by=member("carla"), venue=second)

    heard = {who for who, _meeting in told()}
    assert member("anna").id in heard
    assert member("bram").id not in heard


# -- cancelled


def test_cancelling_tells_everybody_and_lets_the_topics_go(meeting, veere, member):
    topic = Topic.select().where(Topic.alliance == veere, Topic.state == "approved").first()
    if topic.meeting:
        agenda.take_off(topic, by=member("carla"))
    agenda.put_on(meeting, topic, by=member("carla"))
    answering.answer(meeting, by=member("anna"), answer="yes")
    reminders.start(meeting)
    Delivery.create(membership=member("anna"), meeting_id=meeting.id)

    changing.cancel(meeting, by=member("carla"), reason="De zaal is dicht")

    assert stored(meeting).is_cancelled
    assert stored(meeting).sequence == meeting.sequence + 1
    assert Topic.get_by_id(topic.id).meeting is None
    assert AgendaItem.get(AgendaItem.topic == topic).meeting is None
    assert told() == everybody(veere, meeting, but=member("carla"), is_on=False)


def test_no_reminder_of_a_cancelled_meeting_leaves(meeting, member):
    reminders.start(meeting)
    assert Reminder.select().where(Reminder.meeting == meeting).exists()
    changing.cancel(meeting, by=member("carla"))
    Delivery.delete().execute()

    for days in (14, 3):
        with time_machine.travel(meeting.starts_at - days * DAY + timedelta(minutes=1)):
            reminders.send_due()
    assert told() == set()


def test_the_reason_is_in_the_note_of_the_log_and_nowhere_else(meeting, member, client_of, cast):
    changing.cancel(meeting, by=member("carla"), reason="Er is een storm")
    line = AuditLine.select().order_by(AuditLine.id.desc()).get()
    pages = [client_of(u).get(f"/meetings/{meeting.id}").text for u in (cast.anna, cast.carla)]

    assert line.action == "meeting.cancelled"
    assert AuditNote.get_by_id(line.id).text == "Er is een storm"
    assert [p for p in pages if "storm" in p] == []


def test_a_draft_is_dropped_and_not_cancelled(meeting, member):
    Meeting.update(is_draft=True).where(Meeting.id == meeting.id).execute()

    with pytest.raises(DomainError, match="draft"):
        changing.cancel(meeting, by=member("carla"))


def test_a_cancelled_meeting_frees_its_slot_and_its_place(meeting, veere, member):
    venue = Venue.select().where(Venue.alliance == veere).get()
    Meeting.update(venue=None).where(Meeting.alliance == veere).execute()
    Meeting.update(venue=venue, is_extra=False).where(Meeting.id == meeting.id).execute()
    changing.cancel(meeting, by=member("carla"))

    assert meeting.id not in {m.id for m in meetings_in(veere.id, meeting.year)}
    other = make(veere, days=30)  # the same hour is free
    changing.choose_venue(other, by=member("carla"), venue=venue)
    assert stored(other).venue == venue


def test_an_answer_to_a_cancelled_meeting_is_refused(meeting, member, app):
    secret = token()
    Link.create(
        id=digest(secret), membership=member("anna"), meeting_id=meeting.id, ends_at=now() + DAY
    )
    changing.cancel(meeting, by=member("carla"))

    with pytest.raises(DomainError, match="cancelled"):
        answering.answer(meeting, by=member("anna"), answer="yes")
    assert 'name="answer"' not in app.test_client().get(f"/n/{secret}").text


# -- planned again


@pytest.fixture
def again(meeting, member):
    """again(days=10) gives the meeting a date so many days after the one it had."""

    def by_carla(*, days=10, **facts):
        sent = {"starts_at": meeting.starts_at + days * DAY, "duration": 90, "is_extra": True}
        return changing.plan_again(meeting, by=member("carla"), **sent | {"venue": None} | facts)

    return by_carla


def test_planned_again_is_the_same_meeting_with_everything_asked_anew(
    meeting, again, veere, member
):
    answering.answer(meeting, by=member("anna"), answer="yes")
    changing.cancel(meeting, by=member("carla"))
    Delivery.delete().execute()
    again()

    now_ = stored(meeting)
    assert now_.is_open
    assert (now_.starts_at, now_.duration) == (meeting.starts_at + 10 * DAY, 90)
    assert (now_.moved_from, now_.sequence) == (meeting.starts_at, meeting.sequence + 2)
    assert answered(meeting) == 0
    assert told() == everybody(veere, meeting, but=member("carla"))


def test_a_meeting_cancelled_long_ago_forgets_what_was_counted(meeting, again, member):
    changing.cancel(meeting, by=member("carla"))
    Meeting.update(past_counts={"yes": 9, "asked": 12}, came=3, nudges=2).where(
        Meeting.id == meeting.id
    ).execute()
    with time_machine.travel(meeting.starts_at + 40 * DAY):
        again(days=60)
        now_ = stored(meeting)
        assert (now_.answers_are_forgotten, now_.came, now_.nudges) == (False, None, 0)
        assert now_.is_open


def test_planned_again_at_the_same_moment_it_was_not_moved(meeting, again, member):
    changing.cancel(meeting, by=member("carla"))
    again(days=0)

    assert (stored(meeting).is_open, stored(meeting).moved_from) == (True, None)


def test_only_what_is_cancelled_is_planned_again_and_by_the_rules(meeting, again, veere, member):
    with pytest.raises(DomainError):
        again()
    changing.cancel(meeting, by=member("carla"))
    make(veere, days=40)
    with pytest.raises(Refused):
        again(days=10)
    with pytest.raises(Refused):
        again(days=-31)
    assert stored(meeting).is_cancelled


# -- two at once


def test_the_second_of_two_coordinators_is_told_and_loses_nothing(client_of, cast, meeting, member):
    carla, daan = client_of(cast.carla), client_of(cast.daan)
    path = f"/meetings/{meeting.id}/edit"
    hers = form_of(meeting, starts_at=meeting.starts_at + DAY)
    his = form_of(meeting, brings="De wijkagent vertelt over de haven")
    daan.post("/language", {"locale": "en"})

    assert carla.post(path, hers).status_code == 303
    second = daan.post(path, his)

    assert second.status_code == 409
    assert "Somebody else changed this meeting a moment ago" in second.text
    assert "De wijkagent vertelt over de haven" in second.text
    assert stored(meeting).brings == ""
    assert stored(meeting).starts_at == meeting.starts_at + DAY
    mark = mark_of(stored(meeting))
    assert second.text.count(f'name="seen" type="hidden" value="{mark}"') == 2
    there = local(meeting.starts_at + DAY).strftime("%Y-%m-%dT%H:%M")
    assert f'value="{there}"' in second.text, "what he did not change is as it is now"
    hers_kept = form_of(stored(meeting), brings="De wijkagent vertelt over de haven")
    assert daan.post(path, hers_kept).status_code == 303
    assert stored(meeting).starts_at == meeting.starts_at + DAY


def test_of_a_stale_form_only_what_was_changed_there_is_kept(client_of, cast, meeting, change):
    sent = form_of(meeting, starts_at=meeting.starts_at + 5 * DAY)
    change(duration=90, brings="De cijfers van de zomer")
    page = client_of(cast.daan).post(f"/meetings/{meeting.id}/edit", sent).text

    assert f'value="{sent["starts_at"]}"' in page
    assert 'value="90"' in page
    assert "De cijfers van de zomer" in page


@pytest.mark.parametrize("what", ["venue", "cancel"])
def test_a_stale_page_neither_chooses_a_place_nor_cancels(
    client_of, cast, meeting, veere, change, what
):
    stale = mark_of(stored(meeting))
    change(days=1)
    venue = Venue.select().where(Venue.alliance == veere).get()
    sent = {"seen": stale, "venue": venue.id, "reason": "Het kan niet anders"}
    answer = client_of(cast.daan).post(f"/meetings/{meeting.id}/{what}", sent)

    assert answer.status_code == 409
    assert not stored(meeting).is_cancelled
    assert stored(meeting).venue is None


# -- through the browser's eyes


@pytest.fixture
def carla(client_of, cast):
    device = client_of(cast.carla)
    device.post("/language", {"locale": "en"})
    return device


def test_the_page_says_before_what_a_move_does(carla, meeting, member):
    answering.answer(meeting, by=member("anna"), answer="yes")
    page = carla.get(f"/meetings/{meeting.id}/edit").text

    assert "Another day: everybody gets a message and is asked again." in page
    assert "1 answer is erased." in page
    assert "Another time on the same day: everybody gets a message. The answers stay." in page


def test_the_page_says_whether_a_new_place_is_told(carla, meeting, veere):
    venue = Venue.select().where(Venue.alliance == veere).get()
    Meeting.update(venue=venue).where(Meeting.id == meeting.id).execute()
    path = f"/meetings/{meeting.id}/edit"
    assert "Members can't see the address yet." in carla.get(path).text
    near = now() + 2 * DAY
    Meeting.update(starts_at=near).where(Meeting.id == meeting.id).execute()

    assert "Members can see the address already." in carla.get(path).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts_at", "2027-03-28T02:30"),
        ("starts_at", "2027-13-01T19:30"),
        ("starts_at", "2027-04-01T19:30+05:00"),
        ("starts_at", "9999-12-31T23:59"),
        ("starts_at", ""),
        ("duration", "29"),
        ("duration", "481"),
        ("duration", "-120"),
        ("duration", "veel"),
        ("brings", "Bel dhr. Pieterse op 06-12345678"),
        ("brings", "x" * 2001),
    ],
)
def test_what_can_not_be_is_refused_beside_its_field(carla, meeting, field, value):
    answer = carla.post(f"/meetings/{meeting.id}/edit", form_of(meeting) | {field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert mark_of(stored(meeting)) == mark_of(meeting)


def test_extra_fields_change_nothing_else(carla, meeting, middelburg, veere):
    sent = {"alliance": middelburg.id, "is_draft": "1", "sequence": "99", "came": "3",
            "venue": Venue.get(Venue.alliance == veere).id}  # fmt: skip
    carla.post(f"/meetings/{meeting.id}/edit", form_of(meeting) | sent)
    now_ = stored(meeting)

    assert mark_of(now_) == mark_of(meeting)
    assert (now_.alliance, now_.is_draft, now_.came, now_.venue) == (veere, False, None, None)


def test_the_reason_for_cancelling_names_nobody(carla, meeting):
    answer = carla.post(f"/meetings/{meeting.id}/cancel", {"why": "Mevr. Jansen is ziek"})

    assert answer.status_code == 422
    assert 'id="why-error"' in answer.text
    assert not stored(meeting).is_cancelled


@pytest.mark.parametrize("what", ["edit", "cancel", "again"])
@pytest.mark.parametrize(("persona", "status"), [("anna", 403), ("eva", 403), ("dirk", 404)])
def test_changing_is_for_its_coordinators(client_of, cast, meeting, what, persona, status):
    device = client_of(getattr(cast, persona))
    path = f"/meetings/{meeting.id}/{what}"

    assert device.get(path).status_code == status
    assert device.post(path, form_of(meeting)).status_code == status
    assert mark_of(stored(meeting)) == mark_of(meeting)


def test_what_is_over_leads_nowhere(carla, meeting):
    Meeting.update(starts_at=now() - DAY).where(Meeting.id == meeting.id).execute()
    for what in ("edit", "cancel", "again"):
        path = f"/meetings/{meeting.id}/{what}"
        assert carla.get(path).status_code == 409, what
        assert carla.post(path, form_of(meeting)).status_code == 409, what
    page = carla.get(f"/meetings/{meeting.id}").text
    assert f"/meetings/{meeting.id}/edit" not in page


def test_the_pages_one_after_the_other(carla, client_of, cast, meeting):
    path = f"/meetings/{meeting.id}"
    anna = client_of(cast.anna)
    anna.post("/language", {"locale": "en"})

    assert f'href="{path}/edit"' in carla.get(path).text
    assert carla.get(f"{path}/edit").status_code == 200
    assert carla.get(f"{path}/cancel").status_code == 200
    assert carla.post(f"{path}/cancel", {"why": "De zaal is dicht"}).status_code == 303
    assert "cancelled" in anna.get(path).text
    assert f"{path}/rsvp" not in anna.get(path).text
    assert f'href="{path}/again"' in carla.get(path).text
    again = carla.get(f"{path}/again").text
    assert 'type="datetime-local" value=""' in again, "a new moment must be chosen"
    sent = form_of(meeting, starts_at=meeting.starts_at + 3 * DAY)
    sent["seen"] = mark_of(stored(meeting))
    assert carla.post(f"{path}/again", sent).status_code == 303
    assert f"{path}/rsvp" in anna.get(path).text


def test_every_page_of_changing_is_light_and_asks_little(carla, meeting, veere, member):
    venue = Venue.select().where(Venue.alliance == veere).get()
    Meeting.update(venue=venue).where(Meeting.id == meeting.id).execute()
    path = f"/meetings/{meeting.id}"
    for what in ("edit", "cancel", "again"):
        if what == "again":
            changing.cancel(meeting, by=member("carla"))
        with counted_queries() as queries:
            answer = carla.get(f"{path}/{what}")
        assert answer.status_code == 200, what
        assert len(queries) <= 8, (what, queries)
        assert len(brotli.compress(answer.data)) <= 6_000, what
        check_html(answer.text, what)


def test_a_refused_page_is_as_whole_as_a_fresh_one(carla, meeting, veere):
    path = f"/meetings/{meeting.id}"
    wrong = form_of(meeting) | {"starts_at": "2027-03-28T02:30", "seen": "stale"}
    for what in ("edit", "venue"):
        check_html(carla.post(f"{path}/{what}", wrong).text, what)
    late = form_of(meeting) | {"seen": "stale"}
    check_html(carla.post(f"{path}/cancel", late).text, "cancel")
