"""What is kept of names and contacts, and of who looked at them."""

from datetime import timedelta

from allies.alliances.models import Membership
from allies.db import now
from allies.i18n import _l, today
from allies.keeping import About, keep, nobodys, of_members, rows, theirs, untraceable
from allies.people.models import Identity, NewEmail, Opened, Reveal

YEAR = timedelta(days=365)
REVEALS_KEPT = 5 * YEAR


def identity_of(user):
    """The owner's own name and contact, readable."""
    mine = Identity.select().where(Identity.user == user.id)
    return [{column: row.unsealed(column) for column in Identity.SEALED} for row in mine]


def new_email_of(user):
    mine = NewEmail.select().where(NewEmail.user == user.id)
    return [{"email": row.unsealed("email"), "ends_at": row.ends_at} for row in mine]


def reveals_of(user):
    mine = Reveal.select().join(Membership, on=Reveal.membership == Membership.id)
    looks = mine.where(Membership.user == user.id).order_by(Reveal.on, Reveal.id)
    return rows(looks, "on", "field", "reason", "note", "organisation")


keep(
    Identity,
    about=About.YOU,
    what=_l("Your name, your e-mail address and, if you gave it, your phone number. Encrypted."),
    term=_l("Until you leave, then less than a day."),
    export=identity_of,
    erase=theirs(Identity),
)
keep(
    NewEmail,
    about=About.YOU,
    what=_l("A new e-mail address that you have not confirmed yet. Encrypted."),
    term=_l("Until the link that we sent there ends."),
    export=new_email_of,
    erase=theirs(NewEmail),
    prune=lambda: NewEmail.delete().where(NewEmail.ends_at < now()).execute(),
    every_minute=True,
)
keep(
    Reveal,
    about=About.LOGS,
    what=_l("Who opened your name or contact: which organisation, on which day, and why."),
    term=_l("Five years, or until you leave."),
    export=reveals_of,
    erase=of_members(Reveal.membership),
    prune=lambda: Reveal.delete().where(Reveal.on < today() - REVEALS_KEPT).execute(),
)
keep(
    Opened,
    about=About.LOGS,
    what=_l("How many addresses were opened in a day to send messages. Not whose."),
    term=_l("One year."),
    export=nobodys,
    erase=untraceable,
    prune=lambda: Opened.delete().where(Opened.id < today() - YEAR).execute(),
)
