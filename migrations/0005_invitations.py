"""Invitations, and the aliases that were given out."""

from peewee import *


def up(migrator, db):
    class Alliance(Model):
        id = CharField(primary_key=True, max_length=16)

        class Meta:
            database = db
            table_name = "alliance"
            legacy_table_names = False

    class DrawnAlias(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance, on_delete="CASCADE")
        alias = CharField(max_length=40)

        class Meta:
            database = db
            table_name = "drawn_alias"
            legacy_table_names = False
            indexes = ((("alliance", "alias"), True),)

    db.create_tables([DrawnAlias])

    class Invitation(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance, on_delete="CASCADE")
        role = CharField(max_length=12)
        organisation = CharField(null=True, max_length=12)
        code_hash = CharField(unique=True, max_length=64)
        made_at = DateTimeField()
        ends_at = DateTimeField(index=True)
        is_used = BooleanField(default=False)

        class Meta:
            database = db
            table_name = "invitation"
            legacy_table_names = False

    db.create_tables([Invitation])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("invitation"))
    migrator.migrate(migrator.drop_table("drawn_alias"))
