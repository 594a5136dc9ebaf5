"""The rules of a round: two keys, one life, one answer a member, an outcome owed."""

from datetime import timedelta

import pytest

from allies.advice import service
from allies.advice.models import Advice, Round
from allies.advice.states import State
from allies.alliances.models import Alliance, Membership
from allies.audit import AuditLine, first_broken_line
from allies.db import now
from allies.errors import DomainError, Refused
from allies.notifications.models import Delivery
from allies.outcomes.models import Outcome, OutcomeState
from tests.advice.rounds import end, fresh, state_of
from tests.walk import counted_queries


def told_since(count):
    """(alias, urgent) of the messages after the first `count`."""
    rows = Delivery.select(Delivery, Membership).join(Membership)
    return [(d.membership.alias, d.is_urgent) for d in rows.order_by(Delivery.created_at)][count:]


def actions_on(round):
    lines = AuditLine.select().where(AuditLine.subject == round.id).order_by(AuditLine.id)
    return [line.action for line in lines]


# -- asking and the two keys


def test_a_question_waits_for_the_other_organisation_and_only_they_are_told(ask):
    before = Delivery.select().count()

    round = ask()

    assert (state_of(round), round.opened_at, round.ends_at) == (State.DRAFT, None, None)
    assert told_since(before) == [("Steenloper", True)]


def test_the_second_key_opens_it_at_that_moment_and_tells_every_ally(draft, member, veere):
    before = Delivery.select().count()

    service.confirm(draft, by=member("daan"))

    round = fresh(draft)
    assert state_of(round) == State.OPEN
    assert round.ends_at - round.opened_at < timedelta(hours=4, seconds=1)
    assert now() - round.opened_at < timedelta(minutes=1)
    told = {(a.alias, True) for a in veere.allies}
    assert set(told_since(before)) == told
    assert round.asked == len(told) == 12


@pytest.mark.parametrize("persona", ["carla", "piet"])
def test_the_second_key_is_not_for_the_same_organisation(draft, member, persona):
    with pytest.raises(DomainError) as refusal:
        service.confirm(draft, by=member(persona, "Veere"))

    assert "other organisation" in str(refusal.value) or "andere organisatie" in str(refusal.value)
    assert state_of(draft) == State.DRAFT


def test_one_organisation_alone_needs_one_key(member, middelburg):
    municipality = Membership.organisation == "municipality"
    Membership.delete().where(Membership.alliance == middelburg, municipality).execute()

    words = {"question": "Wat?", "known": "Dit.", "unknown": "Dat.", "shareable": "Zus."}
    round = service.ask(middelburg, by=member("dirk"), hours=2, options=[], **words)

    assert state_of(round) == State.OPEN


def test_an_acute_question_opens_at_once_and_the_other_organisation_is_told_too(ask, veere):
    before = Delivery.select().count()

    round = ask(is_acute=True, reason="Het is nacht en het wordt groter.")

    assert state_of(round) == State.OPEN
    assert len(told_since(before)) == veere.allies.count() + 1
    assert ("Steenloper", True) in told_since(before)


def test_acute_needs_a_reason(ask):
    with pytest.raises(Refused) as refusal:
        ask(is_acute=True)

    assert refusal.value.field == "reason"


def test_at_most_three_questions_are_open(ask, draft, member, veere):
    others = Round.select().where(Round.alliance == veere, Round.state == State.OPEN).count()
    for _ in range(3 - others):
        ask(is_acute=True, reason="Nu.")

    with pytest.raises(DomainError):
        service.confirm(draft, by=member("daan"))
    with pytest.raises(Refused):
        ask()


@pytest.mark.parametrize(
    ("until", "field"),
    [(timedelta(seconds=-1), "until"), (timedelta(days=14, hours=1), "until"), (None, "hours")],
)
def test_the_end_lies_ahead_and_within_fourteen_days(ask, until, field):
    with pytest.raises(Refused) as refusal:
        ask(hours=None, until=until and now() + until)

    assert refusal.value.field == field


def test_a_chosen_moment_goes_before_hours_and_does_not_move_at_opening(ask, member):
    moment = now() + timedelta(days=3)
    round = ask(hours=2, until=moment)

    service.confirm(round, by=member("daan"))

    assert fresh(round).ends_at == moment


def test_a_key_that_comes_after_the_chosen_moment_does_not_open_it(ask, member):
    round = ask(until=now() + timedelta(days=1))
    Round.update(ends_at=now() - timedelta(minutes=1)).where(Round.id == round.id).execute()

    with pytest.raises(DomainError):
        service.confirm(fresh(round), by=member("daan"))


def test_a_withdrawn_draft_leaves_nothing_but_a_line_in_the_audit_log(draft, member):
    service.withdraw(draft, by=member("carla"))

    assert state_of(draft) is None
    assert actions_on(draft) == ["round.asked", "round.withdrawn"]


# -- answering


def test_an_ally_has_one_answer_the_last_one(opened, member):
    service.answer(opened, by=member("anna"), mood="calm", option=0, text="Rustig aan.")
    service.answer(opened, by=member("anna"), mood="tense", option=1, text="Toch niet.")

    (advice,) = Advice.select().where(Advice.round == opened)
    assert (advice.membership, advice.option, advice.mood, advice.text) == (
        member("anna"),
        1,
        "tense",
        "Toch niet.",
    )


def test_everything_on_the_board_raises_the_version(opened, member):
    versions = [opened.version]
    service.answer(opened, by=member("anna"), mood="calm", option=0)
    versions.append(fresh(opened).version)
    service.close(opened, by=member("carla"))
    versions.append(fresh(opened).version)
    service.give_outcome(opened, by=member("carla"), state=OutcomeState.NOT, text="Nee.")
    versions.append(fresh(opened).version)

    assert versions == sorted(set(versions))


