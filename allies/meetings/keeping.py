"""What is kept of who comes to a meeting, and for how long."""

from allies.alliances.models import Membership
from allies.i18n import _l
from allies.keeping import About, keep, of_members
from allies.meetings.models import Meeting, Need, Rsvp, count_answers

PAST_COUNTS_FROM = 5  # fewer answers would tell who gave them


def answers_of(user):
    mine = Rsvp.select(Rsvp, Meeting).join(Meeting).switch(Rsvp).join(Membership)
    return [
        {
            "meeting_at": rsvp.meeting.starts_at,
            "answer": rsvp.answer,
            "note": rsvp.note,
            "is_by_coordinator": rsvp.is_by_coordinator,
        }
        for rsvp in mine.where(Membership.user == user.id).order_by(Meeting.starts_at)
    ]


def needs_of(user):
    mine = Need.select(Need, Meeting).join(Meeting).switch(Need).join(Membership)
    return [
        {"meeting_at": need.meeting.starts_at, "need": need.kind}
        for need in mine.where(Membership.user == user.id).order_by(Meeting.starts_at)
    ]


def forget_needs():
    over = Meeting.select(Meeting.id).where(Meeting.is_long_ago())
    Need.delete().where(Need.meeting.in_(over)).execute()


def forget_answers():
    """Of meetings of two weeks ago keep how many answered what, if five did, and not who."""
    over = list(Meeting.select().where(Meeting.is_long_ago(), Meeting.past_counts.is_null()))
    for meeting, counts in zip(over, count_answers(over).values(), strict=True):
        past = dict(counts) if counts.total() >= PAST_COUNTS_FROM else {}
        Meeting.update(past_counts=past).where(Meeting.id == meeting.id).execute()
        Rsvp.delete().where(Rsvp.meeting == meeting.id).execute()


keep(
    Rsvp,
    about=About.TAKING_PART,
    what=_l("Whether you come to a meeting, and the note you wrote with it."),
    term=_l("14 days after the meeting. Then only how many came, if at least five answered."),
    export=answers_of,
    erase=of_members(Rsvp.membership),
    prune=forget_answers,
)
keep(
    Need,
    about=About.TAKING_PART,
    what=_l("What you need at a meeting, such as food or a ride. Coordinators see numbers only."),
    term=_l("14 days after the meeting."),
    export=needs_of,
    erase=of_members(Need.membership),
    prune=forget_needs,
)
