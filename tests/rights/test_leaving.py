"""Who leaves is gone at once, and to the last byte (TRUST T27, R21)."""

import shutil
import sqlite3
from datetime import timedelta

import pytest
import time_machine

from allies import db, keeping, migrate
from allies.accounts.models import SignIn, User
from allies.advice.models import Advice, Round
from allies.alliances.models import Membership
from allies.audit import AuditLine, first_broken_line
from allies.crypto import digest
from allies.db import database, now
from allies.errors import DomainError
from allies.i18n import today
from allies.meetings.models import Rsvp
from allies.people.models import Identity
from allies.receipts import Receipt
from allies.rights import erasures, leaving
from allies.rights.models import Erasure
from allies.rights.wiping import wipe
from allies.topics.models import Support, Topic


def bytes_of_instance(app):
    """Everything this installation has written, but for the copy the tests start from."""
    instance = app.config["ALLIES"].instance
    files = [f for f in instance.rglob("*") if f.is_file() and f.name != "demo.db"]
    return {f.name: f.read_bytes() for f in files}


def found_in(app, words):
    """Where these words are in what was written: {file: words}."""
    found = {}
    for name, content in bytes_of_instance(app).items():
        hits = [w for w in words if w.encode() in content]
        if hits:
            found[name] = hits
    return found


def traces_of(who):
    """What only this member's rows hold, as it stands in the files."""
    words = [who.email, f"hash-{who.canary}", f"passkey-{who.canary}", f"notitie-{who.canary}"]
    words += [digest(f"{kind}-{who.canary}") for kind in ("code", "link", "invitation")]
    words += [digest(who.secret), f"inzage-{who.canary}", f"reden-{who.canary}", who.objection]
    return [*words, f"Vogel {who.canary}", f"Thema submitted {who.canary}", who.delivery.id]


def test_nothing_of_who_left_is_in_any_file(app, trace):
    who = trace("kanarieA")
    sealed = bytes(Identity.get(Identity.user == who.user).name)
    assert len(found_in(app, traces_of(who))) >= 2, "the search must be able to find something"
    leaving.leave_all(who.user)

    assert found_in(app, traces_of(who)) == {}
    assert not any(sealed in content for content in bytes_of_instance(app).values())


def test_their_ids_stay_only_in_the_log_and_the_list_of_the_erased(trace):
    who = trace("kanarieA")
    place = f"/memberships/{who.membership.id}/objections"
    Receipt.create(id="r", fingerprint="", location=place, message="")
    leaving.leave_all(who.user)
    ids, holding = (who.user.id, who.membership.id), set()
    for model in migrate.all_models():
        for row in model.select().tuples():
            if any(i in str(value) for value in row for i in ids):
                holding.add(model.__name__)

    assert holding == {"AuditLine", "Erasure"}


def test_contributions_stay_without_their_author(trace):
    who = trace("kanarieA")
    leaving.leave_all(who.user)
    submitted, returned, approved, discussed = who.topics

    assert not Topic.select().where(Topic.id.in_([submitted.id, returned.id])).exists()
    for topic in (approved, discussed):
        assert Topic.get_by_id(topic.id).proposed_by_id is None
    stored = Advice.get_by_id(who.advice.id)
    assert (stored.membership_id, stored.text) == (None, "advies kanarieA")


def test_no_column_links_two_topics_of_the_same_leaver(trace, veere):
    who = trace("kanarieA")
    leaving.leave_all(who.user)
    first, second = (
        set(Topic.select().where(Topic.id == t.id).tuples().get()) for t in who.topics[2:]
    )
    by_others = set()
    for row in Topic.select().where(Topic.id == who.supported.id).tuples():
        by_others |= set(row)

    # the rest they share with topics of anybody: the alliance, the day, the state, empty texts
    assert first & second - by_others <= {"Weer een winkel dicht"}


def test_a_topic_keeps_that_it_was_supported_and_not_by_whom(trace):
    who = trace("kanarieA")
    leaving.leave_all(who.user)

    assert Topic.get_by_id(who.supported.id).past_support == 3
    assert not Support.select().where(Support.topic == who.supported).exists()


