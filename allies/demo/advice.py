"""The advice rounds of the demo region, with their answers and outcomes."""

from datetime import timedelta

from allies.advice.models import Advice, Round
from allies.advice.states import State
from allies.demo import outcomes

WORDS = ("question", "known", "unknown", "shareable", "options", "hours", "reason")


def load(content, loaded):
    """Make every [[round]] of the content file, as if it had been asked and answered."""
    for facts in content["round"]:
        round = make_round(facts, loaded)
        if not round.is_draft:
            make_advice(round, facts, loaded)


def make_round(facts, loaded):
    by = loaded.member(facts["asked_by"], facts["alliance"])
    asked_at = loaded.at(hours=facts.get("opened_hours", -1))
    opened = {} if facts["state"] == "draft" else opened_facts(facts, loaded, asked_at)
    return Round.create(
        alliance=by.alliance,
        asked_by=by,
        organisation=by.organisation,
        asked_at=asked_at,
        is_acute=facts["acute"],
        **{name: facts[name] for name in WORDS},
        **opened,
    )


def opened_facts(facts, loaded, opened_at):
    """What opening and, where it has happened, closing added to a round."""
    ends_at = opened_at + timedelta(hours=facts["hours"])
    alliance = loaded.alliances[facts["alliance"]]
    opened = {"opened_at": opened_at, "ends_at": ends_at, "asked": alliance.allies.count()}
    if "outcome" not in facts:
        return opened | {"state": State.OPEN}
    outcome = outcomes.load(facts["outcome"], facts["alliance"], loaded)
    state = State.OUTCOME_GIVEN if outcome.is_given else State.CLOSED
    return opened | {"state": state, "closed_at": ends_at, "outcome": outcome}


def make_advice(round, facts, loaded):
    """The answers; with the outcome given they have lost their authors, as in `give_outcome`."""
    is_cut = round.state == State.OUTCOME_GIVEN
    for given in facts["answer"]:
        Advice.create(
            round=round,
            membership=None if is_cut else loaded.member(given["person"], facts["alliance"]),
            option=given["option"],
            mood=given["mood"],
            text=given["text"],
        )
