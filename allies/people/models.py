"""Names and contacts, sealed field by field, and invitations (PRODUCT 4.7, TRUST T04 and T26)."""

from datetime import timedelta

from peewee import BlobField, BooleanField, CharField, ForeignKeyField

from allies.accounts.models import User
from allies.alliances.models import Alliance, Organisation, Role, alliances_of
from allies.crypto import Keyring
from allies.db import BaseModel, EnumField, UtcField, now

SEALED = ("name", "email")
INDEXED = ("email",)
VALID = timedelta(days=7)
MOST_ALLIES = 15


class Identity(BaseModel):
    """The real name and contact of one user. Everything else in the application knows aliases."""

    user = ForeignKeyField(User, unique=True, backref="identity", on_delete="CASCADE")
    name = BlobField()
    email = BlobField()
    email_index = BlobField(index=True)  # not unique: two people may share a mailbox

    keyring: Keyring  # set once by create_app

    @classmethod
    def enrol(cls, user, *, name, email):
        """Store a user's name and e-mail address, sealed."""
        email = normal_email(email)
        table = cls._meta.table_name
        return cls.create(
            user=user,
            name=cls.keyring.seal(name, table, "name", user.id),
            email=cls.keyring.seal(email, table, "email", user.id),
            email_index=cls.keyring.blind_index(email, "email"),
        )

    @classmethod
    def users_with_email(cls, email):
        """The users of a mailbox: none, one, or two who share it."""
        index = cls.keyring.blind_index(normal_email(email), "email")
        return User.select().join(cls).where(cls.email_index == index).order_by(User.id)

    def open(self, column):
        """The readable `name` or `email`. Only the owner's page and the sending job ask."""
        return self.keyring.unseal(
            getattr(self, column), self._meta.table_name, column, self.user_id
        )


def normal_email(email):
    """An address as we compare it: trimmed, lower case."""
    return email.strip().lower()


class Invitation(BaseModel):
    """A code, handed over in person, that makes its bearer a member once. Never knows who."""

    alliance = ForeignKeyField(Alliance, backref="invitations", on_delete="CASCADE")
    role = EnumField(Role, max_length=12)
    organisation = EnumField(Organisation, max_length=12, null=True)
    code_hash = CharField(max_length=64, unique=True)
    made_at = UtcField(default=now)
    ends_at = UtcField(index=True)
    is_used = BooleanField(default=False)

    @classmethod
    def visible_to(cls, user):
        """Allies' invitations, for their coordinators; all others are the operator's alone."""
        coordinated = alliances_of(user, Role.COORDINATOR)
        allies = (cls.role == Role.ALLY) & cls.alliance.in_(coordinated)
        return cls.select(cls, Alliance).join(Alliance).where(allies)

    @classmethod
    def listed(cls, user, alliance):
        """What this user sees of an alliance's invitations: the open ones, then the used ones."""
        shown = cls.is_used | (cls.ends_at > now())
        rows = cls.visible_to(user).where(cls.alliance == alliance.id, shown)
        return rows.order_by(cls.is_used, cls.ends_at.desc())

    @classmethod
    def is_open_now(cls):
        """The condition for a code that still works."""
        return ~cls.is_used & (cls.ends_at > now())

    @classmethod
    def open_with(cls, code_hash):
        """The invitation this code still opens, or None: wrong, used and expired look the same."""
        query = cls.select(cls, Alliance).join(Alliance)
        return query.where(cls.code_hash == code_hash, cls.is_open_now()).first()

    @property
    def is_open(self):
        return not self.is_used and self.ends_at > now()