def test_an_open_board_is_drawn_anew_without_the_alias(trace):
    who = trace("kanarieA")
    before = Round.get_by_id(who.advice.round_id).version
    leaving.leave_all(who.user)

    assert Round.get_by_id(who.advice.round_id).version > before


def test_nothing_of_others_goes(trace, cast):
    other, who = trace("kanarieB"), trace("kanarieA")
    before = {m: set(m.select().tuples()) for m in (User, Identity, SignIn, Rsvp)}
    mine = {who.user.id, who.membership.id}
    leaving.leave_all(who.user)

    for model, rows in before.items():
        kept = {r for r in rows if not mine & {v for v in r if isinstance(v, str)}}
        assert set(model.select().tuples()) == kept, model
    assert other.user.id not in {e.id for e in Erasure.select()}


def test_whoever_stays_elsewhere_keeps_the_account_and_signs_in_anew(trace, middelburg):
    who = trace("kanarieA")
    there = Membership.create(alliance=middelburg, user=who.user, role="ally", alias="Vogel elders")
    leaving.leave(who.membership)

    assert list(who.user.memberships) == [there]
    assert Identity.get(Identity.user == who.user).open("email") == who.email
    assert not SignIn.select().where(SignIn.user == who.user).exists()
    assert {e.id for e in Erasure.select()} == {who.membership.id}


def test_with_the_last_membership_the_account_goes_too(trace):
    who = trace("kanarieA")
    leaving.leave(who.membership)

    assert not User.select().where(User.id == who.user.id).exists()
    assert {e.id for e in Erasure.select()} == {who.membership.id, who.user.id}


def test_the_log_says_that_somebody_left_and_is_whole(trace):
    who = trace("kanarieA")
    leaving.leave(who.membership)
    last = AuditLine.select().order_by(AuditLine.id.desc()).first()

    assert (last.actor, last.action, last.subject) == ("system", "member.left", who.membership.id)
    assert first_broken_line() is None


# -- coordinators


@pytest.fixture
def two(veere, member):
    """Veere with two coordinators: Carla and Daan."""
    pair = [member("carla"), member("daan")]
    others = Membership.role == "coordinator", Membership.id.not_in([m.id for m in pair])
    Membership.delete().where(Membership.alliance == veere, *others).execute()
    return pair


def test_the_last_coordinator_does_not_leave(two, member):
    leaving.leave(member("daan"))

    with pytest.raises(DomainError):
        leaving.leave(member("carla"))
    with pytest.raises(DomainError):
        leaving.leave_all(member("carla").user)
    assert Membership.get_or_none(Membership.id == member("carla").id)


def test_a_deputy_is_no_reason_to_let_the_last_coordinator_go(two, member):
    deputy = member("daan")
    Membership.update(ends_on=today()).where(Membership.id == deputy.id).execute()

    with pytest.raises(DomainError):
        leaving.leave(member("carla"))
    leaving.leave(member("daan"))


# -- erasing again


def test_an_older_backup_forgets_again_who_left_since(app, trace, tmp_path):
    who, stays = trace("kanarieA"), trace("kanarieB")
    instance = app.config["ALLIES"].instance
    wipe()
    shutil.copy(instance / "allies.db", tmp_path / "backup.db")
    leaving.leave_all(who.user)

    database.close()
    for old in instance.glob("allies.db*"):
        old.unlink()
    shutil.copy(tmp_path / "backup.db", instance / "allies.db")
    db.open_connection()
    assert "allies.db" in found_in(app, traces_of(who))
    number = leaving.erase_again(erasures.file())

    assert number == 1
    assert found_in(app, traces_of(who)) == {}
    assert Identity.get(Identity.user == stays.user).open("email") == stays.email


def test_the_list_outside_survives_a_database_that_does_not_know_it(app, trace):
    who = trace("kanarieA")
    leaving.leave_all(who.user)
    Erasure.delete().execute()
    erasures.write_down()

    assert set(erasures.read(erasures.file())) == {who.membership.id, who.user.id}


