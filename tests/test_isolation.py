"""A row of another alliance answers byte for byte as one that does not exist (TRUST T02)."""

from allies.alliances.models import Alliance
from tests.walk import MISSING, content_hash, guarded, is_visible, rows_of


def test_a_row_you_may_not_see_does_not_exist_for_anybody(app, client_of, cast):
    """Every address with an id × everybody × rows of every alliance, GET and POST."""
    devices = {persona: client_of(user) for persona, user in vars(cast).items()}
    before, seen, hidden = content_hash(), 0, 0
    samples = [(a, row) for a in both(app) for row in sample_rows(a.on)]
    for persona, user in vars(cast).items():
        device = devices[persona]
        token = device.token
        for address, row in samples:
            app.extensions["request_limit"].counts.clear()
            if is_visible(address.on, user, row):
                seen += 1
                continue
            hidden += 1
            foreign, missing = (ask(device, address, i, token) for i in (row.id, MISSING))
            assert foreign.status_code == missing.status_code == 404, (persona, address, row)
            assert foreign.data == missing.data, (persona, address)
            assert dict(foreign.headers) == dict(missing.headers), (persona, address)
    assert content_hash() == before
    assert seen > 100, "the walk must also meet rows that can be seen"
    assert hidden > 100


def test_everybody_gets_the_same_page_for_what_is_not_there(app, client_of, cast):
    pages = {client_of(user).get(f"/meetings/{MISSING}").data for user in vars(cast).values()}
    pages.add(app.test_client().get("/no/such/address").data)

    assert len(pages) == 1


def test_without_sign_in_a_page_asks_for_it_and_a_form_changes_nothing(app):
    before, stranger = content_hash(), app.test_client()

    for address in [*guarded(app, "GET", with_row=True), *guarded(app, "GET", with_row=False)]:
        answer = stranger.get(address.at(MISSING))
        polls = address.path.endswith(("/board", "/room/now"))
        assert answer.status_code == (286 if polls else 303), address
        assert polls or answer.location.startswith("/sign-in"), address
    for address in [*guarded(app, "POST", with_row=True), *guarded(app, "POST", with_row=False)]:
        answer = stranger.post(address.at(MISSING), data={"text": "Dit is wat ik u wilde zeggen."})
        assert answer.status_code in {303, 401}, address
    assert content_hash() == before


def both(app):
    return [*guarded(app, "GET", with_row=True), *guarded(app, "POST", with_row=True)]


def sample_rows(model):
    """Two rows of each alliance, so that own, foreign and other states occur."""
    return [row for alliance in Alliance.select() for row in rows_of(model, alliance)[:2]]


def ask(device, address, row_id, token):
    if address.method == "GET":
        return device.get(address.at(row_id))
    return device.client.post(address.at(row_id), data={"csrf_token": token})
