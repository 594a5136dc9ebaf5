"""What is kept of which dates suit whom, and for how long."""

from datetime import timedelta

from allies.alliances.models import Membership
from allies.dates.models import DateAnswer, DatePoll, ProposedDate
from allies.db import now
from allies.i18n import _l, today
from allies.keeping import About, keep, of_members

POLLS_KEPT = timedelta(days=60)


def answers_of(user):
    mine = DateAnswer.select(DateAnswer, ProposedDate).join(ProposedDate).switch(DateAnswer)
    mine = mine.join(Membership).where(Membership.user == user.id)
    return [
        {"date_at": answer.proposed.starts_at, "fit": answer.fit}
        for answer in mine.order_by(ProposedDate.starts_at)
    ]


def forget_polls():
    """Questions of 60 days ago go as a whole; of those that ask about the past, the answers."""
    DatePoll.delete().where(DatePoll.made_on < today() - POLLS_KEPT).execute()
    still_asked = ProposedDate.select(ProposedDate.poll).where(ProposedDate.starts_at > now())
    over = ProposedDate.select(ProposedDate.id).where(ProposedDate.poll.not_in(still_asked))
    DateAnswer.delete().where(DateAnswer.proposed.in_(over)).execute()


keep(
    DateAnswer,
    about=About.TAKING_PART,
    what=_l("Which of the proposed dates suit you."),
    term=_l("Until a date is picked or all have passed, 60 days at most."),
    export=answers_of,
    erase=of_members(DateAnswer.membership),
    prune=forget_polls,
)
