"""The topics of the demo region: in every state, on agendas, and with their outcomes."""

from datetime import timedelta

from allies.demo import outcomes
from allies.i18n import local
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
        outcome=outcomes.load(outcome, facts["alliance"], loaded) if outcome else None,
    )
