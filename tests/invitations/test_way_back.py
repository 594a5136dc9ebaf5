"""Coming back after losing every way in: with the coordinator, in person (TRUST T12, T26)."""

import re
from datetime import timedelta

import pytest
import time_machine

from allies.accounts.models import SignIn, User
from allies.alliances.models import Alliance, Membership, Role, memberships_of
from allies.audit import AuditLine
from allies.crypto import digest
from allies.db import now
from allies.errors import DomainError
from allies.i18n import today
from allies.invitations import service, way_back
from allies.invitations.codes import hash_of
from allies.invitations.models import Invitation
from allies.meetings.models import Rsvp
from allies.notifications.models import Delivery, Link
from allies.people.models import Identity, Reason, Reveal
from allies.topics.models import Attribution, Topic
from tests.meetings.coming import coming_for
from tests.walk import content_hash

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")
WHY = "Telefoon in de haven gevallen; ze stond hier voor me."


@pytest.fixture
def offered(member):
    """(invitation, code) of Anna's way back, made by Carla."""
    return way_back.offer(member("anna"), by=member("carla"), note=WHY)


def redeem(code):
    """Join with a code as somebody without an account; the membership."""
    invitation = Invitation.open_with(hash_of(code))
    return service.join(invitation, name="Anna Nu", email="anna@example.org", locale="nl")


def test_the_place_its_alias_and_its_history_go_to_the_new_account(cast, member, offered):
    before, meeting = member("anna"), coming_for(cast.anna).first()
    Rsvp.delete().execute()
    Rsvp.create(meeting=meeting, membership=before, answer="yes")

    place = redeem(offered[1])

    assert (place.id, place.alias, place.role) == (before.id, before.alias, Role.ALLY)
    assert place.user_id != cast.anna.id
    assert meeting.answer_of(place).answer == "yes"
    assert Identity.get(Identity.user == place.user).open("name") == "Anna Nu"


def test_the_old_account_is_gone_with_every_way_in(app, client_of, cast, member, offered):
    lost = client_of(cast.anna)
    Link.create(id=digest("lost"), membership=member("anna"), ends_at=now() + timedelta(days=9))
    redeem(offered[1])

    assert lost.get("/account").status_code == 303
    assert not User.select().where(User.id == cast.anna.id).exists()
    assert not SignIn.select().where(SignIn.user == cast.anna.id).exists()
    assert Link.behind("lost") is None
    waiting = Delivery.waiting().where(Delivery.membership == member_id(offered))
    assert all(row.email for row in waiting), "only what goes to the address from before"


def member_id(offered):
    return offered[0].place_id


def test_in_another_alliance_everything_stays_as_it_was(client_of, cast, member, middelburg):
    """Sanne is an ally in Middelburg and coordinates Vlissingen, which nobody here may learn."""
    old, place = client_of(cast.sanne), member("sanne", "Middelburg")
    dirk = client_of(cast.dirk)
    page = dirk.post(f"/members/{place.id}/way-back", {"note": WHY})
    new = redeem(CODE.search(page.text).group())

    assert [(m.alliance_id, m.role) for m in memberships_of(new.user)] == [
        (middelburg.id, Role.ALLY)
    ]
    assert "Vlissingen" not in page.text
    assert "Vlissingen" not in client_of(new.user).get("/account").text
    vlissingen = Alliance.get(Alliance.name == "Vlissingen")
    assert old.get(f"/alliances/{vlissingen.id}/invitations").status_code == 200
    assert old.get(f"/memberships/{place.id}").status_code == 404
    lines = AuditLine.select().where(AuditLine.alliance == vlissingen.id)
    assert not {place.id, new.user_id} & {v for a in lines for v in (a.actor, a.subject)}


def test_whoever_has_another_place_gets_the_same_answer_as_one_who_has_not(
    client_of, cast, member, middelburg
):
    mina, sanne = member("mina"), member("sanne", "Middelburg")
    dirk = client_of(cast.dirk)
    pages = [dirk.post(f"/members/{m.id}/way-back", {"note": WHY}).text for m in (mina, sanne)]

    assert len({re.sub(r'd="[^"]*"|value="[^"]*"', "", CODE.sub("", p)) for p in pages}) == 1


def test_the_member_hears_of_it_and_sees_by_whom_and_why(member, offered):
    of_anna = Reveal.membership == member("anna")
    look = Reveal.get(of_anna, Reveal.reason == Reason.WAY_BACK)
    line = AuditLine.get(AuditLine.action == "member.way-back")

    assert (look.by_id, look.reason, look.note) == (member("carla").id, Reason.WAY_BACK, WHY)
    assert (line.actor, line.subject) == (member("carla").id, member("anna").id)
    assert Delivery.waiting().where(Delivery.membership == member("anna")).count() == 1


@pytest.mark.parametrize("by", ["coordinator", "operator"])
def test_the_owner_reads_who_made_a_way_back_and_why(client_of, cast, member, by):
    actor = member("carla") if by == "coordinator" else by
    way_back.offer(member("bram"), by=actor, note=WHY)
    page = client_of(cast.bram).get("/account/looks")

    assert page.status_code == 200
    assert WHY in page.text
    assert "None" not in page.text


def test_a_member_who_is_paused_hears_of_it_too(member):
    Membership.update(paused_until=today()).where(Membership.id == member("anna").id).execute()
    way_back.offer(member("anna"), by=member("carla"), note=WHY)

    assert Delivery.waiting().where(Delivery.membership == member("anna")).count() == 1


