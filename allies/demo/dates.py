"""The question of the demo region which dates suit, with some answers to it."""

from datetime import datetime, time

from allies.dates.models import DateAnswer, DatePoll, Fit, ProposedDate
from allies.i18n import at_local_time, local


def load(content, loaded):
    for facts in content["date_poll"]:
        poll = DatePoll.create(
            alliance=loaded.alliances[facts["alliance"]],
            duration=facts["duration"],
            is_extra=facts.get("extra", False),
            made_on=local(loaded.at(days=facts["days"])).date(),
        )
        for proposed in facts["date"]:
            load_date(proposed, poll, facts["alliance"], loaded)


def load_date(facts, poll, alliance, loaded):
    day = local(loaded.at(days=facts["days"])).date()
    starts_at = at_local_time(datetime.combine(day, time.fromisoformat(facts["time"])))
    proposed = ProposedDate.create(poll=poll, starts_at=starts_at)
    for fit in Fit:
        for person in facts.get(fit, ()):
            member = loaded.member(person, alliance)
            DateAnswer.create(proposed=proposed, membership=member, fit=fit)
