"""The rules of finding a date (PRODUCT 4.2)."""

from datetime import date, timedelta

import pytest
import time_machine

from allies.audit import AuditLine
from allies.dates import ending, service
from allies.dates.keeping import answers_of, forget_polls
from allies.dates.models import DateAnswer, DatePoll, Fit, PollState, ProposedDate
from allies.db import now
from allies.errors import DomainError, Refused
from allies.i18n import today
from allies.keeping import KEPT, Leaver
from allies.meetings import service as meetings
from allies.meetings.models import Meeting, Rsvp
from allies.notifications.models import Delivery
from tests.dates.moments import on
from tests.walk import counted_queries

DAY = timedelta(days=1)


@pytest.fixture
def draft(veere, member):
    """A draft of Veere, with a date that nobody was told of."""
    return meetings.plan(
        veere, by=member("carla"), starts_at=on(50), duration=90, is_extra=True, is_draft=True
    )


def said(membership):
    return {a.proposed.starts_at: a.fit for a in DateAnswer.select().where(
        DateAnswer.membership == membership)}  # fmt: skip


def answers_in(poll):
    of_it = ProposedDate.select(ProposedDate.id).where(ProposedDate.poll == poll)
    return DateAnswer.select().where(DateAnswer.proposed.in_(of_it)).count()


def state_of(poll):
    return DatePoll.get_by_id(poll.id).state


# Asking


def test_asking_tells_every_ally_and_nobody_else(ask, veere):
    ask(on(30), on(33))

    told = [d.membership_id for d in Delivery.select()]
    assert sorted(told) == sorted(ally.id for ally in veere.allies)
    assert {d.meeting_id for d in Delivery.select()} == {None}


def test_empty_rows_are_passed_over(ask):
    poll = ask(None, on(33), None, on(30))

    kept = ProposedDate.select().where(ProposedDate.poll == poll)
    assert {d.starts_at for d in kept} == {on(30), on(33)}


@pytest.mark.parametrize("dates", [(None, None), (on(30), None), (None, on(30), None)])
def test_there_is_something_to_choose(ask, dates):
    with pytest.raises(Refused, match="at least two"):
        ask(*dates)


@pytest.mark.parametrize("second", [on(-1), on(800), on(30)])
def test_a_date_that_can_not_become_a_meeting_is_refused_beside_its_row(ask, second):
    with pytest.raises(Refused) as refusal:
        ask(on(30), None, second)

    assert refusal.value.field == "date_3"
    assert Delivery.select().count() == 0


def test_a_moment_of_another_meeting_is_refused(ask, veere):
    busy = Meeting.select().where(Meeting.alliance == veere, Meeting.starts_at > now()).get()

    with pytest.raises(Refused) as refusal:
        ask(on(30), busy.starts_at)

    assert refusal.value.field == "date_2"


def test_the_sixth_meeting_of_a_year_must_be_extra(ask, veere):
    summer = date(today().year + 1, 7, 1)
    first = on((summer - today()).days)
    for number in range(5):
        Meeting.create(alliance=veere, starts_at=first + number * 3 * DAY, duration=120)

    with pytest.raises(Refused) as refusal:
        ask(first + DAY, first + 2 * DAY, is_extra=False)

    assert refusal.value.field == "is_extra"
    assert ask(first + DAY, first + 2 * DAY)


def test_the_day_of_the_draft_itself_can_be_proposed(ask, draft):
    assert ask(draft.starts_at, on(52), draft=draft).meeting == draft


def test_one_question_is_open_for_a_draft(ask, draft):
    ask(on(51), on(52), draft=draft)

    with pytest.raises(Refused, match="for this meeting already"):
        ask(on(53), on(54), draft=draft)


def test_at_most_three_questions_are_open(ask):
    polls = [ask(on(30 + n), on(40 + n)) for n in range(3)]

    with pytest.raises(Refused, match="Three"):
        ask(on(35), on(45))
    DatePoll.update(state=PollState.PICKED).where(DatePoll.id == polls[0].id).execute()
    assert ask(on(35), on(45))


# Answering


def test_an_answer_may_be_partial_and_is_changed_by_the_next_one(say, member, dates):
    anna = member("anna")
    say(anna, "yes", None, "no")
    say(anna, None, "if-need-be", "yes")

    assert said(anna) == {
        dates[0].starts_at: Fit.YES,
        dates[1].starts_at: Fit.IF_NEED_BE,
        dates[2].starts_at: Fit.YES,
    }


def test_an_answer_can_be_taken_back(say, member, dates, poll):
    anna = member("anna")
    say(anna, "yes", "no")
    service.answer(poll, by=anna, fits={dates[0].id: None})

    assert said(anna) == {dates[1].starts_at: Fit.NO}


