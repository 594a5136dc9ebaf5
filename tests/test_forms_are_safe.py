"""What a form may and may not do, at every address that takes one (TRUST T03, T32, T36)."""

import pytest

from allies.accounts.models import User
from allies.alliances.models import Alliance
from allies.forms import Form
from allies.migrate import all_models
from tests.walk import addresses, content_hash, guarded, is_visible, rows_of


@pytest.fixture
def visible_posts(app, cast, client_of):
    """(persona, their device, path) for every POST at a row the persona can see."""
    found = []
    for persona, user in vars(cast).items():
        device = client_of(user)
        for address in guarded(app, "POST", with_row=True):
            rows = [r for a in Alliance.select() for r in rows_of(address.on, a)]
            row = next((r for r in rows if is_visible(address.on, user, r)), None)
            if row:
                found.append((persona, device, address.at(row.id)))
    return found


def test_a_form_without_its_token_changes_nothing(visible_posts):
    before = content_hash()
    for persona, device, path in visible_posts:
        answer = device.client.post(path, data={"text": "Dit schreef ik net op."})
        assert answer.status_code == 400, (persona, path)
        assert "Dit schreef ik net op." in answer.text, (persona, path)
    assert content_hash() == before


def test_a_form_with_the_token_of_somebody_else_changes_nothing(client_of, cast, visible_posts):
    stolen = client_of(cast.piet).token
    before = content_hash()
    for persona, device, path in visible_posts:
        answer = device.client.post(path, data={"csrf_token": stolen})
        assert answer.status_code == 400, (persona, path)
    assert content_hash() == before


def test_a_form_from_another_site_changes_nothing(app, visible_posts):
    before = content_hash()
    for persona, device, path in visible_posts:
        app.extensions["request_limit"].counts.clear()  # more forms than one may send a minute
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            answer = device.post(path, {"answer": "yes"}, headers=headers)
            assert answer.status_code == 403, (persona, path)
    assert content_hash() == before


def test_files_are_refused_everywhere(app, visible_posts):
    before = content_hash()
    for persona, device, path in visible_posts:
        answer = device.post(path, {}, content_type="multipart/form-data")
        assert answer.status_code == 415, (persona, path)
    for address in addresses(app, "POST"):
        if address.guard == "public" and "<" not in address.path:
            stranger = app.test_client()
            assert (
                stranger.post(address.path, content_type="multipart/form-data").status_code == 415
            )
    assert content_hash() == before


def test_more_than_64_kb_is_refused_with_the_advice_to_go_back(visible_posts):
    before = content_hash()
    for persona, device, path in visible_posts:
        answer = device.post(path, {"text": "a" * 70_000})
        assert answer.status_code == 413, (persona, path)
        assert "uw tekst staat er nog" in answer.text or "text is still there" in answer.text
    assert content_hash() == before


def test_fields_a_form_does_not_have_are_ignored(cast, client_of, visible_posts):
    """Names of all columns as extra fields: roles, owners and links stay what they were."""
    columns = {f.name for model in all_models() for f in model._meta.sorted_fields}
    asked = {name for form in forms() for name in dir(form) if not name.startswith("_")}
    extra = dict.fromkeys(columns - asked, "intruder00000000")
    assert {"alliance", "role", "membership", "owed_by"} <= set(extra)
    for persona, _device, path in visible_posts:
        user = getattr(cast, persona)
        if User.get_or_none(User.id == user.id):  # one of them is leaving
            client_of(user).post(path, extra)  # another one signs out
    for model in all_models():
        for row in model.select().dicts():
            assert "intruder00000000" not in row.values(), model


def forms(base=Form):
    """Every form of the application."""
    return [f for sub in base.__subclasses__() for f in (sub, *forms(sub))]