def test_a_reason_is_needed(client_of, cast, member):
    carla, before = client_of(cast.carla), content_hash()
    for note in ("", "   "):
        answer = carla.post(f"/members/{member('anna').id}/way-back", {"note": note})
        assert answer.status_code == 422

    assert content_hash() == before


def test_only_coordinators_of_the_alliance_may_and_only_for_allies(client_of, cast, member):
    anna = f"/members/{member('anna').id}/way-back"
    everybody = ("carla", "daan", "piet", "anna", "bram", "eva", "dirk", "sanne")
    seen = {p: client_of(getattr(cast, p)).post(anna, {"note": WHY}).status_code for p in everybody}

    assert seen == {
        "carla": 200, "daan": 200, "piet": 200, "anna": 403, "bram": 403, "eva": 404,
        "dirk": 404, "sanne": 404,
    }  # fmt: skip
    for other in ("daan", "carla"):
        path = f"/members/{member(other, 'Veere').id}/way-back"
        assert client_of(cast.carla).post(path, {"note": WHY}).status_code == 403


def test_a_second_code_kills_the_first(member, offered):
    fresh = way_back.offer(member("anna"), by=member("daan"), note=WHY)

    assert Invitation.open_with(hash_of(offered[1])) is None
    assert Invitation.open_with(hash_of(fresh[1])).id == fresh[0].id
    assert Invitation.select().where(Invitation.place == member("anna")).count() == 1


def test_used_late_killed_and_wrong_codes_get_one_answer(app, member, offered):
    redeem(offered[1])
    killed = way_back.offer(member("bram"), by=member("carla"), note=WHY)
    late = way_back.offer(member("bram"), by=member("carla"), note=WHY)
    Invitation.update(ends_at=now()).where(Invitation.id == late[0].id).execute()
    pages = {type_code(app, code) for code in (offered[1], killed[1], late[1], "0000-1111")}

    assert len(pages) == 1


def type_code(app, code):
    client = app.test_client()
    token = client.get("/join").text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/join", data={"csrf_token": token, "code": code})
    assert answer.status_code == 422
    return re.sub(r'value="[^"]*"', "", answer.text)


def test_a_code_works_for_a_day(offered):
    with time_machine.travel(now() + timedelta(hours=23, minutes=59)):
        assert Invitation.open_with(hash_of(offered[1]))
    with time_machine.travel(now() + timedelta(hours=24, minutes=1)):
        assert Invitation.open_with(hash_of(offered[1])) is None


def test_it_gets_no_new_week_but_can_be_withdrawn(client_of, cast, offered):
    carla = client_of(cast.carla)

    assert carla.post(f"/invitations/{offered[0].id}/reissue").status_code == 409
    assert Invitation.open_with(hash_of(offered[1]))
    assert carla.post(f"/invitations/{offered[0].id}/withdraw").status_code == 303
    assert Invitation.open_with(hash_of(offered[1])) is None


def test_it_takes_no_place_of_a_newcomer(veere, offered):
    for _ in range(15 - veere.allies.count()):
        service.invite(veere, by="operator")

    assert redeem(offered[1]).id == offered[0].place_id


def test_nobody_who_was_shut_out_comes_back_this_way(member, offered):
    service.revoke(member("anna"), reason="misbruik")

    assert Invitation.open_with(hash_of(offered[1])) is None
    with pytest.raises(DomainError):
        way_back.offer(member("anna"), by=member("carla"), note=WHY)


def test_whoever_is_in_the_group_already_can_not_take_somebodys_place(client_of, cast, offered):
    """A coordinator who keeps the code gets nothing with the own account."""
    carla = client_of(cast.carla)
    carla.post("/join", {"code": offered[1]})

    assert carla.post("/join", {"rules": "y", "leave": ""}).status_code == 409
    assert Membership.get_by_id(offered[0].place_id).user_id == cast.anna.id
    assert Invitation.open_with(hash_of(offered[1]))


def test_the_operator_prints_a_code_for_a_coordinator(app, member):
    runner = app.test_cli_runner()
    with app.app_context():
        done = runner.invoke(args=["recover", "veere", member("carla").alias, "--reason", "kwijt"])
        missing = runner.invoke(args=["recover", "Veere", "Niemand", "--reason", "kwijt"])
    before = member("carla")
    place = redeem(CODE.search(done.output).group())

    assert (place.id, place.role, place.organisation) == (before.id, before.role, "police")
    assert (missing.exit_code, missing.output.count("\n")) == (1, 1)
    look = Reveal.get(Reveal.membership == place, Reveal.reason == Reason.WAY_BACK)
    assert (look.by_id, look.organisation, look.note) == (None, None, "kwijt")
    assert AuditLine.get(AuditLine.action == "member.way-back").actor == "operator"


def test_topics_without_attribution_do_not_go_along(member, offered):
    """No page tells a coordinator whose they are, so a code made by one does not either."""
    place = member("anna")
    named, unnamed = (
        Topic.create(
            alliance=place.alliance_id,
            proposed_by=place,
            title="Stille winters",
            what="In de winter is het dorp stil.",
            attribution=attribution,
            submitted_on=today(),
        )
        for attribution in (Attribution.ALIAS, Attribution.NONE)
    )
    redeem(offered[1])

    assert Topic.get_by_id(named.id).proposed_by_id == place.id
    assert Topic.get_by_id(unnamed.id).proposed_by_id is None
