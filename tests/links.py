"""A valid link of every kind that opens something without signing in."""

from datetime import timedelta

from allies.calendars import service as calendars
from allies.crypto import digest, token
from allies.db import now
from allies.guests.models import Guest
from allies.meetings.models import Meeting
from allies.notifications.models import Link
from allies.people.models import NewEmail

DAY = timedelta(days=1)


def link_to(membership, **facts):
    """The address of a new link in a message to this member."""
    secret = token()
    facts = {"ends_at": now() + 14 * DAY} | facts
    Link.create(id=digest(secret), membership=membership, **facts)
    return f"/n/{secret}"


def links_of_every_kind(ally, coordinator):
    """{kind: address} for these two memberships of one alliance."""
    coming, cancelled = (
        Meeting.create(alliance=ally.alliance, starts_at=now() + 10 * DAY, duration=90, **facts)
        for facts in ({}, {"cancelled_at": now()})
    )
    guest = Guest.create(alliance=ally.alliance, meeting=coming, function="spreker")
    proof = NewEmail.create(
        user=ally.user,
        email=NewEmail.seal("email", ally.user_id, "nieuw@example.org"),
        ends_at=now() + DAY,
    )
    return {
        "start": link_to(ally),
        "meeting": link_to(ally, meeting_id=coming.id),
        "cancelled": link_to(ally, meeting_id=cancelled.id),
        "guest": link_to(coordinator, meeting_id=coming.id, guest_id=guest.id),
        "proof": link_to(ally, new_email_id=proof.id),
        "calendar": f"/c/{calendars.make(ally)}",
    }
