"""A deputy for a while, and handing over to a successor (PRODUCT 3 and 4.7)."""

import re
from datetime import timedelta

import pytest
import time_machine

from allies.accounts.models import User
from allies.alliances.keeping import end_deputies
from allies.alliances.models import Membership, Role, memberships_of
from allies.audit import AuditLine
from allies.db import now
from allies.errors import DomainError, Refused
from allies.i18n import local, today
from allies.invitations import service
from allies.invitations.codes import hash_of
from allies.invitations.models import Invitation
from allies.rights import leaving

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")


@pytest.fixture
def deputy(veere, member):
    """Somebody who stands in for Carla for ten days."""
    last_day = today() + timedelta(days=10)
    _invitation, code = service.invite_deputy(veere, by=member("carla"), last_day=last_day)
    return newcomer(code)


def newcomer(code):
    """The membership of whoever joins with this code."""
    invitation = Invitation.open_with(hash_of(code))
    return service.join(invitation, name="Noor", email="noor@example.org", locale="nl")


def again(user):
    """The same user as the next request reads them."""
    return User.get_by_id(user.id)


def test_a_code_for_a_deputy_gives_the_role_of_the_own_organisation_until_the_day(
    client_of, cast, member, veere
):
    last_day = today() + timedelta(days=10)
    answer = client_of(cast.carla).post(
        f"/alliances/{veere.id}/invitations/deputy", {"last_day": last_day.isoformat()}
    )
    place = newcomer(CODE.search(answer.text).group())

    assert (place.role, place.organisation) == (Role.COORDINATOR, member("carla").organisation)
    assert (place.alliance_id, place.ends_on) == (veere.id, last_day)
    line = AuditLine.get(AuditLine.action == "invitation.deputy")
    assert line.actor == member("carla").id


@pytest.mark.parametrize("typed", ["", "morgen", "-1", "93"])
def test_the_last_day_is_needed_and_lies_within_three_months(client_of, cast, veere, typed):
    days = typed.lstrip("-").isdigit()
    typed = (today() + timedelta(days=int(typed))).isoformat() if days else typed
    path = f"/alliances/{veere.id}/invitations/deputy"
    answer = client_of(cast.carla).post(path, {"last_day": typed})

    assert answer.status_code == 422
    assert 'id="last_day-error"' in answer.text
    assert not Invitation.select().exists()


def test_the_code_ends_with_the_last_day(veere, member):
    with pytest.raises(Refused):
        service.invite_deputy(veere, by=member("carla"), last_day=today() - timedelta(days=1))
    invitation, _code = service.invite_deputy(veere, by=member("carla"), last_day=today())
    fresh, _code = service.reissue(invitation, by=member("carla"))

    for each in (invitation, fresh):
        assert local(each.ends_at).date() == today() + timedelta(days=1)
        assert local(each.ends_at).time().isoformat() == "00:00:00"


def test_a_deputy_does_the_work_until_the_end_of_the_last_day(client_of, deputy, veere):
    path = f"/alliances/{veere.id}/invitations"
    with time_machine.travel(now() + timedelta(days=10)):
        assert client_of(deputy.user).get(path).status_code == 200
        assert deputy.id in {m.id for m in veere.coordinators}
    with time_machine.travel(now() + timedelta(days=11)):
        device = client_of(deputy.user)
        assert device.get(path).status_code == 404
        assert device.get(f"/memberships/{deputy.id}").status_code == 404
        assert memberships_of(again(deputy.user)) == []
        assert deputy.id not in {m.id for m in veere.coordinators}


def test_nothing_of_the_alliance_shows_the_day_after(client_of, deputy, veere):
    with time_machine.travel(now() + timedelta(days=11)):
        device = client_of(deputy.user)
        pages = [device.get(p).text for p in ("/", "/meetings", "/topics", "/advice")]

    assert [p for p in pages if "Veere" in p] == []
    for rows in (veere.meetings, veere.topics, veere.rounds):
        ids = {row.id for row in rows}
        assert ids
        assert not [i for i in ids for p in pages if i in p]


def test_the_night_after_a_deputy_is_gone(deputy):
    with time_machine.travel(now() + timedelta(days=10)):
        end_deputies()
        assert Membership.select().where(Membership.id == deputy.id).exists()
    with time_machine.travel(now() + timedelta(days=11)):
        end_deputies()

    assert not Membership.select().where(Membership.id == deputy.id).exists()
    assert not User.select().where(User.id == deputy.user_id).exists()


def test_a_deputy_can_not_stay_by_inviting_deputies_or_successors(client_of, deputy, veere):
    device, path = client_of(deputy.user), f"/alliances/{veere.id}/invitations"
    day = today().isoformat()

    assert device.post(f"{path}/deputy", {"last_day": day}).status_code == 403
    assert device.post(f"{path}/successor").status_code == 403
    assert device.post(path).status_code == 200  # an ally may be invited


def test_a_deputy_gets_no_hold_of_a_code_for_a_coordinator(client_of, cast, deputy, member, veere):
    invitation, code = service.invite_successor(veere, by=member("carla"))

    assert client_of(deputy.user).post(f"/invitations/{invitation.id}/reissue").status_code == 404
    assert Invitation.open_with(hash_of(code))
    assert client_of(cast.carla).post(f"/invitations/{invitation.id}/withdraw").status_code == 303


def test_the_own_organisation_ends_a_deputy_early(client_of, cast, deputy, member):
    device, path = client_of(deputy.user), f"/memberships/{deputy.id}/end-deputy"
    others = {p: client_of(getattr(cast, p)).post(path).status_code for p in ("daan", "anna")}

    assert member("carla").organisation != member("daan").organisation
    assert others == {"daan": 403, "anna": 403}
    assert device.post(path).status_code == 403
    assert deputy.alias in client_of(cast.carla).get(f"/memberships/{member('carla').id}").text
    assert client_of(cast.carla).post(path).status_code == 303
    assert device.get("/account").status_code == 303
    assert AuditLine.get(AuditLine.action == "member.deputy-ended").actor == member("carla").id


def test_a_coordinator_who_is_no_deputy_can_not_be_ended_that_way(client_of, cast, member):
    path = f"/memberships/{member('daan').id}/end-deputy"

    assert client_of(cast.carla).post(path).status_code == 403


def test_a_successor_stays_and_then_the_first_one_may_leave(client_of, cast, member, veere):
    for other in veere.coordinators.where(Membership.id != member("carla").id):
        other.delete_instance(recursive=True)
    with pytest.raises(DomainError):
        leaving.leave(member("carla"))
    page = client_of(cast.carla).post(f"/alliances/{veere.id}/invitations/successor").text
    place = newcomer(CODE.search(page).group())

    assert (place.role, place.organisation, place.ends_on) == (
        Role.COORDINATOR, member("carla").organisation, None,
    )  # fmt: skip
    assert AuditLine.get(AuditLine.action == "invitation.successor").actor == member("carla").id
    leaving.leave(member("carla"))
    assert [c.id for c in veere.coordinators] == [place.id]


def test_with_a_deputy_only_the_last_coordinator_can_not_leave(deputy, member, veere):
    for other in veere.coordinators.where(Membership.ends_on.is_null()):
        if other.id != member("carla").id:
            other.delete_instance(recursive=True)

    with pytest.raises(DomainError):
        leaving.leave(member("carla"))
