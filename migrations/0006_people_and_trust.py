"""Passkeys, the second step, own devices, reveals, objections, and the keys that fit."""

from peewee import *

NEW = (
    "spent_challenge",
    "reveal",
    "recovery_code",
    "passkey",
    "opened",
    "objection",
    "new_email",
    "key_check",
    "held_form",
    "erasure",
    "device",
    "code_app",
    "call_list",
    "audit_note",
    "audit_anchor",
)


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

    class Round(Model):
        id = CharField(primary_key=True, max_length=16)

        class Meta:
            database = db
            table_name = "round"
            legacy_table_names = False

    class User(Model):
        id = CharField(primary_key=True, max_length=16)

        class Meta:
            database = db
            table_name = "user"
            legacy_table_names = False

    class AuditAnchor(Model):
        id = IntegerField(primary_key=True)
        mac = BlobField()
        signature = BlobField()

        class Meta:
            database = db
            table_name = "audit_anchor"
            legacy_table_names = False

    db.create_tables([AuditAnchor])

    class AuditNote(Model):
        id = IntegerField(primary_key=True)
        text = TextField()

        class Meta:
            database = db
            table_name = "audit_note"
            legacy_table_names = False

    db.create_tables([AuditNote])

    class CallList(Model):
        id = CharField(primary_key=True, max_length=16)
        round = ForeignKeyField(Round, on_delete="CASCADE")
        by = ForeignKeyField(Membership, on_delete="CASCADE")
        opened_at = DateTimeField()

        class Meta:
            database = db
            table_name = "call_list"
            legacy_table_names = False
            indexes = ((("round", "by"), True),)

    db.create_tables([CallList])

    class CodeApp(Model):
        id = CharField(primary_key=True, max_length=16)
        user = ForeignKeyField(User, unique=True, on_delete="CASCADE")
        secret = BlobField()
        last_step = BigIntegerField(default=0)

        class Meta:
            database = db
            table_name = "code_app"
            legacy_table_names = False

    db.create_tables([CodeApp])

    class Device(Model):
        id = CharField(primary_key=True, max_length=64)
        user = ForeignKeyField(User, on_delete="CASCADE")
        platform = CharField(max_length=12, default="")
        made_on = DateField()
        used_on = DateField()
        ends_at = DateTimeField()

        class Meta:
            database = db
            table_name = "device"
            legacy_table_names = False

    db.create_tables([Device])

    class Erasure(Model):
        id = CharField(primary_key=True, max_length=16)
        on = DateField(index=True)

        class Meta:
            database = db
            table_name = "erasure"
            legacy_table_names = False

    db.create_tables([Erasure])

    class HeldForm(Model):
        id = CharField(primary_key=True, max_length=64)
        sealed = BlobField()
        ends_at = DateTimeField(index=True)

        class Meta:
            database = db
            table_name = "held_form"
            legacy_table_names = False
            without_rowid = True

    db.create_tables([HeldForm])

    class KeyCheck(Model):
        id = IntegerField(primary_key=True)
        sealed = BlobField()

        class Meta:
            database = db
            table_name = "key_check"
            legacy_table_names = False

    db.create_tables([KeyCheck])

    class NewEmail(Model):
        id = CharField(primary_key=True, max_length=16)
        user = ForeignKeyField(User, unique=True, on_delete="CASCADE")
        email = BlobField()
        ends_at = DateTimeField(index=True)

        class Meta:
            database = db
            table_name = "new_email"
            legacy_table_names = False

    db.create_tables([NewEmail])

    class Objection(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance, on_delete="CASCADE")
        membership = ForeignKeyField(Membership, on_delete="CASCADE")
        text = TextField()
        made_on = DateField()
        answer = TextField(default="")
        answered_on = DateField(null=True)

        class Meta:
            database = db
            table_name = "objection"
            legacy_table_names = False

    db.create_tables([Objection])

    class Opened(Model):
        id = DateField(primary_key=True)
        times = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "opened"
            legacy_table_names = False

    db.create_tables([Opened])

    class Passkey(Model):
        id = CharField(primary_key=True, max_length=16)
        user = ForeignKeyField(User, on_delete="CASCADE")
        credential_id = BlobField(unique=True)
        public_key = BlobField()
        sign_count = BigIntegerField(default=0)
        platform = CharField(max_length=12, default="")
        made_on = DateField()
        used_on = DateField(null=True)

        class Meta:
            database = db
            table_name = "passkey"
            legacy_table_names = False

    db.create_tables([Passkey])

    class RecoveryCode(Model):
        id = CharField(primary_key=True, max_length=64)
        user = ForeignKeyField(User, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "recovery_code"
            legacy_table_names = False
            without_rowid = True

    db.create_tables([RecoveryCode])

    class Reveal(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance, on_delete="CASCADE")
        membership = ForeignKeyField(Membership, on_delete="CASCADE")
        field = CharField(max_length=8)
        reason = CharField(max_length=12)
        note = TextField(default="")
        by = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
        organisation = CharField(null=True, max_length=12)
        on = DateField(index=True)

        class Meta:
            database = db
            table_name = "reveal"
            legacy_table_names = False

    db.create_tables([Reveal])

    class SpentChallenge(Model):
        id = CharField(primary_key=True, max_length=64)
        at = DateTimeField(index=True)

        class Meta:
            database = db
            table_name = "spent_challenge"
            legacy_table_names = False

    db.create_tables([SpentChallenge])

    add(
        db,
        "membership",
        "draws_left INTEGER NOT NULL DEFAULT 0",
        "paused_until DATE",
        "ends_on DATE",
    )
    add(db, "meeting", "past_counts TEXT")
    add(db, "delivery", "new_email_id VARCHAR(16)", "email BLOB")
    add(db, "link", "new_email_id VARCHAR(16)")
    add(db, "identity", "phone BLOB", "phone_index BLOB")
    db.execute_sql('CREATE INDEX "identity_phone_index" ON "identity" ("phone_index")')

    # Nothing points at an invitation or a sign-in, so these tables can be made anew.
    class Invitation(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance, on_delete="CASCADE")
        role = CharField(max_length=12)
        organisation = CharField(null=True, max_length=12)
        code_hash = CharField(unique=True, max_length=64)
        made_at = DateTimeField()
        ends_at = DateTimeField(index=True)
        is_used = BooleanField(default=False)
        place = ForeignKeyField(Membership, null=True, on_delete="CASCADE")
        last_day = DateField(null=True)
        made_by = ForeignKeyField(Membership, null=True, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "invitation"
            legacy_table_names = False

    renew(
        db, Invitation, "id, alliance_id, role, organisation, code_hash, made_at, ends_at, is_used"
    )

    class SignIn(Model):
        id = CharField(primary_key=True, max_length=64)
        user = ForeignKeyField(User, on_delete="CASCADE")
        device = ForeignKeyField(Device, null=True, on_delete="CASCADE")
        platform = CharField(max_length=12, default="")
        stays = BooleanField(default=False)
        started_at = DateTimeField()
        proved_at = DateTimeField()
        seen_at = DateTimeField()
        ends_at = DateTimeField()

        class Meta:
            database = db
            table_name = "sign_in"
            legacy_table_names = False

    renew(db, SignIn)  # who is signed in signs in again, and shows anew who they are


def add(db, table, *columns):
    for column in columns:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN {column}')


def renew(db, model, columns=""):
    """Make a table anew, with the rows it had when their columns are named."""
    table = model._meta.table_name
    db.execute_sql(f'CREATE TEMPORARY TABLE kept AS SELECT * FROM "{table}"')  # noqa: S608
    db.execute_sql(f'DROP TABLE "{table}"')
    db.create_tables([model])
    if columns:
        copy = f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM kept'  # noqa: S608
        db.execute_sql(copy)
    db.execute_sql("DROP TABLE kept")


def down(migrator, db):
    class Alliance(Model):
        id = CharField(primary_key=True, max_length=16)

        class Meta:
            database = db
            table_name = "alliance"
            legacy_table_names = False

    class User(Model):
        id = CharField(primary_key=True, max_length=16)

        class Meta:
            database = db
            table_name = "user"
            legacy_table_names = False

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

    db.execute_sql("DELETE FROM invitation WHERE place_id IS NOT NULL OR last_day IS NOT NULL")
    renew(
        db, Invitation, "id, alliance_id, role, organisation, code_hash, made_at, ends_at, is_used"
    )

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

    renew(db, SignIn)
    db.execute_sql('DROP INDEX "identity_phone_index"')
    drop(db, "identity", "phone", "phone_index")
    drop(db, "link", "new_email_id")
    drop(db, "delivery", "new_email_id", "email")
    drop(db, "meeting", "past_counts")
    drop(db, "membership", "draws_left", "paused_until", "ends_on")
    for table in NEW:
        migrator.migrate(migrator.drop_table(table))


def drop(db, table, *columns):
    for column in columns:
        db.execute_sql(f'ALTER TABLE "{table}" DROP COLUMN {column}')
