"""Everything that changes a question about dates, or an answer to one."""

from allies.audit import record
from allies.dates.ending import end, forget_answers, must_be_open
from allies.dates.models import DateAnswer, DatePoll, Fit, PollState, ProposedDate
from allies.db import atomic, now
from allies.errors import Refused
from allies.i18n import _l, today
from allies.meetings import rules
from allies.meetings import service as meetings
from allies.meetings.answers import Answer
from allies.meetings.models import Meeting, Rsvp
from allies.notifications.service import tell

FEWEST_DATES, MOST_DATES = 2, 8
MOST_OPEN = 3


@atomic
def ask(alliance, *, by, dates, duration, is_extra=False, draft=None):
    """Ask the allies which of these dates suit them, perhaps for a draft of the planner.

    `dates` may hold None for an empty row. Raises Refused for `date_<n>`, the n-th of
    them, when that can't become a meeting.
    """
    of_alliance = DatePoll.select().where(DatePoll.alliance == alliance)
    open_ones = list(of_alliance.where(DatePoll.state == PollState.OPEN))
    if len(open_ones) >= MOST_OPEN:
        raise Refused(
            "date_1",
            _l(
                "Three questions about dates are open already."
                " Pick a date there first, or take one back."
            ),
        )
    if draft and any(poll.meeting_id == draft.id for poll in open_ones):
        raise Refused("date_1", _l("You are asking about dates for this meeting already."))
    known = {"id": draft.id} if draft else {}
    check_dates(dates, alliance=alliance, duration=duration, is_extra=is_extra, **known)
    poll = DatePoll.create(
        alliance=alliance, duration=duration, is_extra=is_extra, made_on=today(), meeting=draft
    )
    for starts_at in sorted(filter(None, dates)):
        ProposedDate.create(poll=poll, starts_at=starts_at)
    record(by, "date.asked", poll)
    tell(alliance.allies)
    return poll


@atomic
def answer(poll, *, by, fits):
    """Keep how these dates suit an ally, {id of a date: Fit, or None for not known yet}.

    What was said of other dates stays. Raises DomainError when the question is over, also
    since the page was read.
    """
    must_be_open(poll)
    dates = ProposedDate.select().where(ProposedDate.poll == poll, ProposedDate.id.in_(list(fits)))
    for proposed in list(dates.where(ProposedDate.starts_at > now())):
        DateAnswer.delete().where(
            DateAnswer.proposed == proposed, DateAnswer.membership == by.id
        ).execute()
        if fit := fits[proposed.id]:
            DateAnswer.create(proposed=proposed, membership=by, fit=fit)


@atomic
def pick(poll, *, by, proposed, is_extra=False):
    """Make this date the meeting and tell everybody; who said yes to it is coming already.

    Raises DomainError when the question is over, also when two people pick at the
    same moment: the update itself decides who was first. Raises Refused for a rule of
    the year planner, and for a date of another question.
    """
    if proposed.poll_id != poll.id:
        raise Refused("date", _l("Choose one of these. A day that has passed is gone."))
    end(poll, PollState.PICKED)
    draft = draft_of(poll)
    facts = {"starts_at": proposed.starts_at, "duration": poll.duration, "is_extra": is_extra}
    if draft:
        Meeting.update(**facts).where(Meeting.id == draft.id).execute()
        meeting = meetings.publish(Meeting.get_by_id(draft.id), by=by)
    else:
        meeting = meetings.plan(poll.alliance, by=by, **facts)
    carry_over(proposed, meeting)
    forget_answers(poll)
    DatePoll.update(meeting=meeting).where(DatePoll.id == poll.id).execute()
    record(by, "date.picked", poll)
    return meeting


def check_dates(dates, **facts):
    """A few different moments, each of which could become a meeting with these facts."""
    if len(list(filter(None, dates))) < FEWEST_DATES:
        empty = dates.index(None) + 1 if None in dates else len(dates)
        raise Refused(f"date_{empty}", _l("Propose at least two dates, so that people can choose."))
    for number, starts_at in enumerate(dates, start=1):
        if starts_at and starts_at in dates[: number - 1]:
            raise Refused(f"date_{number}", _l("This date is in the list twice."))
        if starts_at:
            check_date(Meeting(starts_at=starts_at, **facts), f"date_{number}")


def check_date(meeting, row):
    """Raise Refused for what the year planner would refuse, beside the row it is about."""
    try:
        rules.check(meeting)
    except Refused as refusal:
        if refusal.field == "starts_at":
            refusal.field = row
        raise


def draft_of(poll):
    """The draft a question is about, or None. A question ends with its draft, see `ending`."""
    of_it = Meeting.select().join(DatePoll, on=(DatePoll.meeting == Meeting.id))
    return of_it.where(DatePoll.id == poll.id).first()


def carry_over(proposed, meeting):
    """Let who said yes to a date, and is a member still, be coming to its meeting."""
    allies = [ally.id for ally in meeting.alliance.allies]
    said_yes = DateAnswer.select().where(
        DateAnswer.proposed == proposed,
        DateAnswer.fit == Fit.YES,
        DateAnswer.membership.in_(allies),
    )
    for said in said_yes:
        Rsvp.delete().where(
            Rsvp.meeting == meeting, Rsvp.membership == said.membership_id
        ).execute()
        Rsvp.create(meeting=meeting, membership=said.membership_id, answer=Answer.YES)
