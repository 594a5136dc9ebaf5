"""Every page for everybody: valid, light, few questions to the database (BUDGETS)."""

import re
from pathlib import Path

import brotli
import html5lib
import pytest

from allies.alliances.models import Alliance
from tests.walk import NO_PAGES, counted_queries, guarded, is_visible, rows_of

PAGE_BYTES, FIRST_PAGE_BYTES, QUERIES = 6_000, 8_000, 8
CSS_BYTES, JS_BYTES = 6_000, 3_000


def pages_of(app, user):
    """Every page this user can open, with a visible row of each alliance."""
    paths = [a.path for a in guarded(app, "GET", with_row=False)]
    for address in guarded(app, "GET", with_row=True):
        if address.endpoint in NO_PAGES:
            continue
        for alliance in Alliance.select():
            rows = [r for r in rows_of(address.on, alliance) if is_visible(address.on, user, r)]
            paths += [address.at(row.id) for row in rows]
    return paths


@pytest.mark.parametrize("persona", ["anna", "carla", "eva", "piet", "sanne"])
def test_every_page_is_whole_light_and_asks_little(app, client_of, cast, persona):
    user = getattr(cast, persona)
    device, opened = client_of(user), 0
    for path in pages_of(app, user):
        app.extensions["request_limit"].counts.clear()
        with counted_queries() as queries:
            answer = device.get(path)
        if answer.status_code in {403, 409}:
            continue
        opened += 1
        assert answer.status_code == 200, path
        assert len(queries) <= QUERIES, (path, queries)
        assert len(brotli.compress(answer.data)) <= PAGE_BYTES, path
        check_html(answer.text, path)
        check_headers(answer, path)
    assert opened >= 10


@pytest.mark.parametrize(
    ("path", "scripts"), [("/sign-in", ["passkeys"]), ("/join", ["passkeys"]), ("/no/such", [])]
)
def test_the_first_page_is_whole_in_one_round_trip(app, path, scripts):
    """A script comes after it, and only where somebody may press a button that needs one."""
    answer = app.test_client().get(path)
    own = re.findall(r'<script defer src="/static/(\w+)\.\w+\.js"></script>', answer.text)

    assert len(brotli.compress(answer.data)) <= FIRST_PAGE_BYTES
    assert own == scripts
    assert answer.text.count("<script") == len(own)
    assert 'rel="stylesheet"' not in answer.text
    check_html(answer.text, path)
    check_headers(answer, path)


def test_a_page_that_says_what_to_mend_is_compressed_too(app, client_of, cast, veere):
    coded = {"Accept-Encoding": "br"}
    path = f"/alliances/{veere.id}/meetings/new"
    answer = client_of(cast.carla).post(path, {"duration": "abc"}, headers=coded)

    assert answer.status_code == 422
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) <= PAGE_BYTES


def test_our_own_style_and_script_stay_small():
    for kind, most in (("css", CSS_BYTES), ("js", JS_BYTES)):
        own = Path("static").glob(f"*.{kind}")
        assert sum(len(brotli.compress(file.read_bytes())) for file in own) <= most


def check_html(text, path):
    """Valid HTML5 for the strict parser, one h1, unique ids, every reference and label fits."""
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    ids = [e.get("id") for e in document.iter() if e.get("id")]
    assert len(ids) == len(set(ids)), (path, sorted(i for i in ids if ids.count(i) > 1))
    assert len(list(document.iter("h1"))) == 1, path
    assert document.get("lang") in {"nl", "en"}, path
    for element in document.iter():
        for name in ("for", "aria-labelledby", "aria-describedby"):
            for target in (element.get(name) or "").split():
                assert target in ids, (path, name, target)
        assert not [k for k in element.attrib if k.startswith(("style", "on", "hx-on"))], path
    labelled = {label.get("for") for label in document.iter("label")}
    inside = {id(child) for label in document.iter("label") for child in label.iter()}
    for field in [*document.iter("input"), *document.iter("select"), *document.iter("textarea")]:
        if field.get("type") not in {"hidden", "submit"}:
            assert field.get("id") in labelled or id(field) in inside, (path, field.attrib)
    title = document.find(".//title").text
    assert re.search(r" – De Tafel$", title), (path, title)


def check_headers(answer, path):
    assert answer.headers["Cache-Control"] == "no-store", path
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path
    assert "unsafe" not in answer.headers["Content-Security-Policy"], path
    assert answer.headers["X-Frame-Options"] == "DENY", path
    assert answer.headers["Referrer-Policy"] == "same-origin", path
    assert {"HX-Request", "Cookie"} <= set(answer.headers["Vary"].replace(" ", "").split(",")), path
    assert "ETag" not in answer.headers, path
