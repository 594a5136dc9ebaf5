"""The personas of the demo region: who can be signed in as with one press."""

from allies.accounts.models import User
from allies.alliances.models import Alliance, Membership

# Each by an alias that only they have: an e-mail address may belong to a newcomer as well.
PERSONAS = {
    "anna": ("Veere", "Scholekster"),
    "bram": ("Veere", "Hoogaars"),
    "carla": ("Veere", "Loodsboot"),
    "daan": ("Veere", "Steenloper"),
    "eva": ("Veere", "Helm"),
    "mina": ("Middelburg", "Tureluur"),
    "dirk": ("Middelburg", "Oeverzwaluw"),
    "vera": ("Vlissingen", "Schoener"),
    "piet": ("Middelburg", "Meerpaal"),
    "sanne": ("Vlissingen", "Boegspriet"),
}


def user_of(persona):
    """The user who plays this persona, or None."""
    if persona not in PERSONAS:
        return None
    alliance, alias = PERSONAS[persona]
    known = (Alliance.name == alliance) & (Membership.alias == alias)
    users = User.select().join(Membership).join(Alliance)
    return users.where(known, User.disabled_at.is_null()).first()


def is_played(user):
    """Is this user one of the personas?"""
    names = Membership.select(Alliance.name, Membership.alias).join(Alliance)
    mine = names.where(Membership.user == user.id).tuples()
    return bool({*mine} & {*PERSONAS.values()})


def personas():
    """(persona, memberships) for everybody who is in this database, in the order of the cast."""
    users = {persona: user_of(persona) for persona in PERSONAS}
    ids = [u.id for u in users.values() if u]
    query = Membership.select(Membership, Alliance).join(Alliance).where(Membership.user.in_(ids))
    rows = list(query.order_by(Alliance.name))
    return [(p, [m for m in rows if m.user_id == u.id]) for p, u in users.items() if u]