def test_the_list_outside_is_for_its_owner_only_and_ends_after_35_days(app, trace):
    leaving.leave_all(trace("kanarieA").user)
    assert erasures.file().stat().st_mode & 0o077 == 0

    with time_machine.travel(now() + timedelta(days=36), tick=False):
        keeping.prune()
        assert not [e for e in erasures.read(erasures.file()).values() if e < today()]
        assert not Erasure.select().where(Erasure.on < today()).exists()


def test_a_change_that_is_rolled_back_puts_nobody_on_the_list(trace):
    who = trace("kanarieA")
    with db.atomic() as transaction:
        leaving.leave_all(who.user)
        transaction.rollback()

    assert erasures.read(erasures.file()).get(who.user.id) is None
    assert User.get_or_none(User.id == who.user.id)


def test_the_upgrade_of_a_start_erases_again(app, trace):
    who = trace("kanarieA")
    erasures.file().write_text(f"{who.user.id} {today()}\n")
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["upgrade"])

    assert "Erased again" in done.output, done
    assert not User.select().where(User.id == who.user.id).exists()


def test_a_damaged_list_stops_the_upgrade_with_one_line(app):
    erasures.file().write_text("dit is geen lijst\n")
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["upgrade"])

    assert done.exit_code == 1
    assert len([line for line in done.output.splitlines() if "damaged" in line]) == 1


def test_who_leaves_hears_nothing_of_a_list_that_can_not_be_written(trace, caplog):
    erasures.file().mkdir()
    who = trace("kanarieA")
    try:
        leaving.leave_all(who.user)
    finally:
        erasures.file().rmdir()

    assert not User.select().where(User.id == who.user.id).exists()
    assert "writing down who was erased" in caplog.text


# -- bytes


def test_while_somebody_reads_the_bytes_wait_and_go_later(app, trace):
    who = trace("kanarieA")
    reader = sqlite3.connect(app.config["ALLIES"].instance / "allies.db")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM identity").fetchall()
    leaving.leave_all(who.user)
    assert not wipe()
    reader.close()

    assert wipe()
    assert found_in(app, traces_of(who)) == {}


# -- the nightly work


def test_who_was_shut_out_is_erased_the_next_night(trace):
    who = trace("kanarieA")
    User.update(disabled_at=now()).where(User.id == who.user.id).execute()
    keeping.prune()

    assert not User.select().where(User.id == who.user.id).exists()
    assert {who.user.id, who.membership.id} <= {e.id for e in Erasure.select()}


# -- the operator


def test_the_operator_erases_by_alliance_and_alias(app, trace):
    who = trace("kanarieA")
    args = ["erase", "veere", "vogel kanarieA", "--reason", "Op verzoek"]
    done = app.test_cli_runner().invoke(args=args)

    assert done.exit_code == 0, done.output
    assert not User.select().where(User.id == who.user.id).exists()
    line = AuditLine.select().order_by(AuditLine.id.desc()).first()
    assert (line.actor, line.action) == ("operator", "member.erased")
    assert who.email not in done.output
    assert who.name not in done.output


@pytest.mark.parametrize("args", [["erase", "Veere", "Niemand", "--reason", "x"],
                                  ["erase", "Nergens", "Helm", "--reason", "x"],
                                  ["erase", "Veere", "Helm", "--reason", " "],
                                  ["erase", "Veere", "Helm"]])  # fmt: skip
def test_the_operator_erases_nobody_by_mistake(app, args):
    before = User.select().count()
    done = app.test_cli_runner().invoke(args=args)

    assert done.exit_code != 0
    assert User.select().count() == before


def test_the_operator_is_told_that_nobody_coordinates_any_more(app, veere):
    run = app.test_cli_runner().invoke
    said = [
        run(args=["erase", "Veere", c.alias, "--reason", "weg"]).output for c in veere.coordinators
    ]

    assert "Nobody coordinates" in said[-1]
    assert all("Nobody coordinates" not in s for s in said[:-1])


def test_the_operator_prunes(app):
    done = app.test_cli_runner().invoke(args=["prune"])

    assert done.exit_code == 0, done.output
    assert done.output.startswith("What is over its term is gone.")
