"""Two at the same moment: nothing is lost, nothing happens twice (TRUST R05)."""

import time
from datetime import datetime, timedelta
from datetime import time as clock_time

import pytest
import time_machine

from allies.i18n import at_local_time, today
from allies.minutes import contesting, nudging
from allies.minutes.models import (
    Contest,
    ContestState,
    Minutes,
    MinutesPart,
    MinutesRevision,
    MinutesState,
)
from allies.notifications.models import Delivery
from allies.outcomes.models import Outcome
from tests.at_once import at_once, press

REPEATS = pytest.mark.parametrize("repeat", range(3))


@REPEATS
def test_two_who_save_the_same_part_lose_nothing(client_of, cast, part, repeat):
    path = f"/minutes-parts/{part.id}"
    texts = ["De tekst van de een.", "De tekst van de ander."]
    jobs = [
        press(client_of(user), path, seen="0", heard=text, advice="")
        for user, text in zip((cast.carla, cast.daan), texts, strict=True)
    ]
    answers = at_once(jobs)

    assert sorted(answers) == [303, 422]
    stored = MinutesPart.get_by_id(part.id)
    assert stored.heard == texts[answers.index(303)]
    assert stored.revision == 1
    assert MinutesRevision.select().where(MinutesRevision.part == part).count() == 1


@REPEATS
def test_two_who_begin_make_one(client_of, cast, held, repeat):
    path = f"/meetings/{held.id}/minutes/begin"
    jobs = [press(client_of(user), path) for user in (cast.carla, cast.daan)]

    assert at_once(jobs) == [303, 303]
    assert MinutesPart.select().join(Minutes).where(Minutes.meeting == held).count() == 3


@REPEATS
def test_two_who_publish_tell_once(client_of, cast, held, written, veere, repeat):
    path = f"/meetings/{held.id}/minutes/publish"
    jobs = [press(client_of(user), path) for user in (cast.carla, cast.daan)]

    assert sorted(at_once(jobs)) == [303, 409]
    assert Delivery.select().count() == veere.allies.count()


@REPEATS
def test_saving_while_somebody_publishes_is_in_or_given_back(
    client_of, cast, held, written, repeat
):
    jobs = [
        press(client_of(cast.carla), f"/meetings/{held.id}/minutes/publish"),
        press(
            client_of(cast.daan),
            f"/minutes-parts/{written.id}",
            seen="1",
            heard="Nieuw.",
            advice="",
        ),
    ]
    published, saved = at_once(jobs)

    assert published == 303
    stored = MinutesPart.get_by_id(written.id)
    assert (saved, stored.heard == "Nieuw.") in {(303, True), (409, False)}


@REPEATS
def test_two_answers_to_one_remark_are_one(client_of, cast, contested, repeat):
    path = f"/contests/{contested.id}/reply"
    jobs = [
        press(client_of(cast.carla), path, seen="1", state="kept", reply="Zo is het gezegd."),
        press(client_of(cast.daan), path, seen="1", state="changed", reply="Ja.", heard="Anders."),
    ]
    kept, changed = at_once(jobs)

    assert sorted((kept, changed)) == [303, 409]
    stored = Contest.get_by_id(contested.id)
    assert stored.state == (ContestState.KEPT if kept == 303 else ContestState.CHANGED)
    assert (stored.part.heard == "Anders.") == (changed == 303)


@REPEATS
def test_a_second_contest_by_the_same_member_at_once_is_refused(client_of, cast, published, repeat):
    anna = client_of(cast.anna)
    jobs = [
        press(
            anna, f"/minutes-parts/{published.id}/contest",
            seen="1", sentence="heard-0", remark="Dat was anders.",
        )
        for _press in range(4)
    ]  # fmt: skip

    assert sorted(at_once(jobs)) == [303, 422, 422, 422]
    assert Contest.select().where(Contest.part == published).count() == 1


@pytest.mark.parametrize("early", [0.2, 0.02, 0.005, 0, -0.02])
def test_a_contest_around_the_end_is_in_or_refused_and_never_lost(
    client_of, cast, published, early
):
    """So many seconds before the end a member presses, while the job tries to fix all along."""
    path = f"/minutes-parts/{published.id}/contest"
    midnight = at_local_time(datetime.combine(today() + timedelta(days=8), clock_time.min))
    with time_machine.travel(midnight - timedelta(seconds=2)):
        contest = press(
            client_of(cast.anna), path, seen="1", sentence="heard-0", remark="Dat was anders."
        )
    ends_at = midnight.timestamp()

    def press_in_time():
        time.sleep(max(0, ends_at - early - time.time()))
        return contest()

    def fix_all_along():
        while time.time() < ends_at + 0.3:
            contesting.fix_due()

    with time_machine.travel(midnight - timedelta(seconds=0.4)):
        answer, _none = at_once([press_in_time, fix_all_along])

    kept = Contest.select().where(Contest.part == published).count()
    state = Minutes.get_by_id(published.minutes_id).state
    assert (answer, kept, state) in {
        (303, 1, MinutesState.CONTESTABLE),
        (409, 0, MinutesState.FIXED),
    }


@REPEATS
def test_two_workers_fix_once_and_nudge_once(published, after_contest_time, repeat):
    before = Outcome.select().count()

    assert sorted(at_once([contesting.fix_due, contesting.fix_due])) == [0, 1]
    assert Outcome.select().count() == before + 1
    told = Delivery.select().count()
    at_once([nudging.nudge, nudging.nudge])
    coordinators = Delivery.select().count() - told
    at_once([nudging.nudge, nudging.nudge])
    assert Delivery.select().count() - told == coordinators
