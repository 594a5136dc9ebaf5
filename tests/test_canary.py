"""Nobody learns who an ally is: canary words in every name and contact, and a search everywhere.

TRUST T01, T04, T08: no canary outside the owner's own pages and a logged reveal.
"""

import re
import shutil

import pytest

from allies.accounts.models import User
from allies.advice.models import Round
from allies.advice.states import State
from allies.alliances.models import Alliance, Membership
from allies.db import database
from allies.meetings.models import Meeting
from allies.notifications.models import Delivery
from allies.notifications.post import carrier
from allies.notifications.sending import send_due
from allies.notifications.service import tell
from allies.people.models import Identity, Reveal
from allies.sealing import Sealed
from tests.walk import addresses, guarded, is_visible, rows_of

NAME, MAIL, PHONE = "Kanarinus", "kanariepost", "+3160009"
CANARY = re.compile(rf"({NAME}|{MAIL})(\d{{4}})|60009(\d{{4}})", re.IGNORECASE)
OWN_PAGES = {"/account/contact"}


@pytest.fixture
def seeded(app):
    """{user id: number} after every name, address and phone has become a canary."""
    numbers = {}
    for number, identity in enumerate(Identity.select().order_by(Identity.id), start=1000):
        facts = {
            "name": f"{NAME}{number} van de Kreek",
            "email": f"{MAIL}{number}@canary.example",
            "phone": f"{PHONE}{number}",
        }
        user = User(id=identity.user_id)
        Identity.update(Identity.columns(user, **facts)).where(Identity.id == identity.id).execute()
        numbers[identity.user_id] = number
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return numbers


def canaries(text):
    """The numbers of everybody whose name or contact is in this text, however it is written."""
    shown = re.sub(r"[\s\-().]|&nbsp;", "", text)
    return {int(name or phone) for _word, name, phone in CANARY.findall(shown)}


@pytest.fixture
def opened(monkeypatch):
    """Every sealed field that is opened, as (table, column, row)."""
    seen, keyring = [], Sealed.keyring
    unseal = type(keyring).unseal

    def noted(self, sealed, table, column, row):
        seen.append((table, column, row))
        return unseal(self, sealed, table, column, row)

    monkeypatch.setattr(type(keyring), "unseal", noted)
    return seen


def pages_for(app, user):
    """Every address this user can get something from, with rows of every alliance."""
    yield from (a.path for a in addresses(app, "GET") if "<" not in a.path)
    for address in guarded(app, "GET", with_row=True):
        for alliance in Alliance.select():
            rows = [r for r in rows_of(address.on, alliance) if is_visible(address.on, user, r)]
            yield from (address.at(row.id) for row in rows)


def test_no_page_or_part_shows_anybody_but_its_reader(app, cast, client_of, seeded, opened):
    found, asked = set(), 0
    for persona, user in vars(cast).items():
        device = client_of(user)
        for path in pages_for(app, user):
            for headers in ({}, {"HX-Request": "true"}):
                app.extensions["request_limit"].counts.clear()
                answer = device.get(path, headers=headers)
                asked += 1
                shown = canaries(answer.text) | canaries(str(answer.headers))
                if shown - ({seeded[user.id]} if path in OWN_PAGES else set()):
                    found.add((persona, path))
        assert {row for table, _column, row in opened if table == "identity"} <= {user.id}
        opened.clear()
    assert found == set()
    assert asked > 1_000


def test_every_owner_sees_their_own(app, cast, client_of, seeded):
    for user in vars(cast).values():
        shown = set().union(*(canaries(client_of(user).get(path).text) for path in OWN_PAGES))
        assert shown == {seeded[user.id]}


def test_no_answer_to_a_form_shows_anybody(app, cast, client_of, seeded):
    """Every form at every row its sender sees, empty and filled in: also what is refused."""
    filled = {"text": "Het is rustig.", "title": "Wonen", "reason": "", "answer": "yes"}
    asked = 0
    for user in vars(cast).values():
        device = client_of(user)
        token = device.token
        for address in guarded(app, "POST", with_row=True):
            if address.guard in {"member.reveal", "membership.leave", "member.end"}:
                continue  # these have tests of their own
            rows = [r for a in Alliance.select() for r in rows_of(address.on, a)]
            for row in [r for r in rows if is_visible(address.on, user, r)][:2]:
                for fields in ({}, filled):
                    app.extensions["request_limit"].counts.clear()
                    path = address.at(row.id)
                    answer = device.client.post(path, data={"csrf_token": token, **fields})
                    asked += 1
                    assert canaries(answer.text) <= own_number(address, seeded, user), path
    assert asked > 300


def own_number(address, seeded, user):
    return {seeded[user.id]} if address.path in OWN_PAGES else set()


