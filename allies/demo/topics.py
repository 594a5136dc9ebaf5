"""The topics of the demo region: in every state, on agendas, and with their outcomes."""

from datetime import timedelta

from allies.i18n import local
from allies.outcomes.models import Outcome
from allies.topics.models import TEXTS, Support, Topic, TopicState
from allies.topics.service import forget_authors, search_text

DAYS_TO_DECIDE = 2


def load(content, loaded):
    """Make the topics; what is long ago has lost its author, as in every region."""
    for facts in content["topic"]:
        topic = load_topic(facts, loaded)
        for person in facts.get("supporters", ()):
            Support.create(topic=topic, membership=loaded.member(person, facts["alliance"]))
    forget_authors()


def load_topic(facts, loaded):
    texts = {name: facts[name] for name in TEXTS}
    submitted_on = local(loaded.at(days=facts["days"])).date()
    is_decided = facts["state"] != TopicState.SUBMITTED
    outcome = facts.get("outcome")
    return Topic.create(
        alliance=loaded.alliances[facts["alliance"]],
        proposed_by=loaded.member(facts["author"], facts["alliance"]),
        **texts,
        search_text=search_text(texts),
        theme=facts["theme"],
        state=facts["state"],
        submitted_on=submitted_on,
        decided_on=submitted_on + timedelta(days=DAYS_TO_DECIDE) if is_decided else None,
        question=facts.get("question", ""),
        ground=facts.get("ground"),
        meeting=loaded.meetings.get(facts.get("meeting")),
        outcome=load_outcome(outcome, facts["alliance"], loaded) if outcome else None,
    )


def load_outcome(facts, alliance, loaded):
    """An outcome that was given a day before it was due, or is still owed."""
    member = loaded.member(facts["by"], alliance)
    due_at = loaded.at(days=facts["due_days"])
    outcome = Outcome(
        alliance=loaded.alliances[alliance], owed_by=member.organisation, due_at=due_at
    )
    if "state" in facts:
        outcome.state, outcome.text = facts["state"], facts["text"]
        outcome.given_by, outcome.given_at = member, due_at - timedelta(days=1)
    outcome.save(force_insert=True)
    return outcome
