"""The keys of this installation: do they fit the database; replacing the data key (TRUST T06)."""

from peewee import BlobField, IntegerField

from allies.db import BaseModel


class KeyCheck(BaseModel):
    """A known text sealed under one version of the data key; 0 is for the index key.

    It tells at the start, without opening anything of anybody, whether the keys
    belong to this database.
    """

    id = IntegerField(primary_key=True)
    sealed = BlobField()
