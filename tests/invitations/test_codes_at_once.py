"""A code opens once, whatever happens at the same moment (TRUST T26)."""

import time

import pytest

from allies.accounts.models import Attempt, User
from allies.alliances.models import Membership
from allies.errors import DomainError
from allies.invitations import service, way_back
from allies.invitations.models import Invitation
from allies.people.models import Identity
from tests.at_once import at_once
from tests.invitations.test_joining import Newcomer
from tests.passkeys.authenticator import Phone

ROUNDS, SECONDS = 100, 60


def both_at_once(act):
    """Run `act` with 0 and 1 at the same moment; what came of each, None where it was refused."""

    def run(number):
        try:
            return act(number)
        except DomainError:
            return None

    return at_once([lambda: run(0), lambda: run(1)])


def join(invitation, number):
    about = {"name": "Nora", "email": f"n{number}@example.org", "locale": "nl"}
    return service.join(invitation, **about)


def test_two_at_once_with_one_code_make_exactly_one_account(app, veere):
    began, before = time.monotonic(), User.select().count()
    for _ in range(ROUNDS):
        invitation, _code = service.invite(veere, by="operator")
        results = both_at_once(lambda number, i=invitation: join(i, number))

        assert [r is None for r in results].count(True) == 1
        assert User.select().count() == before + 1
        joined = next(r for r in results if r)
        User.delete().where(User.id == joined.user_id).execute()
    assert time.monotonic() - began < SECONDS


def test_two_browsers_at_once_with_one_code_make_one_account(app, veere):
    for _ in range(20):
        _invitation, code = service.invite(veere, by="operator")
        devices = [Newcomer(app), Newcomer(app)]
        for device in devices:
            device.type_code(code)
        before = User.select().count()

        forms = [passkey_form(d, f"n{number}@example.org") for number, d in enumerate(devices)]
        statuses = both_at_once(
            lambda n, d=devices, f=forms: d[n].client.post("/join", data=f[n]).status_code
        )

        assert statuses.count(303) == 1
        assert set(statuses) - {303} <= {409, 422}
        assert User.select().count() == before + 1
        make_room()


def make_room():
    """Take the newcomers out again: an alliance has room for a few only."""
    for address in ("n0@example.org", "n1@example.org"):
        for user in list(Identity.users_with_email(address)):
            user.delete_instance(recursive=True)
    Attempt.delete().execute()


def passkey_form(device, email):
    asked = device.client.get("/passkeys/challenge?for=new").json["challenge"]
    facts = {"name": "Nora", "email": email, "rules": "y", "credential": Phone().make(asked)}
    return {"csrf_token": device.token(), **facts}


def test_two_at_once_with_one_way_back_make_exactly_one_account(app, member):
    place = member("bram")
    for _ in range(20):
        invitation, _code = way_back.offer(place, by=member("carla"), note="Kwijt")
        before = User.select().count()
        results = both_at_once(lambda number, i=invitation: join(i, number))

        assert [r is None for r in results].count(True) == 1
        assert User.select().count() == before  # one account went, one came
        place = Membership.get_by_id(place.id)


@pytest.mark.parametrize("how", ["joined", "reissued", "withdrawn"])
def test_a_code_that_was_typed_in_before_is_looked_at_again(veere, how):
    invitation, _code = service.invite(veere, by="operator")
    typed = Invitation.open_with(invitation.code_hash)
    {
        "joined": lambda: join(invitation, 0),
        "reissued": lambda: service.reissue(invitation, by="operator"),
        "withdrawn": lambda: service.withdraw(invitation, by="operator"),
    }[how]()
    before = User.select().count()

    with pytest.raises(DomainError):
        join(typed, 1)
    assert User.select().count() == before


def test_joining_while_the_code_is_withdrawn_is_one_or_the_other(app, veere):
    for _ in range(20):
        invitation, _code = service.invite(veere, by="operator")
        before = User.select().count()

        def act(number, i=invitation):
            return join(i, number) if number else service.withdraw(i, by="operator") or "withdrawn"

        results = [r for r in both_at_once(act) if r]

        assert len(results) == 1
        if results != ["withdrawn"]:
            User.delete().where(User.id == results[0].user_id).execute()
        assert User.select().count() == before


def test_a_code_gives_a_place_in_its_own_alliance_only(veere, middelburg):
    invitation, _code = service.invite(middelburg, by="operator")
    before = veere.memberships.count()

    assert join(invitation, 0).alliance_id == middelburg.id
    assert veere.memberships.count() == before
