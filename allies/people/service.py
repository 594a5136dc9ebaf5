"""Opening and changing a name or a contact: a line first, then the value (TRUST T08).

Outside this module and the sending job nothing reads a sealed name or contact.
"""

from datetime import datetime, time, timedelta

from allies.access import way_in
from allies.alliances.models import Membership, memberships_of
from allies.audit import record
from allies.db import atomic, now
from allies.errors import DomainError, Refused, TooMany
from allies.i18n import _l, at_local_time, today
from allies.notifications.service import tell, tell_at
from allies.people.alarm import is_counted, is_the_one_too_many, to_be_told
from allies.people.models import Identity, NewEmail, Opened, Reveal

MOST_A_DAY = 30  # fields one coordinator may open, in all alliances together
FIELDS = ("name", "email", "phone")
PROOF_TERM = timedelta(days=1)


def at_the_table(alliance):
    """The allies and coordinators of an alliance, by alias: an order that tells nothing."""
    members = [*alliance.allies, *alliance.coordinators]
    for member in members:
        member.alliance = alliance  # so that asking who may see what costs no query
    return sorted(members, key=lambda m: m.alias)


@atomic
def reveal(member, *, by, field, reason, note):
    """Open one field of one member for a coordinator; returns its value.

    The lines are written first, in the same transaction: without them nothing is
    opened. Raises Refused when there is nothing to open, TooMany after too many today.
    """
    identity = Identity.get(Identity.user == member.user_id)
    if field == "phone" and identity.phone is None:
        raise Refused("field", _l("This member gave no phone number."))
    if opened_today(by) >= MOST_A_DAY:
        raise TooMany(seconds_left_today())
    note_look(member, by=by, field=field, reason=reason, note=note)
    if is_the_one_too_many(by):
        record("system", "member.revealed-often", by)
        tell(to_be_told(by), also_paused=True)
    return identity.open(field)


@atomic
def note_look(member, *, by, field, reason, note=""):
    """Write that a coordinator looks at a field of this member: for the audit and for the member.

    In the transaction of the look itself, before it; the value is in neither line.
    """
    record(by, "member.revealed", member, note=note)
    Reveal.note_look(member, by=by, field=field, reason=reason, note=note)


def opened_today(by):
    """How many fields this coordinator opened today, wherever they coordinate."""
    mine = Membership.select(Membership.id).where(Membership.user == by.user_id)
    return Reveal.select().where(Reveal.by.in_(mine), Reveal.on == today(), is_counted()).count()


def seconds_left_today():
    midnight = datetime.combine(today() + timedelta(days=1), time.min)
    return int((at_local_time(midnight) - now()).total_seconds())


def numbers_of(members):
    """{membership id: phone number} of those who gave one. Only for lines already written."""
    users = {m.user_id: m.id for m in members}
    rows = Identity.select().where(Identity.user.in_(list(users)), Identity.phone.is_null(False))
    return {users[row.user_id]: row.open("phone") for row in rows}


def with_number(members):
    """Those of these members who gave a phone number; opens none."""
    users = [m.user_id for m in members]
    rows = Identity.select(Identity.user).where(
        Identity.user.in_(users), Identity.phone.is_null(False)
    )
    known = {row.user_id for row in rows}
    return [m for m in members if m.user_id in known]


def looks_at(user):
    """Every look at a field of this user, the newest first."""
    mine = [m.id for m in memberships_of(user)]
    looks = Reveal.select().where(Reveal.membership.in_(mine))
    return looks.order_by(Reveal.on.desc(), Reveal.id)


def own(user):
    """{field: value} of a user's own name and contact, for themselves."""
    identity = Identity.get(Identity.user == user.id)
    return {field: identity.open(field) for field in FIELDS}


@atomic
def correct(user, *, name, phone):
    """Store a user's own name and mobile number (E.164, or "") anew."""
    columns = Identity.columns(user, name=name, phone=phone)
    Identity.update(columns).where(Identity.user == user.id).execute()
    record(user, "account.contact-changed")


def new_email_of(user):
    """The address of this user that waits for its proof, or None."""
    return NewEmail.get_or_none(NewEmail.user == user.id, NewEmail.ends_at > now())


@atomic
def ask_new_email(user, email):
    """Send a link to a new address; it takes the place of one that still waited.

    Whether anybody else has this address makes no difference: a mailbox may be shared.
    """
    forget_new_email(user)
    waiting = NewEmail(user=user.id, ends_at=now() + PROOF_TERM)
    waiting.email = NewEmail.seal("email", user.id, email)
    waiting.save(force_insert=True)
    tell_at(email, user.memberships.get(), proves=waiting)


@atomic
def prove_new_email(user, proof):
    """Take the address this link was sent to as the user's own, and tell the one before.

    `proof` is the id of the NewEmail behind the link. Raises DomainError when it waits no more.
    """
    waiting = new_email_of(user)
    if waiting is None or waiting.id != proof:
        raise DomainError(_l("This link does not work any more. Ask for a new one."))
    identity = Identity.get(Identity.user == user.id)
    tell_at(identity.open("email"), user.memberships.get())
    columns = Identity.columns(user, email=waiting.unsealed("email"))
    Identity.update(columns).where(Identity.user == user.id).execute()
    forget_new_email(user)
    record(user, "account.email-changed")


@atomic
def warn_at_address_of_now(member):
    """Send this member a message, at once, to the address they have now.

    It goes there also when somebody else has taken the place before it is sent.
    """
    Opened.count()
    identity = Identity.get(Identity.user == member.user_id)
    tell_at(identity.open("email"), member, is_urgent=True)


@way_in("new e-mail address")
def forget_new_email(user):
    """Let go of an address that waits for its proof."""
    NewEmail.delete().where(NewEmail.user == user.id).execute()