def test_a_date_that_has_passed_takes_no_answer(say, member, dates):
    with time_machine.travel(dates[0].starts_at, tick=False):
        say(member("anna"), "yes", "yes")

    assert list(said(member("anna"))) == [dates[1].starts_at]


def test_a_date_of_another_question_takes_no_answer_here(poll, member, app):
    foreign = ProposedDate.select().where(ProposedDate.poll != poll).first()
    service.answer(poll, by=member("anna"), fits={foreign.id: Fit.YES})

    assert said(member("anna")) == {}


@pytest.mark.parametrize("is_picked", [True, False])
def test_an_answer_after_the_end_is_too_late_also_for_who_read_the_page_before(
    is_picked, poll, dates, member
):
    by, read_again = member("carla"), DatePoll.get_by_id(poll.id)
    if is_picked:
        service.pick(read_again, by=by, proposed=dates[0], is_extra=True)
    else:
        ending.withdraw(read_again, by=by)

    with pytest.raises(DomainError):
        service.answer(poll, by=member("anna"), fits={dates[0].id: Fit.YES})
    assert answers_in(poll) == 0


# Picking


def test_the_date_that_is_picked_becomes_the_meeting_and_everybody_is_told(
    poll, dates, member, veere
):
    meeting = service.pick(poll, by=member("daan"), proposed=dates[1], is_extra=True)

    assert (meeting.starts_at, meeting.duration) == (dates[1].starts_at, 120)
    assert (meeting.alliance, meeting.is_extra, meeting.is_draft) == (veere, True, False)
    told = [d.membership_id for d in Delivery.select().where(Delivery.meeting_id == meeting.id)]
    assert sorted(told) == sorted(ally.id for ally in veere.allies)
    assert DatePoll.get_by_id(poll.id).meeting == meeting


def test_a_date_of_another_question_is_not_picked(ask, poll, member):
    other = ask(on(51), on(52)).dates.get()

    with pytest.raises(Refused) as refusal:
        service.pick(poll, by=member("carla"), proposed=other, is_extra=True)
    assert refusal.value.field == "date"
    assert state_of(poll) == PollState.OPEN


def test_only_a_yes_becomes_an_answer_to_the_meeting(poll, dates, member, say):
    say(member("anna"), "yes", "yes")
    say(member("bram"), "if-need-be", "yes")
    meeting = service.pick(poll, by=member("carla"), proposed=dates[0], is_extra=True)

    (rsvp,) = Rsvp.select().where(Rsvp.meeting == meeting)
    assert (rsvp.membership, rsvp.answer) == (member("anna"), "yes")
    assert not rsvp.is_by_coordinator


def test_a_yes_of_who_is_paused_since_counts_all_the_same(poll, dates, member, say):
    anna = member("anna")
    say(anna, "yes")
    type(anna).update(paused_until=today() + DAY).where(type(anna).id == anna.id).execute()
    meeting = service.pick(poll, by=member("carla"), proposed=dates[0], is_extra=True)

    assert meeting.answer_of(anna).answer == "yes"
    assert not Delivery.select().where(Delivery.membership == anna).exists()


def test_once_picked_the_answers_to_all_dates_are_forgotten(poll, dates, member, say):
    say(member("anna"), "yes", "no", "no")
    service.pick(poll, by=member("carla"), proposed=dates[2], is_extra=True)

    assert answers_in(poll) == 0


def test_a_draft_gets_the_date_and_stays_the_same_meeting(ask, draft, member):
    poll = ask(on(51), on(52), draft=draft)
    picked = poll.dates.where(ProposedDate.starts_at == on(52)).get()
    meeting = service.pick(poll, by=member("carla"), proposed=picked, is_extra=True)

    assert meeting == draft
    kept = Meeting.get_by_id(draft.id)
    assert (kept.starts_at, kept.is_draft, kept.duration) == (on(52), False, 120)


@pytest.mark.parametrize("close", [meetings.publish, meetings.drop])
def test_a_question_ends_with_the_draft_it_is_about(ask, draft, member, close):
    poll = ask(on(51), on(52), draft=draft)
    other = ask(on(53), on(54))
    service.answer(poll, by=member("anna"), fits={poll.dates.get().id: Fit.YES})
    count = Meeting.select().count()
    close(draft, by=member("daan"))

    assert (state_of(poll), state_of(other)) == (PollState.WITHDRAWN, PollState.OPEN)
    assert answers_in(poll) == 0
    assert AuditLine.select().where(AuditLine.action == "date.withdrawn").count() == 1
    with pytest.raises(DomainError, match="took this question back"):
        service.pick(poll, by=member("carla"), proposed=poll.dates.get(), is_extra=True)
    assert Meeting.select().count() == count - (close is meetings.drop)


