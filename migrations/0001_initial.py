"""Accounts, people, alliances, meetings, the outbox and the audit log."""

from peewee import *

FINAL = "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"


def up(migrator, db):
    class Region(Model):
        id = CharField(primary_key=True, max_length=16)
        name = CharField(unique=True, max_length=80)

        class Meta:
            database = db
            table_name = "region"
            legacy_table_names = False

    db.create_tables([Region])

    class Alliance(Model):
        id = CharField(primary_key=True, max_length=16)
        region = ForeignKeyField(Region)
        name = CharField(unique=True, max_length=80)

        class Meta:
            database = db
            table_name = "alliance"
            legacy_table_names = False

    db.create_tables([Alliance])

    class Attempt(Model):
        id = CharField(primary_key=True, max_length=16)
        bucket = CharField(index=True, max_length=64)
        at = DateTimeField(index=True)

        class Meta:
            database = db
            table_name = "attempt"
            legacy_table_names = False

    db.create_tables([Attempt])

    class AuditLine(Model):
        id = IntegerField(primary_key=True)
        at = DateTimeField()
        actor = CharField(max_length=16)
        alliance = CharField(index=True, max_length=16, default="")
        action = CharField(max_length=40)
        subject = CharField(max_length=16, default="")
        note_hash = CharField(max_length=97, default="")
        mac = BlobField()

        class Meta:
            database = db
            table_name = "audit_line"
            legacy_table_names = False

    db.create_tables([AuditLine])
    for act in ("UPDATE", "DELETE"):
        name = f"audit_line_no_{act.lower()}"
        db.execute_sql(f"CREATE TRIGGER {name} BEFORE {act} ON audit_line {FINAL}")

    class User(Model):
        id = CharField(primary_key=True, max_length=16)
        locale = CharField(max_length=5, default="nl")
        disabled_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "user"
            legacy_table_names = False

    db.create_tables([User])

    class Membership(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        user = ForeignKeyField(User, on_delete="CASCADE")
        role = CharField(max_length=12)
        organisation = CharField(null=True, max_length=12)
        alias = CharField(max_length=40)

        class Meta:
            database = db
            table_name = "membership"
            legacy_table_names = False
            indexes = ((("alliance", "user"), True), (("alliance", "alias"), True))

    db.create_tables([Membership])

    class Delivery(Model):
        id = CharField(primary_key=True, max_length=16)
        membership = ForeignKeyField(Membership, on_delete="CASCADE")
        meeting_id = CharField(null=True, max_length=16)
        is_urgent = BooleanField(default=False)
        created_at = DateTimeField()
        due_at = DateTimeField(index=True)
        tries = IntegerField(default=0)
        sent_at = DateTimeField(index=True, null=True)
        failed_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "delivery"
            legacy_table_names = False

    db.create_tables([Delivery])

    class Identity(Model):
        id = CharField(primary_key=True, max_length=16)
        user = ForeignKeyField(User, unique=True, on_delete="CASCADE")
        name = BlobField()
        email = BlobField()
        email_index = BlobField(index=True)

        class Meta:
            database = db
            table_name = "identity"
            legacy_table_names = False

    db.create_tables([Identity])

    class Link(Model):
        id = CharField(primary_key=True, max_length=64)
        membership = ForeignKeyField(Membership, on_delete="CASCADE")
        meeting_id = CharField(null=True, max_length=16)
        ends_at = DateTimeField()

        class Meta:
            database = db
            table_name = "link"
            legacy_table_names = False

    db.create_tables([Link])

    class Venue(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        name = CharField(max_length=80)
        area = CharField(max_length=80)
        address = CharField(max_length=160)
        transport = CharField(max_length=160, default="")
        is_step_free = BooleanField(default=False)
        has_discreet_entrance = BooleanField(default=False)
        has_kitchen = BooleanField(default=False)

        class Meta:
            database = db
            table_name = "venue"
            legacy_table_names = False

    db.create_tables([Venue])

    class Meeting(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        starts_at = DateTimeField(index=True)
        duration = IntegerField()
        venue = ForeignKeyField(Venue, null=True)
        is_extra = BooleanField(default=False)
        brings = TextField(default="")

        class Meta:
            database = db
            table_name = "meeting"
            legacy_table_names = False

    db.create_tables([Meeting])

    class Passphrase(Model):
        id = CharField(primary_key=True, max_length=16)
        hash = CharField(max_length=200)
        user = ForeignKeyField(User, unique=True, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "passphrase"
            legacy_table_names = False

    db.create_tables([Passphrase])

    class Receipt(Model):
        id = CharField(primary_key=True, max_length=64)
        fingerprint = CharField(max_length=64)
        location = CharField(max_length=200)
        part = CharField(max_length=60, default="")
        message = CharField(max_length=300)
        day = DateField(index=True)

        class Meta:
            database = db
            table_name = "receipt"
            legacy_table_names = False
            without_rowid = True

    db.create_tables([Receipt])

    class Rsvp(Model):
        id = CharField(primary_key=True, max_length=16)
        meeting = ForeignKeyField(Meeting, on_delete="CASCADE")
        membership = ForeignKeyField(Membership, on_delete="CASCADE")
        answer = CharField(max_length=8)
        note = CharField(max_length=300, default="")

        class Meta:
            database = db
            table_name = "rsvp"
            legacy_table_names = False
            without_rowid = True
            indexes = ((("meeting", "membership"), True),)

    db.create_tables([Rsvp])

    class SignIn(Model):
        id = CharField(primary_key=True, max_length=64)
        user = ForeignKeyField(User, on_delete="CASCADE")
        started_at = DateTimeField()
        seen_at = DateTimeField()
        ends_at = DateTimeField()

        class Meta:
            database = db
            table_name = "sign_in"
            legacy_table_names = False

    db.create_tables([SignIn])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("sign_in"))
    migrator.migrate(migrator.drop_table("rsvp"))
    migrator.migrate(migrator.drop_table("receipt"))
    migrator.migrate(migrator.drop_table("passphrase"))
    migrator.migrate(migrator.drop_table("meeting"))
    migrator.migrate(migrator.drop_table("venue"))
    migrator.migrate(migrator.drop_table("link"))
    migrator.migrate(migrator.drop_table("identity"))
    migrator.migrate(migrator.drop_table("delivery"))
    migrator.migrate(migrator.drop_table("membership"))
    migrator.migrate(migrator.drop_table("user"))
    migrator.migrate(migrator.drop_table("audit_line"))
    migrator.migrate(migrator.drop_table("attempt"))
    migrator.migrate(migrator.drop_table("alliance"))
    migrator.migrate(migrator.drop_table("region"))
