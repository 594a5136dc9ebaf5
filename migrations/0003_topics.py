"""Topics: what is put on the table, and who recognises it."""

from peewee import *


def up(migrator, db):
    class Alliance(Model):
        id = CharField(primary_key=True, max_length=16)

        class Meta:
            database = db
            table_name = "alliance"
            legacy_table_names = False

    class Meeting(Model):
        id = CharField(primary_key=True, max_length=16)

        class Meta:
            database = db
            table_name = "meeting"
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

    class Topic(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        proposed_by = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
        title = CharField(max_length=120)
        what = TextField()
        where = TextField(default="")
        since = TextField(default="")
        effect = TextField(default="")
        theme = CharField(max_length=16, default="other")
        attribution = CharField(max_length=8, default="alias")
        is_flagged = BooleanField(default=False)
        search_text = TextField(default="")
        revision = IntegerField(default=0)
        state = CharField(index=True, max_length=12, default="submitted")
        submitted_on = DateField()
        decided_on = DateField(null=True)
        question = TextField(default="")
        ground = CharField(null=True, max_length=12)
        decline_org = CharField(null=True, max_length=12)
        decline_at = DateTimeField(null=True)
        meeting = ForeignKeyField(Meeting, null=True, on_delete="SET NULL")
        outcome = ForeignKeyField(Outcome, null=True, on_delete="SET NULL")
        past_support = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "topic"
            legacy_table_names = False
            without_rowid = True

    db.create_tables([Topic])

    class Support(Model):
        id = CharField(primary_key=True, max_length=16)
        topic = ForeignKeyField(Topic, on_delete="CASCADE")
        membership = ForeignKeyField(Membership, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "support"
            legacy_table_names = False
            without_rowid = True
            indexes = ((("topic", "membership"), True),)

    db.create_tables([Support])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("support"))
    migrator.migrate(migrator.drop_table("topic"))