def test_two_coordinators_who_pick_make_one_meeting(poll, dates, member):
    read_before = DatePoll.get_by_id(poll.id)
    service.pick(poll, by=member("carla"), proposed=dates[0], is_extra=True)
    count = Meeting.select().count()

    with pytest.raises(DomainError, match="picked already"):
        service.pick(read_before, by=member("daan"), proposed=dates[1], is_extra=True)
    assert Meeting.select().count() == count


def test_a_date_that_passed_meanwhile_is_refused_and_the_question_stays_open(
    poll, dates, member, say
):
    say(member("anna"), "yes", "yes")
    with time_machine.travel(dates[0].starts_at + DAY), pytest.raises(Refused):
        service.pick(poll, by=member("carla"), proposed=dates[0], is_extra=True)

    assert state_of(poll) == PollState.OPEN
    assert answers_in(poll) == 2


def test_a_meeting_planned_there_meanwhile_refuses_the_date(poll, dates, member, veere):
    Meeting.create(alliance=veere, starts_at=dates[0].starts_at, duration=60)

    with pytest.raises(Refused, match="another meeting"):
        service.pick(poll, by=member("carla"), proposed=dates[0], is_extra=True)
    assert state_of(poll) == PollState.OPEN


# Taking back


def test_who_takes_a_question_back_forgets_the_answers_and_tells_nobody(poll, member, say):
    say(member("anna"), "yes")
    ending.withdraw(poll, by=member("daan"))

    assert state_of(poll) == PollState.WITHDRAWN
    assert answers_in(poll) == 0
    assert Delivery.select().count() == 0


def test_a_question_is_over_once(poll, dates, member):
    ending.withdraw(poll, by=member("daan"))

    for late in (
        lambda: ending.withdraw(poll, by=member("carla")),
        lambda: service.pick(poll, by=member("carla"), proposed=dates[0]),
    ):
        with pytest.raises(DomainError, match="took this question back"):
            late()


def test_the_log_has_what_coordinators_did_and_no_answer(poll, dates, member, say):
    say(member("anna"), "yes")
    service.pick(poll, by=member("carla"), proposed=dates[0], is_extra=True)

    lines = list(AuditLine.select().where(AuditLine.action.startswith("date.")))
    assert [line.action for line in lines] == ["date.asked", "date.picked"]
    assert {line.actor for line in lines} == {member("carla").id}


# Who sees what, and for how long


def test_a_start_page_finds_the_open_ones_in_one_query(poll, say, member, cast):
    say(member("anna"), "yes", "no")
    with counted_queries() as queries:
        (found,) = DatePoll.open_for(cast.anna)
    assert len(queries) == 1
    assert (found, found.alliance, found.first_at) == (poll, poll.alliance, on(30))
    assert not found.answered

    say(member("anna"), None, None, "no")
    assert next(iter(DatePoll.open_for(cast.anna))).answered
    assert not next(iter(DatePoll.open_for(cast.bram))).answered


def test_a_start_page_shows_no_question_that_is_over_or_of_others(poll, cast, member):
    assert list(DatePoll.open_for(cast.vera)) == []
    with time_machine.travel(on(37)):
        assert list(DatePoll.open_for(cast.anna)) == []
    ending.withdraw(poll, by=member("carla"))
    assert list(DatePoll.open_for(cast.anna)) == []


def test_partners_and_others_do_not_see_a_question(poll, cast):
    for user in (cast.eva, cast.mina, cast.vera):
        assert poll not in list(DatePoll.visible_to(user))


def test_the_download_of_own_data_tells_the_answers(say, member, cast, dates):
    say(member("anna"), "yes", None, "no")

    assert answers_of(cast.anna) == [
        {"date_at": dates[0].starts_at, "fit": Fit.YES},
        {"date_at": dates[2].starts_at, "fit": Fit.NO},
    ]
    assert answers_of(cast.bram) == []


def test_who_leaves_takes_the_answers_along(say, member, cast, poll):
    say(member("anna"), "yes", "yes")
    say(member("bram"), "yes")
    KEPT[DateAnswer].erase(Leaver(cast.anna, [member("anna")], is_whole=False))

    assert answers_in(poll) == 1


def test_after_sixty_days_a_question_is_gone_with_its_answers(ask, member):
    poll, anna = ask(on(70), on(80)), member("anna")
    service.answer(poll, by=anna, fits={d.id: Fit.YES for d in poll.dates})
    with time_machine.travel(now() + 60 * DAY):
        forget_polls()
        assert len(said(anna)) == 2
    with time_machine.travel(now() + 61 * DAY):
        forget_polls()

    assert DatePoll.get_or_none(DatePoll.id == poll.id) is None
    assert said(anna) == {}


def test_when_all_dates_have_passed_the_answers_are_forgotten(poll, say, member):
    say(member("anna"), "yes")
    with time_machine.travel(on(36)):
        forget_polls()

    assert said(member("anna")) == {}
