"""The operator's commands on people."""

import re
from dataclasses import replace

import pytest

from allies import migrate
from allies.accounts.models import SignIn, User
from allies.alliances.models import Alliance, Membership, Organisation, Region, Role
from allies.audit import AuditLine, first_broken_line
from allies.config import ROOT
from allies.db import database, now
from allies.invitations.codes import hash_of
from allies.invitations.models import Invitation
from allies.notifications.models import Delivery, Link

CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")
EXAMPLE = str(ROOT / "docs" / "region.example.toml")


@pytest.fixture
def run(app):
    """Run a command; its exit code and what it printed, complaints included."""

    def command(*words):
        with app.app_context():  # as the flask program does
            result = app.test_cli_runner().invoke(args=words)
        return result.exit_code, result.output

    return command


@pytest.fixture
def bare(app):
    """A migrated database with nothing in it."""
    database.execute_sql("PRAGMA foreign_keys = 0")
    for model in set(migrate.all_models()) - {AuditLine}:
        model.delete().execute()
    database.execute_sql("PRAGMA foreign_keys = 1")


def lines_of(action):
    return AuditLine.select().where(AuditLine.action == action, AuditLine.actor == "operator")


def test_a_new_region_gets_its_alliances_and_codes_for_the_first_coordinators(run, bare):
    status, said = run("new-region", EXAMPLE)

    codes = CODE.findall(said)
    assert (status, Region.get().name) == (0, "Walcheren")
    assert {a.name for a in Alliance.select()} == {"Middelburg", "Veere", "Vlissingen"}
    assert len(codes) == 6
    for code in codes:
        assert Invitation.open_with(hash_of(code)).role == Role.COORDINATOR
    assert lines_of("invitation.made").count() == 6


def test_a_second_region_is_refused(run, bare):
    run("new-region", EXAMPLE)
    status, said = run("new-region", EXAMPLE)

    assert (status, said.count("\n")) == (1, 1)
    assert "already" in said
    assert Invitation.select().count() == 6


GOOD = '[[alliance]]\nname = "Veere"\ncoordinators = ["police"]\n'


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("name = ", "TOML"),
        (GOOD, "the region"),
        (f"name = 3\n{GOOD}", "the region"),
        ('name = "Walcheren"', "[[alliance]]"),
        ('name = "Walcheren"\nalliance = 3', "[[alliance]]"),
        (f'name = "Walcheren"\ncolour = "blue"\n{GOOD}', "colour"),
        (f'name = "Walcheren"\n{GOOD}{GOOD}', "Veere"),
        (f'name = "Walcheren"\n{GOOD}{GOOD.replace("Veere", "VEERE")}', "VEERE"),
        (f'name = "Walcheren"\n{GOOD.replace("police", "fire")}', "fire"),
        (f'name = "Walcheren"\n{GOOD.replace("coordinators", "coordinator")}', "coordinator"),
        (f'name = "Walcheren"\n{GOOD.replace("Veere", "x" * 81)}', "alliance 1"),
        (f'name = "Walcheren"\n{GOOD.replace("Veere", " ")}', "alliance 1"),
        (f'name = "Walcheren"\n{GOOD}[[alliance]]\nname = "Goes"', "Goes"),
    ],
)
def test_a_bad_file_is_named_in_one_line_and_nothing_is_stored(run, bare, tmp_path, text, names):
    file = tmp_path / "region.toml"
    file.write_text(text)
    status, said = run("new-region", str(file))

    assert (status, said.count("\n")) == (1, 1)
    assert "region.toml" in said
    assert names in said
    assert not Region.select().exists()
    assert not Alliance.select().exists()


def test_a_file_that_can_not_be_read_is_named(run, bare, tmp_path):
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "Zeëland"'.encode("latin-1"))

    for path in (tmp_path / "none.toml", tmp_path, latin):
        status, said = run("new-region", str(path))
        assert (status, said.count("\n")) == (1, 1)
        assert str(path) in said


