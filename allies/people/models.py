"""Names and contacts, sealed field by field, and who looked at them (PRODUCT 4.7, TRUST T04)."""

from enum import StrEnum

from peewee import BlobField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from allies.accounts.models import User
from allies.alliances.models import Alliance, Membership, Organisation
from allies.db import BaseModel, EnumField, UtcField, now
from allies.i18n import today
from allies.sealing import Sealed

INDEXED = {"email", "phone"}


class Identity(Sealed, BaseModel):
    """The real name and contact of one user. Everything else in the application knows aliases."""

    SEALED = ("name", "email", "phone")
    BOUND_TO = "user_id"

    user = ForeignKeyField(User, unique=True, backref="identity", on_delete="CASCADE")
    name = BlobField()
    email = BlobField()
    email_index = BlobField(index=True)  # not unique: two people may share a mailbox
    phone = BlobField(null=True)
    phone_index = BlobField(null=True, index=True)

    @classmethod
    def enrol(cls, user, *, name, email, phone=""):
        """Store a user's name and contact, sealed. `phone` is E.164, like +31612345678."""
        return cls.create(user=user, **cls.columns(user, name=name, email=email, phone=phone))

    @classmethod
    def columns(cls, user, **facts):
        """The columns that hold these readable facts, sealed, with their blind indexes."""
        if "email" in facts:
            facts["email"] = normal_email(facts["email"])
        columns = {name: cls.seal(name, user.id, text) for name, text in facts.items()}
        for name in INDEXED & facts.keys():
            columns[f"{name}_index"] = cls.keyring.blind_index(facts[name], name)
        if facts.get("phone") == "":
            columns |= {"phone": None, "phone_index": None}
        return columns

    @classmethod
    def users_with_email(cls, email):
        """The users of a mailbox: none, one, or two who share it."""
        index = cls.keyring.blind_index(normal_email(email), "email")
        return User.select().join(cls).where(cls.email_index == index).order_by(User.id)

    def open(self, column):
        """The readable `name`, `email` or `phone`; see tests/test_structure.py for who may ask."""
        return self.unsealed(column)


def normal_email(email):
    """An address as we compare it: trimmed, lower case."""
    return email.strip().lower()


class Reason(StrEnum):
    """Why a coordinator may open a name or a contact."""

    UNREACHABLE = "unreachable"
    PRACTICAL = "practical"  # something about a meeting that can't wait
    SAFETY = "safety"
    ROUND = "round"  # the call list of an open round
    WAY_BACK = "way-back"  # a code for whoever is locked out


class Reveal(BaseModel):
    """One look at one field of one member; the member sees by whom, when and why (TRUST T08)."""

    alliance = ForeignKeyField(Alliance, on_delete="CASCADE")
    membership = ForeignKeyField(Membership, backref="reveals", on_delete="CASCADE")
    field = CharField(max_length=8)
    reason = EnumField(Reason, max_length=12)
    note = TextField(default="")
    by = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
    organisation = EnumField(Organisation, max_length=12, null=True)  # stays when `by` is gone
    on = DateField(default=today, index=True)

    @classmethod
    def note_look(cls, member, *, by, field, reason, note):
        """Write down a look at a field of this member; `by` is None for the operator."""
        cls.create(
            alliance=member.alliance_id,
            membership=member,
            field=field,
            reason=reason,
            note=note,
            by=by,
            organisation=by and by.organisation,
        )


class NewEmail(Sealed, BaseModel):
    """An e-mail address that waits for its proof: the link in the message that was sent there."""

    SEALED = ("email",)
    BOUND_TO = "user_id"

    user = ForeignKeyField(User, unique=True, on_delete="CASCADE")
    email = BlobField()
    ends_at = UtcField(index=True)

    @classmethod
    def alive(cls, row_id):
        """The address with this id that can still be proved, or None."""
        return cls.get_or_none(cls.id == row_id, cls.ends_at > now())


class Opened(BaseModel):
    """How often a day an address was opened for a message: beside the reveals, for the auditor."""

    id = DateField(primary_key=True)
    times = IntegerField(default=0)

    @classmethod
    def count(cls):
        """Count one opening of today, before it happens."""
        one_more = {cls.times: cls.times + 1}
        new = cls.insert(id=today(), times=1)
        new.on_conflict(conflict_target=[cls.id], update=one_more).execute()
