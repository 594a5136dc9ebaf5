"""The personas of the demo region: who can be signed in as with one press."""

from allies.accounts.models import User
from allies.alliances.models import Alliance, Membership
from allies.people.models import Identity

PERSONAS = ("anna", "bram", "carla", "daan", "eva", "mina", "dirk", "vera", "piet", "sanne")
DOMAIN = "example.org"


def user_of(persona):
    """The user who plays this persona, or None."""
    if persona not in PERSONAS:
        return None
    return (
        Identity.users_with_email(f"{persona}@{DOMAIN}").where(User.disabled_at.is_null()).first()
    )


def personas():
    """(persona, memberships) for everybody who is in this database, in the order of the cast."""
    users = {persona: user_of(persona) for persona in PERSONAS}
    ids = [u.id for u in users.values() if u]
    query = Membership.select(Membership, Alliance).join(Alliance).where(Membership.user.in_(ids))
    rows = list(query.order_by(Alliance.name))
    return [(p, [m for m in rows if m.user_id == u.id]) for p, u in users.items() if u]
