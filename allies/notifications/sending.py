"""Sending what is due: each message once, again when it failed, not for ever (TRUST R07).

A worker claims a delivery with one UPDATE, hands the message over outside any
transaction, and marks it. Killed in between, it leaves a claim that ends by
itself: that one message may go out twice, with the same Message-ID.
"""

import logging
from datetime import timedelta

from allies.accounts.models import User
from allies.alliances.models import Membership, Role
from allies.crypto import digest, token
from allies.db import atomic, now
from allies.guests.models import Guest
from allies.meetings.models import Meeting
from allies.notifications.mail import write
from allies.notifications.models import Delivery, Link
from allies.notifications.post import NotTaken, Unreachable
from allies.people.models import Identity, NewEmail, Opened

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=3)  # longer than the slowest server can keep one message
# After a refusal of one message. Short first: many servers refuse strangers once (greylisting).
PAUSES = [timedelta(seconds=s) for s in (10, 20, 40, 120, 300, 900, 3600)]
OUTAGE_PAUSE = timedelta(
    seconds=30
)  # when the server can't be reached; that is no try of a message
GIVE_UP = timedelta(days=1)
LINK_TERM = timedelta(days=14)
# After the start a link shows nothing any more, but who presses just too late is told so.
GRACE = timedelta(days=1)


def send_due(settings, carrier):
    """Send all that is due. Returns the moment at which to look again, or None."""
    try:
        while delivery := claim():
            send(delivery, settings, carrier)
    except Unreachable as reason:
        log.warning("Mail can't be sent now: %s", reason)
        return now() + OUTAGE_PAUSE
    finally:
        carrier.close()
    upcoming = Delivery.waiting().order_by(Delivery.due_at).first()
    return upcoming and upcoming.due_at


def claim():
    """Take the next due delivery, the urgent ones first; None when there is none.

    Of two workers that see the same row, the update lets one through.
    """
    queue = (
        Delivery.waiting()
        .select(Delivery, Membership, User)
        .join(Membership)
        .join(User)
        .order_by(Delivery.is_urgent.desc(), Delivery.due_at)
    )
    while delivery := queue.where(Delivery.due_at <= now()).first():
        if mark(delivery, Delivery.due_at <= now(), due_at=now() + CLAIM):
            return delivery
    return None


@atomic
def mark(delivery, *conditions, **facts):
    """Change a delivery that is still waiting; False when it is not, or the conditions fail."""
    if "sent_at" in facts or "failed_at" in facts:
        facts["email"] = None  # an address stays no longer than its message waits
    row = Delivery.update(**facts).where(Delivery.id == delivery.id, Delivery.waits(), *conditions)
    return row.execute() == 1


def send(delivery, settings, carrier):
    """Send one claimed delivery and mark what came of it. After Unreachable all must wait."""
    if is_pointless(delivery):
        mark(delivery, failed_at=now())
        return
    link = None
    try:
        link, secret = new_link(delivery)
        carrier.send(letter(delivery, settings, secret))
    except Unreachable:
        drop(link)
        mark(delivery, due_at=now() + OUTAGE_PAUSE)
        raise
    except Guest.DoesNotExist:  # taken off the list since the first look: there is nobody to tell
        drop(link)
        mark(delivery, failed_at=now())
    except NotTaken as refusal:
        drop(link)
        try_later(delivery, is_final=refusal.is_final)
    except Exception as error:
        # One bad row must not hold up the others. The text may quote an address, so the kind only.
        log.error("A message could not be written: %s", type(error).__name__)
        drop(link)
        try_later(delivery)
    else:
        mark(delivery, sent_at=now())


def is_pointless(delivery):
    """Is it too late for this message, or may its receiver no longer come in?"""
    if delivery.created_at < now() - GIVE_UP:
        return True
    if delivery.guest_id:
        return Guest.within_reach(delivery.guest_id) is None
    if delivery.membership.user.disabled_at:
        return True
    if delivery.new_email_id and not NewEmail.alive(delivery.new_email_id):
        return True
    if delivery.meeting_id is None:
        return False
    meeting = Meeting.get_or_none(Meeting.id == delivery.meeting_id)
    return meeting is None or not meeting.is_open


def letter(delivery, settings, secret):
    """The message of a delivery, with the link of this token."""
    return write(
        settings,
        addressee(delivery),
        message_id=delivery.id,
        locale="nl" if delivery.guest_id else delivery.membership.user.locale,
        is_urgent=delivery.is_urgent,
        token=secret,
    )


def addressee(delivery):
    """The row with the sealed address this delivery goes to."""
    if delivery.guest_id:
        return Guest.get_by_id(delivery.guest_id)
    return delivery if delivery.email else Identity.get(Identity.user == delivery.membership.user)


@atomic
def new_link(delivery):
    """(row, token) of a link for this delivery. An ally's leads to an answer page, and a guest's.

    The address that comes next is opened to send this, so that is counted here.
    """
    Opened.count()
    secret, meeting_id, ends_at = token(), None, now() + LINK_TERM
    if delivery.guest_id:
        meeting_id = Guest.get_by_id(delivery.guest_id).meeting_id
    elif delivery.meeting_id and delivery.membership.role == Role.ALLY:
        meeting_id = delivery.meeting_id
    if meeting_id:
        ends_at = Meeting.get_by_id(meeting_id).starts_at + GRACE
        keep_working(delivery, meeting_id, ends_at)
    if delivery.new_email_id:
        ends_at = NewEmail.get_by_id(delivery.new_email_id).ends_at
    link = Link.create(
        id=digest(secret),
        membership=delivery.membership,
        meeting_id=meeting_id,
        new_email_id=delivery.new_email_id,
        guest_id=delivery.guest_id,
        ends_at=ends_at,
    )
    return link, secret


def keep_working(delivery, meeting_id, ends_at):
    """The links in earlier messages about a meeting that was moved work as long as the new one."""
    earlier = (Link.meeting_id == meeting_id) & (Link.guest_id == delivery.guest_id)
    if not delivery.guest_id:
        earlier &= Link.membership == delivery.membership
    Link.update(ends_at=ends_at).where(earlier, Link.ends_at > now()).execute()


@atomic
def drop(link):
    """Forget a link that went to nobody, if it was made at all."""
    if link:
        Link.delete().where(Link.id == link.id).execute()


def try_later(delivery, *, is_final=False):
    """Plan the next try after a growing pause, or give up."""
    moment = now()
    due_at = moment + PAUSES[min(delivery.tries, len(PAUSES) - 1)]
    if is_final or due_at > delivery.created_at + GIVE_UP:
        mark(delivery, tries=delivery.tries + 1, failed_at=moment)
    else:
        mark(delivery, tries=delivery.tries + 1, due_at=due_at)
