"""A way back in the wrong hands: whoever had the place hears of it all the same (T08, T12)."""

from datetime import timedelta

import pytest
import time_machine

from allies.alliances.models import Membership
from allies.audit import AuditLine
from allies.db import now
from allies.i18n import today
from allies.invitations import service
from allies.invitations.codes import hash_of
from allies.invitations.models import Invitation
from allies.invitations.way_back import offer
from allies.notifications.models import Delivery
from allies.notifications.sending import GIVE_UP
from allies.people.models import Opened

OLD, INTRUDER = "anna@example.org", "indringer@example.org"
WHY = "Ze is haar telefoon kwijt, zegt ze."


@pytest.fixture
def make(member):
    """make("anna") is the code of a way back for her; by Carla, or by the operator."""

    def code_for(persona, by="carla"):
        return offer(member(persona), by=by if by == "operator" else member(by), note=WHY)[1]

    return code_for


def redeem(code):
    invitation = Invitation.open_with(hash_of(code))
    return service.join(invitation, name="Niemand", email=INTRUDER, locale="nl")


def addresses(sink):
    return {e.rcpt_tos[0] for e in sink.envelopes}


def test_a_way_back_redeemed_at_once_still_tells_the_old_address(make, deliver, sink):
    redeem(make("anna"))

    deliver(only_due=True)  # without the pause of ordinary messages

    assert OLD in addresses(sink)
    assert INTRUDER not in addresses(sink)


def test_somebody_with_a_place_elsewhere_hears_of_it_too(make, member, deliver, sink):
    code = offer(member("sanne", "Middelburg"), by=member("dirk"), note=WHY)[1]
    redeem(code)

    deliver(only_due=True)

    assert "sanne@example.org" in addresses(sink)


def test_a_paused_member_hears_of_it(make, member, deliver, sink):
    Membership.update(paused_until=today()).where(Membership.id == member("anna").id).execute()
    redeem(make("anna"))

    deliver(only_due=True)

    assert OLD in addresses(sink)


def test_the_old_address_waits_a_day_at_most_and_goes_when_it_is_sent(make, deliver, sink):
    redeem(make("anna"))
    with time_machine.travel(now() + GIVE_UP + timedelta(minutes=1)):
        deliver()

    assert sink.envelopes == []
    assert not Delivery.select().where(Delivery.email.is_null(False)).exists()

    make("bram")
    deliver()
    assert "bram@example.org" in addresses(sink)
    assert not Delivery.select().where(Delivery.email.is_null(False)).exists()


def test_opening_the_address_for_it_is_counted(make):
    before = opened()
    make("anna")

    assert opened() == before + 1


def opened():
    row = Opened.get_or_none(Opened.id == today())
    return row.times if row else 0


def test_what_else_waited_goes_to_nobody_when_the_place_is_taken(make, member, deliver, sink):
    Delivery.create(membership=member("anna"))
    redeem(make("anna"))

    deliver()

    assert [e.rcpt_tos for e in sink.envelopes].count([OLD]) == 1
    assert INTRUDER not in addresses(sink)


def test_the_coordinators_of_the_other_organisation_are_told(make, deliver, sink):
    make("anna")
    deliver()

    assert addresses(sink) == {OLD, "daan@example.org"}


def test_of_one_by_the_operator_every_other_coordinator_is_told(make, deliver, sink):
    make("carla", by="operator")
    deliver()

    assert {"carla@example.org", "daan@example.org"} <= addresses(sink)
    assert AuditLine.get(AuditLine.action == "member.way-back").actor == "operator"
