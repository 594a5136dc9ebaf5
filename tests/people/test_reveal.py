"""A coordinator opens one field of one member: lines first, shown once (TRUST T08, PRODUCT 2)."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from peewee import IntegrityError

from allies.accounts.models import FRESH, SignIn
from allies.alliances.models import Membership, Organisation
from allies.audit import AuditLine, AuditNote
from allies.db import database, now
from allies.home.today import Today
from allies.i18n import today
from allies.notifications.models import Delivery
from allies.people import service
from allies.people.models import Identity, Reason, Reveal
from allies.phone_numbers import readable
from tests.people.conftest import WORDS

FACTS = {"field": "phone", "reason": Reason.UNREACHABLE, "note": WORDS}


def of(member, column="phone"):
    return Identity.get(Identity.user == member.user_id).open(column)


def lines():
    return AuditLine.select().where(AuditLine.action == "member.revealed")


@pytest.mark.parametrize("field", ["name", "email", "phone"])
def test_one_field_is_shown_once_and_nothing_else_is_opened(look, member, opened, field):
    answer = look(field=field)

    assert opened == [("identity", field, member("anna").user_id)]
    anna = {column: of(member("anna"), column) for column in ("name", "email", "phone")}
    anna["phone"] = readable(anna["phone"])
    assert answer.status_code == 200
    assert [column for column, value in anna.items() if value in answer.text] == [field]
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_is_noted_by_whom_when_of_whom_which_and_why(look, member):
    before = (lines().count(), Reveal.select().count())
    look()

    line, row = lines().order_by(AuditLine.id.desc()).first(), Reveal.get(Reveal.note == WORDS)
    assert (lines().count(), Reveal.select().count()) == (before[0] + 1, before[1] + 1)
    assert (line.actor, line.subject) == (member("carla").id, member("anna").id)
    assert line.alliance == member("anna").alliance_id
    assert AuditNote.get_by_id(line.id).text == WORDS
    assert (row.membership, row.by) == (member("anna"), member("carla"))
    assert (row.field, row.reason, row.on) == ("phone", Reason.UNREACHABLE, today())
    assert row.organisation == Organisation.POLICE


def test_the_value_is_in_none_of_the_lines(look, member):
    look(field="name")
    name = of(member("anna"), "name")

    for table in ("audit_line", "audit_note", "reveal", "receipt"):
        for row in database.execute_sql(f"SELECT * FROM {table}").fetchall():  # noqa: S608
            assert name not in str(row)


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": ""},
        {"reason": "round"},
        {"reason": "way-back"},
        {"reason": "curious"},
        {"note": ""},
        {"note": "te kort"},
        {"note": "a" * 301},
        {"field": ""},
        {"field": "alias"},
    ],
)
def test_without_a_field_a_reason_and_words_nothing_is_opened(look, opened, fields):
    before = (lines().count(), Reveal.select().count())

    answer = look(**fields)

    assert answer.status_code == 422
    assert fields.get("note", WORDS) in answer.text
    assert opened == []
    assert (lines().count(), Reveal.select().count()) == before


def test_without_a_fresh_sign_in_nothing_is_opened(client_of, cast, look, opened):
    carla = client_of(cast.carla)
    token = carla.token
    SignIn.update(proved_at=now() - FRESH - timedelta(seconds=1)).execute()
    before = Reveal.select().count()

    answer = look(device=carla, csrf_token=token)

    assert answer.status_code == 403
    assert WORDS in answer.text
    assert opened == []
    assert Reveal.select().count() == before


@contextmanager
def no_room_in(table):
    """Every new row of this table is refused."""
    refusal = "SELECT RAISE(ABORT, 'no room')"
    database.execute_sql(f"CREATE TRIGGER no_line BEFORE INSERT ON {table} BEGIN {refusal}; END")
    try:
        yield
    finally:
        database.execute_sql("DROP TRIGGER no_line")


@pytest.mark.parametrize("table", ["audit_line", "reveal"])
def test_when_a_line_can_not_be_written_nothing_is_opened(member, opened, table):
    before = (lines().count(), Reveal.select().count())

    with no_room_in(table), pytest.raises(IntegrityError, match="no room"):
        service.reveal(member("anna"), by=member("carla"), **FACTS)

    assert opened == []
    assert (lines().count(), Reveal.select().count()) == before


@pytest.mark.parametrize("table", ["audit_line", "reveal"])
def test_when_a_line_can_not_be_written_the_page_shows_nothing(
    app, client_of, cast, look, opened, table
):
    carla = client_of(cast.carla)
    app.testing = False
    try:
        with no_room_in(table):
            answer = look(device=carla)
    finally:
        app.testing = True

    assert answer.status_code == 500
    assert "+316" not in answer.text.replace(" ", "")
    assert opened == []


def test_sent_again_it_leads_back_to_the_member_and_opens_nothing(client_of, cast, look, opened,
                                                                  member):  # fmt: skip
    carla, key = client_of(cast.carla), {"once": "a-key-of-this-form"}
    first, before = look(device=carla, **key), Reveal.select().count()
    opened.clear()

    second = look(device=carla, **key)

    assert (first.status_code, second.status_code) == (200, 303)
    assert second.location == f"/members/{member('anna').id}"
    assert opened == []
    assert Reveal.select().count() == before


def test_what_is_not_there_is_said_without_a_line(look, member, opened):
    columns = Identity.columns(member("anna").user, phone="")
    Identity.update(columns).where(Identity.user == member("anna").user_id).execute()
    before = Reveal.select().count()

    answer = look()

    assert answer.status_code == 422
    assert Reveal.select().count() == before
    assert opened == []


@pytest.mark.parametrize("by", ["anna", "bram", "eva", "mina", "dirk", "sanne"])
def test_nobody_but_a_coordinator_of_the_alliance_opens_anything(look, opened, by):
    before = Reveal.select().count()

    assert look(by=by).status_code in {403, 404}
    assert opened == []
    assert Reveal.select().count() == before


def test_a_coordinator_who_is_ally_elsewhere_opens_nothing_there(look, opened):
    assert look(by="sanne", of="mina").status_code == 403
    assert opened == []


def test_after_too_many_in_a_day_it_stops_until_tomorrow(member, look, opened):
    for _ in range(service.MOST_A_DAY):
        service.reveal(member("anna"), by=member("carla"), **FACTS)
    opened.clear()

    assert look().status_code == 429
    assert opened == []
    assert look(by="daan").status_code == 200

    Reveal.update(on=today() - timedelta(days=1)).execute()
    assert look().status_code == 200


def test_the_limit_counts_what_one_person_opens_in_all_alliances(member, opened, look):
    for _ in range(service.MOST_A_DAY):
        service.reveal(member("mina"), by=member("piet", "Middelburg"), **FACTS)

    assert look(by="piet").status_code == 429


def test_every_opening_by_somebody_else_is_a_line(look, opened, client_of, cast, member, veere):
    """Decryptions by others than the owner = reveal lines (TRUST)."""
    before = Reveal.select().count()
    looks = [
        ("carla", "anna", "name"),
        ("carla", "anna", "name"),
        ("daan", "bram", "email"),
        ("piet", "bram", "phone"),
        ("dirk", "anna", "phone"),
        ("bram", "anna", "phone"),
    ]
    for by, whose, field in looks:
        look(by=by, of=whose, field=field)
    for persona in ("anna", "carla", "daan", "eva"):  # pages on which nothing is opened
        device = client_of(getattr(cast, persona))
        for path in ("/", "/account/looks", f"/alliances/{veere.id}/members", "/meetings"):
            device.get(path)
        device.get(f"/members/{member('bram').id}")

    assert Reveal.select().count() - before == len(opened) == 4


class TestTheAlarm:
    """More than five in a day by one coordinator: the other organisation hears of it."""

    @pytest.fixture
    def open_some(self, member):
        def often(number, by="carla", alliance="Veere", of="anna"):
            by = member(by, alliance)
            for _ in range(number):
                service.reveal(member(of), by=by, **FACTS)

        return often

    @staticmethod
    def told():
        return [d.membership.alias for d in Delivery.select()]

    def test_five_are_usual(self, open_some):
        open_some(5)

        assert self.told() == []

    def test_the_sixth_tells_the_other_organisation_once(self, open_some, member):
        open_some(9)

        assert self.told() == [member("daan").alias]
        often = AuditLine.select().where(AuditLine.action == "member.revealed-often")
        assert [line.subject for line in often] == [member("carla").id]

    def test_two_coordinators_are_not_added_up(self, open_some):
        open_some(4, by="carla")
        open_some(4, by="piet")

        assert self.told() == []

    def test_a_call_list_and_a_way_back_are_not_counted(self, open_some, member):
        for reason in (Reason.ROUND, Reason.WAY_BACK):
            for _ in range(6):
                service.note_look(member("anna"), by=member("carla"), field="name", reason=reason)
        open_some(5)

        assert self.told() == []

    def test_without_another_organisation_the_colleagues_hear_of_it(self, open_some, member):
        open_some(6, by="dirk", alliance="Middelburg", of="mina")

        assert self.told() == [member("piet", "Middelburg").alias]

    def test_without_anybody_else_there_is_the_audit_line(self, open_some, member):
        Membership.delete().where(Membership.id == member("piet", "Middelburg").id).execute()
        open_some(6, by="dirk", alliance="Middelburg", of="mina")

        assert self.told() == []
        assert AuditLine.select().where(AuditLine.action == "member.revealed-often").exists()

    @pytest.mark.parametrize(
        ("persona", "is_told"),
        [("daan", True), ("carla", False), ("piet", False), ("anna", False), ("dirk", False)],
    )
    def test_the_start_page_of_whoever_was_told_shows_it(
        self, open_some, client_of, cast, persona, is_told
    ):
        open_some(6)

        user = getattr(cast, persona)
        device = client_of(user)
        device.post("/language", {"locale": "en"})

        assert bool(Today(user).desk.often_opened) == is_told
        assert ("one coordinator of the police" in device.get("/").text) == is_told

    def test_five_on_a_day_show_nothing_and_after_a_week_it_is_gone(self, open_some, cast):
        open_some(5)
        assert Today(cast.daan).desk.often_opened == []
        open_some(1)
        assert len(Today(cast.daan).desk.often_opened) == 1
        Reveal.update(on=today() - timedelta(days=7)).execute()
        assert Today(cast.daan).desk.often_opened == []
