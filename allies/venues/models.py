"""The register of places where an alliance can meet (PRODUCT 4.2)."""

from peewee import SQL, BooleanField, CharField, ForeignKeyField

from allies.alliances.models import Alliance, Role, alliances_of
from allies.db import BaseModel

OF_A_PLACE = (
    "name", "area", "address", "transport",
    "is_step_free", "has_discreet_entrance", "has_kitchen",
)  # fmt: skip


class Venue(BaseModel):
    """A place an alliance can meet; confidential, so shown late and never sent."""

    alliance = ForeignKeyField(Alliance, backref="venues")
    name = CharField(max_length=80)
    area = CharField(max_length=80)
    address = CharField(max_length=160)
    transport = CharField(max_length=160, default="")
    is_step_free = BooleanField(default=False)
    has_discreet_entrance = BooleanField(default=False)
    has_kitchen = BooleanField(default=False)
    # no longer to be chosen; stays because meetings were held there
    is_retired = BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")])

    @classmethod
    def visible_to(cls, user):
        """The registers of the alliances this user coordinates. Every read starts here."""
        coordinated = cls.alliance.in_(alliances_of(user, Role.COORDINATOR))
        return cls.select(cls, Alliance).join(Alliance).where(coordinated)

    @classmethod
    def can_be_chosen(cls):
        """The places that are still in use."""
        return cls.select().where(~cls.is_retired)