def test_without_a_region_the_upgrade_says_what_to_do(run, bare, app, monkeypatch):
    monkeypatch.setitem(app.config, "ALLIES", replace(app.config["ALLIES"], demo=False))
    before = run("upgrade")[1]
    run("new-region", EXAMPLE)
    after = run("upgrade")[1]

    assert "flask new-region docs/region.example.toml" in before
    assert "new-region" not in after


def test_appointing_makes_a_code_for_that_role(run, veere):
    _, said = run("appoint", "veere", "coordinator", "municipality", "--reason", "opvolging")

    invitation = Invitation.open_with(hash_of(CODE.search(said).group()))
    assert (invitation.role, invitation.organisation) == (
        Role.COORDINATOR,
        Organisation.MUNICIPALITY,
    )
    assert invitation.alliance_id == veere.id
    assert lines_of("invitation.made").get().note_hash


@pytest.mark.parametrize(
    "words",
    [
        ("appoint", "Veere", "coordinator", "--reason", "x"),
        ("appoint", "Veere", "partner", "police", "--reason", "x"),
        ("appoint", "Veere", "ally", "--reason", "x"),
        ("appoint", "Goes", "partner", "--reason", "x"),
        ("appoint", "Veere", "partner"),
        ("invite", "Veere", "--reason", " "),
        ("invite", "Veere"),
        ("revoke", "Veere", "Nobody", "--reason", "x"),
        ("revoke", "Veere", "Scholekster"),
    ],
)
def test_a_command_that_will_not_do_changes_nothing(run, words):
    before = "\n".join(database.connection().iterdump())

    assert run(*words)[0] != 0
    assert "\n".join(database.connection().iterdump()) == before


def test_inviting_makes_a_code_for_an_ally_until_the_places_are_taken(run, veere):
    results = [run("invite", "Veere", "--reason", "x") for _ in range(16 - veere.allies.count())]

    assert {i.role for i in Invitation.select()} == {Role.ALLY}
    assert [status for status, _said in results][-2:] == [0, 1]
    assert results[-1][1].count("\n") == 1


def test_revoking_signs_out_everywhere_at_once_and_disables(run, client_of, cast, member):
    phone, tablet = client_of(cast.anna), client_of(cast.anna)
    assert phone.get("/account").status_code == 200
    Link.create(id="a" * 64, membership=member("anna"), ends_at=now())
    Delivery.create(membership=member("anna"))

    status, said = run("revoke", "Veere", member("anna").alias.lower(), "--reason", "telefoon")

    assert (status, "Scholekster" in said) == (0, True)
    assert {d.get("/account").status_code for d in (phone, tablet)} == {303}
    assert User.get_by_id(cast.anna.id).disabled_at is not None
    assert SignIn.select().where(SignIn.user == cast.anna).count() == 0
    assert Link.select().where(Link.membership == member("anna")).count() == 0
    assert Delivery.select().where(Delivery.membership == member("anna")).count() == 0
    assert lines_of("member.revoked").get().subject == member("anna").id


def test_revoking_in_one_of_two_alliances_leaves_the_other(run, client_of, cast, member):
    device = client_of(cast.sanne)
    run("revoke", "Middelburg", member("sanne", "Middelburg").alias, "--reason", "x")

    left = [m.alliance.name for m in Membership.select().where(Membership.user == cast.sanne)]
    assert left == ["Vlissingen"]
    assert User.get_by_id(cast.sanne.id).disabled_at is None
    assert device.get("/account").status_code == 303
    assert client_of(cast.sanne).get("/account").status_code == 200


def test_revoking_the_last_coordinator_says_so(run, member):
    police = [member(p).alias for p in ("carla", "daan")] + [member("piet", "Veere").alias]
    said = [run("revoke", "Veere", alias, "--reason", "x")[1] for alias in police]

    assert ["flask appoint" in text for text in said] == [False, False, True]


def test_the_operators_acts_fit_the_chain(run, member):
    run("invite", "Veere", "--reason", "x")
    run("revoke", "Veere", member("bram").alias, "--reason", "x")

    assert first_broken_line() is None
