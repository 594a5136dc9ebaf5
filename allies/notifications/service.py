"""Telling people that something waits for them, without saying what (PRODUCT 4.6, TRUST T14)."""

import random
from datetime import timedelta

from allies.access import way_in
from allies.alliances.models import Membership, Role
from allies.db import atomic, database, new_id, now
from allies.notifications.models import Delivery, Link
from allies.notifications.post import Folder
from allies.queue import waker

SPREAD_SECONDS = 60  # ordinary messages leave spread out, so that their moment shows no group
LATE, URGENT_LATE = timedelta(minutes=5), timedelta(minutes=1)
KEPT, FAILED_KEPT = timedelta(days=1), timedelta(days=7)


@atomic
def tell(memberships, *, meeting=None, is_urgent=False, also_paused=False):
    """Put a message for each of these members in the outbox, in the transaction of the change.

    Who is paused hears nothing, unless it is about their own safety (`also_paused`).
    The worker is woken after the commit; a change that is rolled back tells nobody.
    """
    for membership in memberships:
        if membership.is_paused and not also_paused:
            continue
        _put_out(membership, meeting_id=meeting.id if meeting else None, is_urgent=is_urgent)
    database.after_commit(waker.wake)


@atomic
def tell_at(email, membership, *, proves=None, is_urgent=False):
    """Put a message in the outbox for this member that goes to this address, whatever happens
    to the account before it is sent.

    With `proves`, a NewEmail, its link leads to the button that proves that address.
    """
    delivery = new_id()
    _put_out(
        membership,
        is_urgent=is_urgent,
        id=delivery,
        email=Delivery.seal("email", delivery, email),
        new_email_id=proves.id if proves else None,
    )
    database.after_commit(waker.wake)


@atomic
def tell_guests(guests):
    """Put the same message for each of these guests in the outbox, instead of one that waits."""
    for guest in guests:
        _let_go(Delivery.guest_id == guest.id)
        _put_out(bearer(guest.alliance_id), guest_id=guest.id)
    database.after_commit(waker.wake)


@atomic
def close_guest(guest):
    """End every link of this guest, and let go of the messages, also where they are files."""
    Link.delete().where(Link.guest_id == guest.id).execute()
    theirs = Delivery.guest_id == guest.id
    gone = [d.id for d in Delivery.select(Delivery.id).where(theirs)]
    Delivery.delete().where(theirs).execute()
    database.after_commit(lambda: mail_folder().drop(gone))


@atomic
def has_answered(membership, meeting):
    """Let go of what waits to be sent to this member about this meeting: nobody is reminded of
    what they just answered."""
    _let_go((Delivery.membership == membership) & (Delivery.meeting_id == meeting.id))


@atomic
def take_back(meeting):
    """Let go of what waits to be sent about this meeting: something newer is told instead."""
    _let_go(Delivery.meeting_id == meeting.id)


def mail_folder():
    """Where messages are written without a mail server."""
    return Folder(waker.settings.instance / "mail")


def bearer(alliance_id, *, without=()):
    """The membership on which what guests get hangs: of a coordinator, if there is one."""
    here = Membership.select().where(
        Membership.alliance == alliance_id, Membership.id.not_in(list(without))
    )
    return here.order_by((Membership.role == Role.COORDINATOR).desc(), Membership.alias).first()


def _let_go(which):
    Delivery.delete().where(which, Delivery.waits()).execute()


def _put_out(membership, *, is_urgent=False, **facts):
    pause = 0 if is_urgent else random.uniform(0, SPREAD_SECONDS)  # noqa: S311 - no secret
    moment = now()
    due_at = moment + timedelta(seconds=pause)
    Delivery.create(
        membership=membership, is_urgent=is_urgent, created_at=moment, due_at=due_at, **facts
    )


@atomic
def keep_quiet(membership):
    """Let go of what waits to be sent to this member: a pause begins, or somebody else comes.

    What has an address of its own stays: it is for who is behind that address, and
    about their own account. So does what is for a guest.
    """
    to_themselves = Delivery.email.is_null() & Delivery.guest_id.is_null()
    _let_go((Delivery.membership == membership) & to_themselves)


@way_in("links in messages")
def close_links(user):
    """End every link that was sent to this user; what waits gets a new one when it is sent."""
    theirs = Membership.select(Membership.id).where(Membership.user == user.id)
    Link.delete().where(Link.membership.in_(theirs), Link.guest_id.is_null()).execute()


def oldest_waiting():
    """How long the oldest unsent message has been waiting; None for none."""
    oldest = Delivery.waiting().order_by(Delivery.created_at).first()
    return oldest and now() - oldest.created_at


def late_messages():
    """The messages that wait longer than people may be kept waiting."""
    urgent = Delivery.is_urgent & (Delivery.created_at < now() - URGENT_LATE)
    ordinary = ~Delivery.is_urgent & (Delivery.created_at < now() - LATE)
    return Delivery.waiting().where(urgent | ordinary)


def is_late():
    """Does a message wait too long? One query."""
    return late_messages().exists()


@atomic
def prune():
    """Forget what was sent or ended more than a day ago; what could not be sent after a week."""
    day_ago = now() - KEPT
    is_old = (Delivery.sent_at < day_ago) | (Delivery.failed_at < now() - FAILED_KEPT)
    Delivery.delete().where(is_old).execute()
    Link.delete().where(Link.ends_at < day_ago).execute()
