"""Two who change the same meeting, or the same hour, at the same moment."""

import pytest

from allies.meetings.marks import mark_of
from allies.notifications.models import Delivery
from tests.at_once import at_once, press
from tests.meetings.moving import DAY, alone, answered, form_of, make, stored


@pytest.fixture
def meeting(veere):
    return alone(veere)


@pytest.mark.parametrize("repeat", range(3))
def test_of_two_moves_at_once_one_wins_and_everybody_hears_once(
    client_of, cast, meeting, veere, repeat
):
    path = f"/meetings/{meeting.id}/edit"
    jobs = [
        press(client_of(user), path, form_of(meeting, starts_at=meeting.starts_at + days * DAY))
        for user, days in ((cast.carla, 1), (cast.daan, 2))
    ]

    assert sorted(at_once(jobs)) == [303, 409]
    assert stored(meeting).sequence == meeting.sequence + 1
    assert Delivery.waiting().where(Delivery.meeting_id == meeting.id).count() == 12


def test_of_two_cancelling_at_once_one_does(client_of, cast, meeting):
    path = f"/meetings/{meeting.id}/cancel"
    sent = {"seen": mark_of(meeting)}
    jobs = [press(client_of(user), path, sent) for user in (cast.carla, cast.daan)]

    assert sorted(at_once(jobs)) == [303, 409]
    assert stored(meeting).sequence == meeting.sequence + 1


def test_two_moved_to_the_same_hour_at_once_do_not_overlap(client_of, cast, meeting, veere):
    other = make(veere, days=40)
    there = meeting.starts_at + 5 * DAY
    jobs = [
        press(client_of(user), f"/meetings/{m.id}/edit", form_of(m, starts_at=there))
        for user, m in ((cast.carla, meeting), (cast.daan, other))
    ]

    assert sorted(at_once(jobs)) == [303, 422]
    assert [stored(m).starts_at for m in (meeting, other)].count(there) == 1


def test_an_answer_and_a_move_at_once_leave_no_answer_to_the_old_day(client_of, cast, meeting):
    jobs = [
        press(
            client_of(cast.carla),
            f"/meetings/{meeting.id}/edit",
            form_of(meeting, starts_at=meeting.starts_at + DAY),
        ),
        press(
            client_of(cast.anna),
            f"/meetings/{meeting.id}/rsvp",
            {"answer": "yes", "sequence": str(meeting.sequence)},
        ),
    ]

    moved, answer = at_once(jobs)
    assert moved == 303
    assert answer in {303, 409}
    assert answered(meeting) == 0
