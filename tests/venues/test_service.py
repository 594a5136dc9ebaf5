"""The register of places: what stays, what goes, and what members are told (PRODUCT 4.2)."""

from datetime import timedelta

import pytest

from allies.alliances.models import Membership
from allies.audit import AuditLine
from allies.db import now
from allies.errors import DomainError, Refused
from allies.i18n import day, today
from allies.meetings import places
from allies.meetings.models import Meeting, Rsvp
from allies.meetings.telling import describe_place
from allies.notifications.models import Delivery
from allies.venues import service
from allies.venues.models import Venue

BARN = {"name": "Schuur", "area": "Domburg", "address": "Duinpad 8", "transport": ""}


@pytest.fixture
def carla(member):
    return member("carla")


@pytest.fixture
def barn(veere, carla):
    """A place of Veere that was never used."""
    return service.add(veere, by=carla, **BARN)


@pytest.fixture
def meet(veere):
    """meet(venue, days=-400) is a meeting of Veere there, so many days from now."""

    def make(venue, days, **facts):
        starts_at = now() + timedelta(days=days)
        return Meeting.create(
            alliance=veere, venue=venue, starts_at=starts_at, duration=120, **facts
        )

    return make


def last_act():
    return AuditLine.select().order_by(AuditLine.id.desc()).get().action


def test_a_place_that_was_never_used_is_erased(barn, carla):
    assert service.remove(barn, by=carla) is False

    assert Venue.get_or_none(Venue.id == barn.id) is None
    assert last_act() == "venue.removed"


@pytest.mark.parametrize("facts", [{}, {"cancelled_at": now()}, {"is_draft": True}])
def test_a_place_that_any_meeting_of_the_past_names_retires(barn, carla, meet, facts):
    meeting = meet(barn, days=-400, **facts)

    assert service.remove(barn, by=carla) is True

    assert Venue.get_by_id(barn.id).is_retired
    assert Meeting.get_by_id(meeting.id).venue_id == barn.id
    assert last_act() == "venue.retired"


@pytest.mark.parametrize("is_draft", [True, False])
def test_a_place_of_a_coming_meeting_stays_and_the_day_is_named(app, barn, carla, meet, is_draft):
    meet(barn, days=-400)
    later, sooner = (meet(barn, days=days, is_draft=is_draft) for days in (60, 30))

    with app.test_request_context(), pytest.raises(DomainError) as refusal:
        service.remove(barn, by=carla)

    with app.test_request_context():
        assert day(sooner.starts_at) in str(refusal.value)
        assert day(later.starts_at) not in str(refusal.value)
    assert not Venue.get_by_id(barn.id).is_retired


def test_a_place_whose_coming_meeting_is_cancelled_can_go(barn, carla, meet):
    meet(barn, days=30, cancelled_at=now())

    assert service.remove(barn, by=carla) is True


def test_a_retired_place_is_not_offered_and_comes_back(veere, barn, carla, meet):
    meet(barn, days=-400)
    service.remove(barn, by=carla)
    assert barn not in [venue for venue, _last_at in places.choosable(veere)]

    for _twice in range(2):
        service.bring_back(barn, by=carla)

    assert barn in [venue for venue, _last_at in places.choosable(veere)]
    assert AuditLine.select().where(AuditLine.action == "venue.returned").count() == 1


def test_a_name_is_in_the_register_once_whatever_its_capitals(veere, barn, carla, meet):
    other = service.add(veere, by=carla, **{**BARN, "name": "Zolder"})
    with pytest.raises(Refused, match="in the list already"):
        service.add(veere, by=carla, **{**BARN, "name": "SCHUUR"})
    with pytest.raises(Refused, match="in the list already"):
        service.change(other, by=carla, **BARN)
    service.change(barn, by=carla, **{**BARN, "name": "schuur"})

    meet(barn, days=-400)
    service.remove(barn, by=carla)
    with pytest.raises(Refused, match="Bring it back"):
        service.add(veere, by=carla, **BARN)


def test_the_same_name_may_be_in_the_register_of_another_alliance(barn, middelburg, member):
    assert service.add(middelburg, by=member("dirk"), **BARN).alliance == middelburg


def test_changing_a_place_that_is_gone_is_refused_beside_its_name(barn, carla):
    service.remove(barn, by=carla)

    with pytest.raises(Refused) as refusal:
        service.change(barn, by=carla, **{**BARN, "name": "Grote schuur"})
    assert refusal.value.field == "name"


@pytest.mark.parametrize(
    ("days", "facts", "told"),
    [
        (3, {"address": "Duinpad 10"}, True),
        (3, {"transport": "Bus 51"}, False),
        (20, {"address": "Duinpad 10"}, False),
        (-0.01, {"address": "Duinpad 10"}, False),
    ],
)
def test_who_saw_an_address_hears_that_it_changed(veere, barn, carla, meet, days, facts, told):
    meet(barn, days=days)
    Delivery.delete().execute()

    describe_place(barn, by=carla, **{**BARN, **facts})

    others = {m.id for m in veere.memberships if m != carla}
    assert {d.membership_id for d in Delivery.select()} == (others if told else set())
    assert last_act() == "venue.changed"


def test_of_two_meetings_at_one_address_everybody_hears_once(barn, carla, meet, veere):
    meet(barn, days=3)
    meet(barn, days=4)
    Delivery.delete().execute()

    describe_place(barn, by=carla, **{**BARN, "address": "Duinpad 10"})

    assert Delivery.select().count() == veere.memberships.count() - 1


@pytest.mark.parametrize(("answer", "hears"), [("yes", True), ("maybe", True), ("no", False)])
def test_who_pauses_and_said_yes_hears_that_an_address_changed(
    barn, carla, meet, member, answer, hears
):
    anna = member("anna")
    Rsvp.create(meeting=meet(barn, days=3), membership=anna, answer=answer)
    Membership.update(paused_until=today()).where(Membership.id == anna.id).execute()
    Delivery.delete().execute()

    describe_place(barn, by=carla, **{**BARN, "address": "Duinpad 10"})

    assert Delivery.select().where(Delivery.membership == anna).exists() == hears


def test_areas_never_visited_come_first_then_those_of_longest_ago(veere, carla, meet):
    Meeting.delete().where(Meeting.alliance == veere).execute()
    Venue.delete().where(Venue.alliance == veere).execute()

    def add(name, area):
        return service.add(veere, by=carla, **{**BARN, "name": name, "area": area})

    recent, old, old_too = add("A", "Zoutelande"), add("B", "Domburg"), add("C", "domburg")
    planned, _never = add("D", "Aagtekerke"), add("E", "Westkapelle")
    meet(recent, days=-10)
    meet(old, days=-700)
    meet(old_too, days=-500)
    meet(planned, days=30)
    meet(old, days=-5, cancelled_at=now())

    areas = places.areas_of(places.register_of(veere))

    assert [(a.name, len(a.held), len(a.coming)) for a in areas] == [
        ("Westkapelle", 0, 0),
        ("Aagtekerke", 0, 1),
        ("Domburg", 2, 0),
        ("Zoutelande", 1, 0),
    ]


def test_places_to_choose_begin_with_those_never_used(veere, barn, carla, meet):
    offered = places.choosable(veere)
    years = [last_at.year if last_at else 0 for _venue, last_at in offered]

    assert barn in [venue for venue, last_at in offered if last_at is None]
    assert years == sorted(years)
    assert years[-1]
