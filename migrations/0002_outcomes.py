"""Outcomes: what was done with advice and topics."""

from peewee import *


def up(migrator, db):
    class Alliance(Model):
        id = CharField(primary_key=True, max_length=16)

        class Meta:
            database = db
            table_name = "alliance"
            legacy_table_names = False

    class Membership(Model):
        id = CharField(primary_key=True, max_length=16)

        class Meta:
            database = db
            table_name = "membership"
            legacy_table_names = False

    class Outcome(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        owed_by = CharField(max_length=12)
        due_at = DateTimeField(index=True)
        state = CharField(null=True, max_length=12)
        text = TextField(default="")
        given_by = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
        given_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "outcome"
            legacy_table_names = False

    db.create_tables([Outcome])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("outcome"))
