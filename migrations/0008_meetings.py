"""Meetings: venues, finding a date, needs, agenda, guests, attendance, minutes, actions, feeds."""

import secrets

from peewee import *

NEW = (
    "reminder", "need", "minutes_revision", "guest", "date_answer", "proposed_date", "date_poll",
    "contest", "calendar_feed", "attendance", "action", "minutes_part", "agenda_item", "minutes",
)  # fmt: skip
ADDED = {
    "alliance": (
        "least_coming INTEGER NOT NULL DEFAULT 8",
        "place_days INTEGER NOT NULL DEFAULT 7",
    ),
    "venue": ("is_retired INTEGER NOT NULL DEFAULT FALSE",),
    "meeting": (
        "is_draft INTEGER NOT NULL DEFAULT FALSE",
        "cancelled_at DATETIME",
        "moved_from DATETIME",
        "sequence INTEGER NOT NULL DEFAULT 0",
        "agenda_version INTEGER NOT NULL DEFAULT 0",
        "came INTEGER",
        "nudges INTEGER NOT NULL DEFAULT 0",
    ),
    "delivery": ("guest_id VARCHAR(16)",),
    "link": ("guest_id VARCHAR(16)",),
    "rsvp": ("is_by_coordinator INTEGER NOT NULL DEFAULT FALSE",),
}
ADVICE, BRINGS, TOPIC = ("advice", 15), ("brings", 20), ("topic", 25)  # kind and minutes


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

        class Meta:
            database = db
            table_name = "topic"
            legacy_table_names = False

    class Minutes(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        meeting = ForeignKeyField(Meeting, unique=True, on_delete="CASCADE")
        state = CharField(index=True, max_length=12, default="concept")
        published_at = DateTimeField(null=True)
        fixed_at = DateTimeField(null=True)
        organisation = CharField(null=True, max_length=12)

        class Meta:
            database = db
            table_name = "minutes"
            legacy_table_names = False

    db.create_tables([Minutes])

    class AgendaItem(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        meeting = ForeignKeyField(Meeting, null=True, on_delete="CASCADE")
        kind = CharField(max_length=8)
        topic = ForeignKeyField(Topic, unique=True, null=True, on_delete="CASCADE")
        title = CharField(max_length=120, default="")
        minutes = SmallIntegerField()
        position = SmallIntegerField()
        carried = SmallIntegerField(default=0)
        reason = CharField(max_length=300, default="")

        class Meta:
            database = db
            table_name = "agenda_item"
            legacy_table_names = False

    db.create_tables([AgendaItem])

    class MinutesPart(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        minutes = ForeignKeyField(Minutes, on_delete="CASCADE")
        item = ForeignKeyField(AgendaItem, null=True, on_delete="SET NULL")
        title = CharField(max_length=120)
        heard = TextField(default="")
        advice = TextField(default="")
        position = SmallIntegerField()
        revision = IntegerField(default=0)
        outcome = ForeignKeyField(Outcome, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "minutes_part"
            legacy_table_names = False

    db.create_tables([MinutesPart])

    class Action(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        meeting = ForeignKeyField(Meeting, null=True, on_delete="SET NULL")
        part = ForeignKeyField(MinutesPart, null=True, on_delete="SET NULL")
        owner = CharField(max_length=12)
        text = CharField(max_length=300)
        due_on = DateField()
        state = CharField(index=True, max_length=8, default="open")
        reason = CharField(max_length=300, default="")
        ended_on = DateField(null=True)

        class Meta:
            database = db
            table_name = "action"
            legacy_table_names = False

    db.create_tables([Action])

    class Attendance(Model):
        id = CharField(primary_key=True, max_length=16)
        meeting = ForeignKeyField(Meeting, on_delete="CASCADE")
        membership = ForeignKeyField(Membership, on_delete="CASCADE")
        presence = CharField(max_length=8)

        class Meta:
            database = db
            table_name = "attendance"
            legacy_table_names = False
            indexes = ((("meeting", "membership"), True),)
            without_rowid = True

    db.create_tables([Attendance])

    class CalendarFeed(Model):
        id = CharField(primary_key=True, max_length=64)
        membership = ForeignKeyField(Membership, unique=True, on_delete="CASCADE")
        made_on = DateField()
        ends_at = DateTimeField()

        class Meta:
            database = db
            table_name = "calendar_feed"
            legacy_table_names = False

    db.create_tables([CalendarFeed])

    class Contest(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        part = ForeignKeyField(MinutesPart, on_delete="CASCADE")
        membership = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
        sentence = TextField()
        remark = TextField(default="")
        made_on = DateField()
        state = CharField(index=True, max_length=8, default="open")
        reply = TextField(default="")
        answered_on = DateField(null=True)

        class Meta:
            database = db
            table_name = "contest"
            legacy_table_names = False
            without_rowid = True

    db.create_tables([Contest])

    class DatePoll(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        duration = IntegerField()
        is_extra = BooleanField(default=False)
        made_on = DateField()
        state = CharField(index=True, max_length=12, default="open")
        meeting = ForeignKeyField(Meeting, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "date_poll"
            legacy_table_names = False

    db.create_tables([DatePoll])

    class ProposedDate(Model):
        id = CharField(primary_key=True, max_length=16)
        poll = ForeignKeyField(DatePoll, on_delete="CASCADE")
        starts_at = DateTimeField()

        class Meta:
            database = db
            table_name = "proposed_date"
            legacy_table_names = False
            indexes = ((("poll", "starts_at"), True),)

    db.create_tables([ProposedDate])

    class DateAnswer(Model):
        id = CharField(primary_key=True, max_length=16)
        proposed = ForeignKeyField(ProposedDate, on_delete="CASCADE")
        membership = ForeignKeyField(Membership, on_delete="CASCADE")
        fit = CharField(max_length=12)

        class Meta:
            database = db
            table_name = "date_answer"
            legacy_table_names = False
            indexes = ((("proposed", "membership"), True),)
            without_rowid = True

    db.create_tables([DateAnswer])

    class Guest(Model):
        id = CharField(primary_key=True, max_length=16)
        alliance = ForeignKeyField(Alliance)
        meeting = ForeignKeyField(Meeting, on_delete="CASCADE")
        function = CharField(max_length=80)
        email = BlobField(null=True)
        answer = CharField(null=True, max_length=8)

        class Meta:
            database = db
            table_name = "guest"
            legacy_table_names = False

    db.create_tables([Guest])

    class MinutesRevision(Model):
        id = CharField(primary_key=True, max_length=16)
        part = ForeignKeyField(MinutesPart, on_delete="CASCADE")
        revision = IntegerField()
        heard = TextField(default="")
        advice = TextField(default="")
        saved_at = DateTimeField()
        saved_by = CharField(max_length=12)

        class Meta:
            database = db
            table_name = "minutes_revision"
            legacy_table_names = False
            indexes = ((("part", "revision"), True),)

    db.create_tables([MinutesRevision])

    class Need(Model):
        id = CharField(primary_key=True, max_length=16)
        meeting = ForeignKeyField(Meeting, on_delete="CASCADE")
        membership = ForeignKeyField(Membership, on_delete="CASCADE")
        kind = CharField(max_length=12)

        class Meta:
            database = db
            table_name = "need"
            legacy_table_names = False
            indexes = ((("meeting", "membership", "kind"), True),)
            without_rowid = True

    db.create_tables([Need])

    class Reminder(Model):
        id = CharField(primary_key=True, max_length=16)
        meeting = ForeignKeyField(Meeting, on_delete="CASCADE")
        days_before = SmallIntegerField()
        sent_on = DateField(null=True)

        class Meta:
            database = db
            table_name = "reminder"
            legacy_table_names = False
            indexes = ((("meeting", "days_before"), True),)

    db.create_tables([Reminder])

    for table, columns in ADDED.items():
        for column in columns:
            db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN {column}')
    meetings = db.execute_sql("SELECT id, alliance_id FROM meeting").fetchall()
    for meeting, alliance in meetings:
        write_agenda(db, meeting, alliance)


def write_agenda(db, meeting, alliance):
    """The agenda of a meeting of before: its topics between the two fixed items."""
    find = "SELECT id FROM topic WHERE meeting_id = ? ORDER BY submitted_on DESC, id"
    topics = [row[0] for row in db.execute_sql(find, (meeting,)).fetchall()]
    items = [(*ADVICE, None), *((*TOPIC, topic) for topic in topics), (*BRINGS, None)]
    for position, (kind, minutes, topic) in enumerate(items):
        db.execute_sql(
            "INSERT INTO agenda_item (id, alliance_id, meeting_id, kind, topic_id, title,"
            " minutes, position, carried, reason) VALUES (?, ?, ?, ?, ?, '', ?, ?, 0, '')",
            (secrets.token_urlsafe(12), alliance, meeting, kind, topic, minutes, position),
        )


def down(migrator, db):
    for table, columns in ADDED.items():
        for column in columns:
            db.execute_sql(f'ALTER TABLE "{table}" DROP COLUMN {column.split()[0]}')
    for table in NEW:
        migrator.migrate(migrator.drop_table(table))
