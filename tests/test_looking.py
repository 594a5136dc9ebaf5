"""Looking never changes anything: whatever opens an address, and however often (TRUST T15)."""

from itertools import islice

import pytest

from allies import access
from allies.alliances.models import Alliance
from allies.db import now
from allies.invitations import service as invitations
from allies.meetings.models import Meeting
from allies.notifications.models import Delivery
from tests.conftest import Device
from tests.links import DAY, links_of_every_kind
from tests.walk import MISSING, SAFE, addresses, content_hash, is_visible, rows_of

PERSONAS = ("anna", "carla", "eva", "piet", "sanne")
# What would be a change if it came as a form: on an address to look at it is nothing.
LIKE_A_FORM = {
    "answer": "yes", "option": "1", "text": "Dit is een zin.", "proof": "1", "once": "x" * 22,
    "approve": "1", "days": "3", "remove": "1", "end": "1", "code": "K7QM2XVP9ABCDEFG",
}  # fmt: skip
ROWS = 2  # of each alliance


@pytest.fixture
def links(member):
    return links_of_every_kind(member("anna"), member("carla"))


@pytest.fixture
def more_states(veere):
    """What the demo region has none of: a draft, and a meeting that was cancelled."""
    for facts in ({"is_draft": True}, {"cancelled_at": now()}):
        Meeting.create(alliance=veere, starts_at=now() + 30 * DAY, duration=60, **facts)


def paths_for(app, user, links):
    """Every address of the application: of rows this user may see and of none, and every link."""
    for address in addresses(app, "GET"):
        if "<token>" in address.path:
            continue
        if address.on is None:
            assert "<" not in address.path, "an address with something in it that no test knows"
            yield address.path
            continue
        yield address.at(MISSING)
        for alliance in Alliance.select():
            rows = rows_of(address.on, alliance)
            seen = (row for row in rows if user and is_visible(address.on, user, row))
            yield from (address.at(row.id) for row in list(islice(seen, ROWS)) or rows[:1])
    yield from links.values()


def look(client, app, path, **options):
    for method in sorted(SAFE):
        app.extensions["request_limit"].counts.clear()
        answer = client.open(path, method=method, **options)
        assert answer.status_code < 500, (method, path)


def token_on(client):
    """The token of the forms in this browser."""
    return client.get("/join").text.split('name="csrf_token" value="')[1].split('"')[0]


def test_there_is_a_link_for_every_address_that_opens_without_a_sign_in(app, links):
    with_token = {a.path for a in addresses(app, "GET") if "<token>" in a.path}

    assert with_token == {f"/{path.split('/')[1]}/<token>" for path in links.values()}


@pytest.mark.parametrize("persona", [*PERSONAS, None])
def test_looking_at_every_address_twice_changes_nothing(
    app, client_of, cast, links, more_states, persona
):
    user = getattr(cast, persona) if persona else None
    client = client_of(user).client if user else app.test_client()
    paths, before = list(paths_for(app, user, links)), content_hash()
    assert len(paths) > 100
    for _twice in range(2):
        for path in paths:
            look(client, app, path)
    changed = content_hash() != before
    if changed:  # which one was it? Slow, so only now
        for path in paths:
            before = content_hash()
            look(client, app, path)
            assert content_hash() == before, path

    assert not changed


@pytest.mark.parametrize("persona", ["carla", None])
def test_looking_with_the_fields_of_a_form_changes_nothing_either(
    app, client_of, cast, links, persona
):
    user = getattr(cast, persona) if persona else None
    client = client_of(user).client if user else app.test_client()
    before = content_hash()
    for path in paths_for(app, user, links):
        look(client, app, path, query_string=LIKE_A_FORM)
        look(client, app, path, query_string=LIKE_A_FORM, headers={"HX-Request": "true"})

    assert content_hash() == before


def test_looking_with_a_code_that_was_typed_changes_nothing(app, veere, member):
    _invitation, code = invitations.invite(veere, by=member("carla"))
    newcomer = app.test_client()
    newcomer.post("/join", data={"csrf_token": token_on(newcomer), "code": code})
    before = content_hash()
    for _twice in range(2):
        look(newcomer, app, "/join")

    assert "passphrase" in newcomer.get("/join").text
    assert content_hash() == before


def test_every_link_opens_while_it_is_valid(app, links):
    codes = {kind: app.test_client().get(path).status_code for kind, path in links.items()}

    assert codes == dict.fromkeys(links, 200) | {"start": 303}


def test_after_a_loss_no_link_of_the_member_opens_anything(app, links, cast, member):
    access.close_all(cast.anna)
    for kind, path in links.items():
        if kind == "guest":  # not hers
            continue
        stranger = app.test_client()
        assert stranger.get(path).status_code == 404, kind
        fields = {"answer": "yes", "csrf_token": token_on(stranger)}
        assert stranger.post(path, data=fields).status_code in {404, 405}, kind


def test_the_links_of_one_kind_open_nothing_of_another(app, links):
    """The token of a message is no token of a calendar, and the other way round."""
    for path in links.values():
        other = "/c/" if path.startswith("/n/") else "/n/"
        assert app.test_client().get(other + path[3:]).status_code == 404


def test_a_link_lets_nobody_look_at_or_do_anything_else(app, links, veere):
    """With a link in hand every other address still asks to sign in."""
    before = content_hash()
    for path in links.values():
        stranger = Device(app.test_client())
        stranger.get(path)
        for other in ("/", "/meetings", "/account", f"/alliances/{veere.id}/members"):
            assert stranger.get(other).location.startswith("/sign-in"), (path, other)

    assert content_hash() == before
    assert Delivery.select().count() == 0
