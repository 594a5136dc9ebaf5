"""Meetings through the browser's eyes."""

from allies.db import now
from allies.meetings.models import Meeting


def open_meeting(alliance):
    return (
        Meeting.select()
        .where(Meeting.alliance == alliance, Meeting.starts_at > now())
        .order_by(Meeting.starts_at)
        .first()
    )


def test_an_ally_answers_and_may_change_the_answer(client_of, cast, veere, member):
    meeting, anna = open_meeting(veere), client_of(cast.anna)

    first = anna.post(f"/meetings/{meeting.id}/rsvp", {"answer": "yes", "note": "Ik kom wat later"})
    second = anna.post(f"/meetings/{meeting.id}/rsvp", {"answer": "no"})

    assert (first.status_code, second.status_code) == (303, 303)
    assert meeting.answer_of(member("anna")).answer == "no"


def test_every_page_of_meetings_opens(client_of, cast, veere):
    meeting = open_meeting(veere)
    for who in (cast.anna, cast.carla, cast.eva):
        device = client_of(who)
        for path in ("/", "/meetings", f"/meetings/{meeting.id}", "/account"):
            assert device.get(path).status_code == 200, (who, path)
    assert client_of(cast.carla).get(f"/alliances/{veere.id}/meetings/new").status_code == 200
    assert client_of(cast.anna).get(f"/alliances/{veere.id}/meetings/new").status_code == 403
    assert client_of(cast.dirk).get(f"/meetings/{meeting.id}").status_code == 404
