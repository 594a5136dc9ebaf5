"""What is kept of messages, and for how long."""

from datetime import timedelta

from allies.alliances.models import Membership
from allies.db import database, now
from allies.i18n import _l
from allies.keeping import About, ids_of, keep, rows
from allies.notifications.models import Delivery, Link
from allies.notifications.service import KEPT, bearer, mail_folder
from allies.notifications.service import prune as prune_sent

MOST_KEPT = timedelta(days=30)


def deliveries_of(user):
    theirs = (Membership.user == user.id) & Delivery.guest_id.is_null()
    mine = Delivery.select().join(Membership).where(theirs)
    return rows(mine.order_by(Delivery.created_at), "created_at", "sent_at", "is_urgent")


def erase_deliveries(leaver):
    """The messages go, and without a mail server also the files they were written to."""
    hand_over(Delivery, leaver)
    to_leaver = Delivery.membership.in_(ids_of(leaver))
    gone = [d.id for d in Delivery.select(Delivery.id).where(to_leaver)]
    Delivery.delete().where(to_leaver).execute()
    database.after_commit(lambda: mail_folder().drop(gone))


def prune_deliveries():
    prune_sent()
    Delivery.delete().where(Delivery.created_at < now() - MOST_KEPT).execute()
    mail_folder().forget(now() - KEPT)


def links_of(user):
    theirs = (Membership.user == user.id) & Link.guest_id.is_null()
    mine = Link.select().join(Membership).where(theirs)
    return rows(mine.order_by(Link.ends_at), "ends_at")


def erase_links(leaver):
    hand_over(Link, leaver)
    Link.delete().where(Link.membership.in_(ids_of(leaver))).execute()


def hand_over(model, leaver):
    """What is for guests stays when the coordinator it hangs on leaves."""
    for membership in leaver.memberships:
        heir = bearer(membership.alliance_id, without=ids_of(leaver))
        for_guests = (model.membership == membership.id) & model.guest_id.is_null(False)
        if heir:
            model.update(membership=heir).where(for_guests).execute()


keep(
    Delivery,
    about=About.MESSAGES,
    what=_l("That a message is on its way to you. Not what it is about."),
    term=_l("One day after it was sent. A message that could not be sent: 30 days at most."),
    export=deliveries_of,
    erase=erase_deliveries,
    prune=prune_deliveries,
)
keep(
    Link,
    about=About.MESSAGES,
    what=_l("The links in our messages to you, made unreadable."),
    term=_l("14 days, or until the meeting has begun, and one day more."),
    export=links_of,
    erase=erase_links,
)
