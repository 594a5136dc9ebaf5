"""Who looks over a shoulder before anybody signed in learns nothing (TRUST T11)."""

import re
from dataclasses import replace

import pytest

from tests.notifications.words import forbidden_in
from tests.walk import addresses


@pytest.fixture
def stranger(app, monkeypatch):
    """A browser that nobody signed in with, on an installation that is no demonstration."""
    monkeypatch.setitem(app.config, "ALLIES", replace(app.config["ALLIES"], demo=False))
    return app.test_client()


@pytest.fixture
def pages(app, stranger):
    """(path, answer) of every public page without an id in its address."""
    public = [a.path for a in addresses(app, "GET") if a.guard == "public"]
    return [(path, stranger.get(path)) for path in public if "<" not in path]


def test_no_page_before_signing_in_says_what_it_is(pages):
    assert len(pages) >= 5
    for path, answer in pages:
        assert forbidden_in(path) == [], path
        assert words_in(answer.text) == [], path


def words_in(page):
    """The listed words with which a word of this page or manifest begins; "really" is none."""
    shown = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL).lower()
    return [word for word in forbidden_in(shown) if re.search(rf"\b{word}", shown)]


def test_no_title_after_signing_in_says_more(app, client_of, cast):
    """The history of the browser keeps titles and addresses when nobody is signed in any more."""
    carla = client_of(cast.carla)
    for address in addresses(app, "GET"):
        if address.on is None and "<" not in address.path:
            page = carla.get(address.path).text
            title = re.search("<title>(.*?)</title>", page)
            assert "Veere" not in (title[1] if title else ""), address.path


def test_what_is_not_there_says_nothing_either(stranger):
    assert words_in(stranger.get("/no/such/page").text) == []