def test_a_reveal_shows_one_field_of_one_member_and_leaves_one_line(
    cast, client_of, member, seeded, opened
):
    carla, anna = client_of(cast.carla), member("anna")
    lines = Reveal.select().count()
    facts = {"field": "name", "reason": "safety", "note": "Zij moet nu gewaarschuwd worden."}

    answer = carla.post(f"/members/{anna.id}/reveal", facts)

    assert canaries(answer.text) == {seeded[cast.anna.id]}
    assert f"{NAME}{seeded[cast.anna.id]}" in answer.text
    assert MAIL not in answer.text
    assert [o for o in opened if o[0] == "identity"] == [("identity", "name", cast.anna.id)]
    assert Reveal.select().count() == lines + 1


def test_a_way_back_opens_one_address_for_one_message_and_shows_it_to_nobody(
    cast, client_of, member, seeded, opened
):
    counted = opened_for_mail()

    answer = client_of(cast.carla).post(
        f"/members/{member('anna').id}/way-back", {"note": "Kwijt."}
    )

    assert answer.status_code == 200
    assert canaries(answer.text) == set()
    assert [o for o in opened if o[0] == "identity"] == [("identity", "email", cast.anna.id)]
    assert opened_for_mail() == counted + 1


def test_over_a_whole_run_looks_of_others_equal_lines(app, cast, client_of, member, seeded, opened):
    """Everybody reads every page of theirs; coordinators look people up and phone a round."""
    before = Reveal.select().count()
    round = Round.get(Round.state == State.OPEN, Round.alliance == member("anna").alliance_id)
    for user in vars(cast).values():
        device = client_of(user)
        for path in pages_for(app, user):
            app.extensions["request_limit"].counts.clear()
            device.get(path)
        assert looks(opened) <= {(column, user.id) for column in Identity.SEALED}
        opened.clear()
    carla, dirk = client_of(cast.carla), client_of(cast.dirk)
    why = {"reason": "practical", "note": "De zaal is dicht, zij moet dat weten."}
    for persona, field in (("anna", "name"), ("anna", "email"), ("bram", "email")):
        carla.post(f"/members/{member(persona).id}/reveal", {"field": field, **why})
    dirk.post(f"/members/{member('mina').id}/reveal", {"field": "name", **why})
    dirk.post(f"/members/{member('anna').id}/reveal", {"field": "name", **why})  # not his
    carla.post(f"/members/{member('bram').id}/reveal", {"field": "email"})  # no reason
    carla.post(f"/advice/{round.id}/call-list")
    for _again in range(3):
        carla.get(f"/advice/{round.id}/call-list")

    lines = Reveal.select().count() - before
    assert lines > 4
    assert len(looks(opened)) == lines


def looks(opened):
    """Which sealed facts of whom were opened; a call list opened again is one look for an hour."""
    return {(column, row) for table, column, row in opened if table == "identity"}


def test_the_files_hold_no_name_or_contact(app, cast, client_of, seeded, member):
    """Database, write-ahead log, queue, and a copy as a backup makes it."""
    client_of(cast.carla).post(
        f"/members/{member('anna').id}/reveal",
        {"field": "phone", "reason": "safety", "note": "Zij moet nu gewaarschuwd worden."},
    )
    instance = app.config["ALLIES"].instance
    backup = instance / "backup.db"
    backup.unlink(missing_ok=True)
    database.execute_sql("VACUUM INTO ?", (str(backup),))
    names = [p for p in instance.rglob("*") if p.is_file() and p.parent.name != "mail"]
    held = {p.name: canaries(p.read_bytes().decode("latin-1")) for p in names}
    backup.unlink()

    assert {"allies.db", "allies.db-wal", "backup.db"} <= set(held)
    assert set().union(*held.values()) == set()


def test_a_mail_goes_to_one_address_and_names_nobody(app, seeded, opened):
    """Deliveries open one address each, and are counted apart from the reveals."""
    settings = app.config["ALLIES"]
    shutil.rmtree(settings.instance / "mail", ignore_errors=True)
    tell(list(Membership.select()), is_urgent=True)
    Delivery.update(due_at=Delivery.created_at).execute()
    lines, before = Reveal.select().count(), opened_for_mail()

    send_due(settings, carrier(settings))

    letters = [p.read_text() for p in (settings.instance / "mail").glob("*.eml")]
    waiting = Membership.select().count()
    assert len(letters) >= waiting
    assert all(len(canaries(letter)) == 1 and NAME not in letter for letter in letters)
    mailed = [o for o in opened if o[:2] == ("identity", "email")]
    assert len(mailed) == len(letters)
    assert opened_for_mail() - before == len(letters)
    assert Reveal.select().count() == lines
    shutil.rmtree(settings.instance / "mail", ignore_errors=True)


def opened_for_mail():
    from_table = database.execute_sql("SELECT COALESCE(SUM(times), 0) FROM opened").fetchone()
    return from_table[0]


def test_a_calendar_file_names_nobody(app, cast, client_of, seeded):
    anna = client_of(cast.anna)
    files = [anna.get(f"/meetings/{m.id}/event.ics") for m in Meeting.visible_to(cast.anna)]

    assert len([f for f in files if f.status_code == 200]) >= 1
    assert set().union(*(canaries(f.text) for f in files)) == set()
