"""Quick advice: rounds and what the allies answer."""

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

        class Meta:
            database = db
            table_name = "outcome"
            legacy_table_names = False

    class Round(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        state = CharField(index=True, max_length=16, default="draft")
        version = IntegerField(default=1)
        asked_by = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
        organisation = CharField(max_length=12)
        question = TextField()
        known = TextField()
        unknown = TextField()
        shareable = TextField()
        options = JSONField(default=list)
        is_acute = BooleanField(default=False)
        reason = TextField(default="")
        hours = SmallIntegerField(null=True)
        asked_at = DateTimeField()
        opened_at = DateTimeField(null=True)
        ends_at = DateTimeField(index=True, null=True)
        closed_at = DateTimeField(null=True)
        asked = SmallIntegerField(default=0)
        outcome = ForeignKeyField(Outcome, unique=True, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "round"
            legacy_table_names = False

    db.create_tables([Round])

    class Advice(Model):
        id = CharField(primary_key=True, max_length=16)
        round = ForeignKeyField(Round, on_delete="CASCADE")
        membership = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
        option = SmallIntegerField(null=True)
        mood = CharField(max_length=8)
        text = TextField(default="")

        class Meta:
            database = db
            table_name = "advice"
            legacy_table_names = False
            without_rowid = True
            indexes = ((("round", "membership"), True),)

    db.create_tables([Advice])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("advice"))
    migrator.migrate(migrator.drop_table("round"))
