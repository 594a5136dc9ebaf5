"""Names and contacts: their own table, sealed field by field (PRODUCT 4.7, TRUST T04)."""

from peewee import BlobField, ForeignKeyField

from allies.accounts.models import User
from allies.crypto import Keyring
from allies.db import BaseModel

SEALED = ("name", "email")
INDEXED = ("email",)


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
        """The readable value of `name` or `email`. Only the owner's page and the sending job ask."""
        return self.keyring.unseal(
            getattr(self, column), self._meta.table_name, column, self.user_id
        )


def normal_email(email):
    """An address as we compare it: trimmed, lower case."""
    return email.strip().lower()
