"""Invitations as their coordinators see and make them."""

import re

import pytest

from allies.alliances import aliases
from allies.alliances.models import Membership, Role
from allies.audit import AuditLine
from allies.crypto import digest
from allies.errors import DomainError
from allies.invitations import codes, service
from allies.invitations.models import Invitation
from tests.walk import counted_queries

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")


def test_a_code_is_shown_once_and_only_its_hash_is_kept(client_of, cast, veere):
    carla = client_of(cast.carla)
    page = carla.post(f"/alliances/{veere.id}/invitations")

    code = CODE.search(page.text).group()
    invitation = Invitation.get()
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert invitation.code_hash == digest(code.replace("-", ""))
    assert (invitation.role, invitation.alliance_id) == (Role.ALLY, veere.id)
    assert code not in carla.get(f"/alliances/{veere.id}/invitations").text


def test_the_same_form_twice_makes_one_invitation(client_of, cast, veere):
    carla, form = client_of(cast.carla), {"once": "the-same-key-of-one-form"}
    first = carla.post(f"/alliances/{veere.id}/invitations", form)
    second = carla.post(f"/alliances/{veere.id}/invitations", form)

    assert (first.status_code, second.status_code) == (200, 303)
    assert Invitation.select().count() == 1


def test_invitations_are_for_the_coordinators_of_the_alliance(client_of, cast, veere):
    path = f"/alliances/{veere.id}/invitations"
    everybody = ("carla", "daan", "piet", "anna", "eva", "dirk", "sanne")
    seen = {p: client_of(getattr(cast, p)).get(path).status_code for p in everybody}
    made = {p: client_of(getattr(cast, p)).post(path).status_code for p in everybody}

    expected = {"carla": 200, "daan": 200, "piet": 200, "anna": 403, "eva": 403}
    assert seen == made == expected | {"dirk": 404, "sanne": 404}
    assert Invitation.select().count() == 3


def test_a_code_is_withdrawn_or_replaced_by_its_own_coordinators_only(client_of, cast, veere):
    invitation, code = service.invite(veere, by="operator")
    missing = client_of(cast.dirk).post("/invitations/nonexistent00000/withdraw")
    for act in ("withdraw", "reissue"):
        foreign = client_of(cast.dirk).post(f"/invitations/{invitation.id}/{act}")
        assert (foreign.status_code, foreign.data) == (404, missing.data)
        assert client_of(cast.anna).post(f"/invitations/{invitation.id}/{act}").status_code == 404
    assert Invitation.open_with(codes.hash_of(code))

    fresh = client_of(cast.carla).post(f"/invitations/{invitation.id}/reissue")
    assert Invitation.open_with(codes.hash_of(code)) is None
    assert Invitation.open_with(codes.hash_of(CODE.search(fresh.text).group()))

    assert client_of(cast.daan).post(f"/invitations/{invitation.id}/withdraw").status_code == 303
    assert Invitation.select().count() == 0
    assert client_of(cast.daan).post(f"/invitations/{invitation.id}/withdraw").status_code == 404


@pytest.mark.parametrize(
    ("role", "organisation"), [("coordinator", "municipality"), ("partner", None)]
)
def test_invitations_of_the_other_organisation_and_of_partners_are_out_of_reach(
    client_of, cast, member, veere, role, organisation
):
    assert member("carla").organisation == "police"
    facts = {"role": Role(role), "organisation": organisation}
    invitation, _code = service.invite(veere, by="operator", **facts)
    carla = client_of(cast.carla)

    for act in ("reissue", "withdraw"):
        assert carla.post(f"/invitations/{invitation.id}/{act}").status_code == 404
    assert invitation.id not in carla.get(f"/alliances/{veere.id}/invitations").text


def test_a_used_code_is_neither_replaced_nor_withdrawn(client_of, cast, veere):
    invitation, _code = service.invite(veere, by="operator")
    Invitation.update(is_used=True).execute()

    for act in ("withdraw", "reissue"):
        assert client_of(cast.carla).post(f"/invitations/{invitation.id}/{act}").status_code == 409
    assert Invitation.get().is_used


def test_no_more_than_fifteen_places_are_promised(client_of, cast, veere):
    carla, path = client_of(cast.carla), f"/alliances/{veere.id}/invitations"
    free = 15 - veere.allies.count()

    statuses = [carla.post(path).status_code for _ in range(free + 1)]

    assert free > 0
    assert statuses == [200] * free + [409]
    assert Invitation.select().count() == free


def test_coordinators_and_partners_take_no_place_of_an_ally(veere):
    for _ in range(15 - veere.allies.count()):
        service.invite(veere, by="operator")

    with pytest.raises(DomainError):
        service.invite(veere, by="operator")
    assert service.invite(veere, by="operator", role=Role.PARTNER)


def test_who_makes_and_withdraws_is_in_the_audit_log(client_of, cast, member, veere):
    client_of(cast.carla).post(f"/alliances/{veere.id}/invitations")
    invitation = Invitation.get()
    client_of(cast.carla).post(f"/invitations/{invitation.id}/withdraw")

    lines = AuditLine.select().where(AuditLine.subject == invitation.id).order_by(AuditLine.id)
    by_carla = member("carla").id
    assert [(a.actor, a.action) for a in lines] == [
        (by_carla, "invitation.made"),
        (by_carla, "invitation.withdrawn"),
    ]


def test_the_list_costs_the_same_for_one_and_for_three(client_of, cast, veere):
    carla, path = client_of(cast.carla), f"/alliances/{veere.id}/invitations"
    service.invite(veere, by="operator")
    with counted_queries() as one:
        carla.get(path)
    for _ in range(2):
        service.invite(veere, by="operator")
    with counted_queries() as three:
        carla.get(path)

    assert len(one) == len(three) <= 8


def test_an_alias_is_drawn_from_the_words_nobody_here_has_or_had(veere):
    taken = {m.alias for m in veere.memberships}
    drawn = [aliases.draw(veere) for _ in range(50)]

    assert len(set(drawn)) == 50
    assert set(drawn) <= aliases.words() - taken


def test_an_alias_is_no_part_of_somebodys_name(veere):
    everybody = " ".join(sorted(aliases.words() - {"Anker"}))

    left = {m.alias for m in veere.memberships} ^ {"Anker"}
    assert "Anker" in left
    assert aliases.draw(veere, name=everybody) == "Anker"


def test_the_words_of_people_who_left_come_back_when_none_are_new(veere):
    total = len(aliases.words()) - Membership.select().where(Membership.alliance == veere).count()
    first = {aliases.draw(veere) for _ in range(total)}

    assert len(first) == total
    assert aliases.draw(veere) in first


def test_the_order_of_joining_does_not_show_in_the_aliases(veere):
    drawn = [aliases.draw(veere) for _ in range(100)]
    ranks = [sorted(drawn).index(alias) for alias in drawn]
    distance = sum((place - rank) ** 2 for place, rank in enumerate(ranks))

    assert abs(1 - 6 * distance / (100 * (100**2 - 1))) < 0.4  # Spearman; by chance 4 in 100,000


def test_codes_hold_eighty_bits_and_no_letter_that_looks_like_another():
    made = {codes.new_code() for _ in range(200)}

    assert len(made) == 200
    assert all(CODE.fullmatch(code) for code in made)
    assert len(codes.ALPHABET) ** codes.SYMBOLS == 2**80