def test_after_the_end_time_nothing_is_kept_also_before_the_worker_came(opened, member):
    round = end(opened)

    with pytest.raises(DomainError):
        service.answer(round, by=member("anna"), mood="calm", option=0)

    assert not Advice.select().where(Advice.round == round).exists()


def test_what_an_ally_answers_is_not_in_the_audit_log(opened, member):
    before = AuditLine.select().count()

    service.answer(opened, by=member("anna"), mood="calm", option=0)

    assert AuditLine.select().count() == before


# -- closing and the outcome


def test_closing_owes_an_outcome_within_three_days_by_who_asked(opened, member):
    service.close(opened, by=member("daan"))

    owed = fresh(opened).outcome
    assert owed.owed_by == "police"
    assert timedelta(hours=71) < owed.due_at - now() <= timedelta(hours=72)


def test_the_second_one_to_close_is_told_and_one_outcome_is_owed(opened, member):
    before = Outcome.select().count()
    service.close(opened, by=member("carla"))

    with pytest.raises(DomainError):
        service.close(opened, by=member("daan"))

    assert Outcome.select().count() == before + 1


def test_rounds_close_at_their_end_time_once(opened):
    end(opened)

    assert (service.close_ended(), service.close_ended()) == (1, 0)
    assert state_of(opened) == State.CLOSED
    assert actions_on(opened)[-1] == "round.closed"


def test_rounds_with_time_left_stay_open(opened):
    assert service.close_ended() == 0
    assert state_of(opened) == State.OPEN


def test_giving_the_outcome_tells_every_ally_and_cuts_advice_from_its_author(closed, member, veere):
    before = Delivery.select().count()

    service.give_outcome(closed, by=member("daan"), state=OutcomeState.TAKEN_UP, text="Gedaan.")

    outcome = fresh(closed).outcome
    assert (outcome.state, outcome.text, outcome.given_by) == (
        "taken-up",
        "Gedaan.",
        member("daan"),
    )
    assert len(told_since(before)) == veere.allies.count()
    assert [a.membership for a in Advice.select().where(Advice.round == closed)] == [None]


def test_an_outcome_is_given_once(told, member):
    with pytest.raises(DomainError):
        service.give_outcome(told, by=member("daan"), state=OutcomeState.NOT, text="Nee.")

    assert fresh(told).outcome.state == OutcomeState.PARTLY


def test_thirty_days_after_closing_authors_are_cut_off_without_an_outcome_too(closed, member):
    service.prune()
    assert Advice.get(Advice.round == closed).membership == member("anna")

    long_ago = now() - timedelta(days=30, hours=1)
    Round.update(closed_at=long_ago).where(Round.id == closed.id).execute()
    service.prune()
    version = fresh(closed).version
    service.prune()

    assert Advice.get(Advice.round == closed).membership is None
    assert fresh(closed).version == version


def test_results_stay_when_a_member_leaves(closed, member):
    member("anna").delete_instance()

    assert fresh(closed).tally.options == [("Ja", 1), ("Nee", 0)]


def test_the_acts_of_coordinators_are_in_an_unbroken_chain(told):
    assert actions_on(told) == ["round.asked", "round.confirmed", "round.closed"]
    assert actions_on(told.outcome) == ["outcome.given"]
    assert first_broken_line() is None


# -- what waits for whom


def test_open_rounds_tell_an_ally_whether_they_are_answered(cast, opened, member):
    def is_answered_by(user):
        return {r.id: bool(r.has_answered) for r in Round.current_for(user)}[opened.id]

    before = is_answered_by(cast.anna)
    service.answer(opened, by=member("anna"), mood="calm", option=0)

    assert (before, is_answered_by(cast.anna), is_answered_by(cast.bram)) == (False, True, False)


@pytest.mark.parametrize(
    ("state", "who"),
    [
        ("draft", {"carla", "daan", "piet"}),
        ("open", {"anna", "bram", "carla", "daan", "piet"}),
        ("closed", {"anna", "bram", "carla", "daan", "eva", "piet"}),
        ("told", {"anna", "bram", "carla", "daan", "eva", "piet"}),
    ],
)
def test_what_goes_on_is_for_whoever_may_see_it(cast, at_state, state, who):
    round = at_state(state)

    assert {p for p, user in vars(cast).items() if round in Round.current_for(user)} == who


def test_an_outcome_is_fresh_for_thirty_days(cast, told):
    Outcome.update(given_at=now() - timedelta(days=29)).execute()
    assert told in Round.current_for(cast.anna)

    Outcome.update(given_at=now() - timedelta(days=31)).execute()
    assert told not in Round.current_for(cast.anna)


def test_what_goes_on_is_one_query(cast):
    with counted_queries() as queries:
        assert [r.alliance.name for r in Round.current_for(cast.anna)]

    assert len(queries) == 1


def test_a_draft_is_hidden_from_allies_and_a_running_round_from_partners(cast, draft, veere):
    assert draft not in Round.visible_to(cast.anna)
    assert draft in Round.visible_to(cast.carla)
    running = Round.get(Round.alliance == veere, Round.state == State.OPEN)
    assert running in Round.visible_to(cast.anna)
    assert running not in Round.visible_to(cast.eva)
    assert {r.alliance_id for r in Round.visible_to(cast.dirk)} == {
        Alliance.get(Alliance.name == "Middelburg").id
    }
