"""The way to one's own place says what is to be done there, and a newcomer is told of it."""

import pytest

from allies.alliances.models import Membership
from allies.invitations import service
from tests.invitations.test_joining import Newcomer
from tests.passkeys.authenticator import Phone


def line_of(device, place):
    """What stands under "Your place" on the page of the account."""
    device.post("/language", {"locale": "en"})
    row = device.get("/account").text.split(f'href="/memberships/{place.id}"')[1].split("</a>")[0]
    return row.split('class="meta">')[1].split("<")[0].strip()


@pytest.mark.parametrize("draws", [0, 2])
@pytest.mark.parametrize("persona", ["anna", "carla", "eva"])
def test_the_line_names_what_is_on_the_page_and_no_more(client_of, cast, member, persona, draws):
    place = member(persona)
    Membership.update(draws_left=draws).where(Membership.id == place.id).execute()
    device = client_of(getattr(cast, persona))
    said = line_of(device, place).lower()
    page = device.get(f"/memberships/{place.id}").text

    assert ("alias" in said) == (f"/memberships/{place.id}/redraw" in page) == (draws > 0)
    assert ("deputy" in said) == ("/invitations/deputy" in page)
    assert ("handing over" in said) == ("/invitations/successor" in page)
    assert "pause" in said
    assert f"/memberships/{place.id}/pause" in page
    assert ("stopping" in said) <= (f"/memberships/{place.id}/leave" in page)


@pytest.mark.parametrize("by_passkey", [True, False])
def test_a_newcomer_hears_once_that_the_alias_can_be_drawn_anew(app, veere, by_passkey):
    newcomer = Newcomer(app)
    newcomer.type_code(service.invite(veere, by="operator")[1])
    newcomer.join_with(Phone()) if by_passkey else newcomer.fill_in()
    place = Membership.select().order_by(Membership.draws_left.desc()).first()
    link = f'href="/memberships/{place.id}"'

    first, second = (newcomer.client.get("/").text for _twice in range(2))

    assert place.draws_left == 2
    assert link in first
    assert "2 keer" in first
    assert link not in second


def test_nobody_else_reads_it(client_of, cast, member):
    assert f"/memberships/{member('anna').id}" not in client_of(cast.anna).get("/").text
