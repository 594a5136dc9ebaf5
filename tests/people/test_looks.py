"""A member reads who looked, when and why (TRUST P3)."""

import pytest

from allies.i18n import today
from allies.paging import A_PAGE
from allies.people import service
from allies.people.models import Reason, Reveal
from tests.people.conftest import WORDS


@pytest.fixture
def nobody_looked(app):
    Reveal.delete().execute()


@pytest.fixture
def page_of(client_of, cast):
    def read(persona, query=""):
        device = client_of(getattr(cast, persona))
        device.post("/language", {"locale": "en"})
        return device.get(f"/account/looks{query}")

    return read


def test_a_member_reads_by_whom_when_what_and_why(nobody_looked, look, page_of, member):
    look(field="name", reason="safety")

    text = page_of("anna").text
    for said in ("coordinator, police", "The name", "about your safety", WORDS):
        assert said in text
    assert str(today().day) in text
    assert member("carla").alias not in text


def test_a_member_reads_only_of_looks_at_themselves(nobody_looked, look, page_of):
    look()

    for persona in ("bram", "carla", "mina", "eva"):
        assert WORDS not in page_of(persona).text, persona
        assert "Nobody has looked you up" in page_of(persona).text, persona


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_told_in_words(nobody_looked, page_of, member, reason):
    service.note_look(member("anna"), by=member("daan"), field="phone", reason=reason)

    text = page_of("anna").text
    assert "coordinator, municipality" in text
    assert "None" not in text
    assert 'class="card"' in text


def test_the_look_stays_when_the_coordinator_is_gone(nobody_looked, look, page_of):
    look()
    Reveal.update(by=None).execute()

    assert "coordinator, police" in page_of("anna").text


def test_many_looks_come_in_pages_the_newest_first(nobody_looked, page_of, member):
    anna, carla = member("anna"), member("carla")
    for number in range(A_PAGE + 1):
        service.note_look(anna, by=carla, field="name", reason=Reason.SAFETY, note=f"nr {number}.")
    Reveal.update(on="2026-01-01").where(Reveal.note == "nr 0.").execute()

    first, second, third = (page_of("anna", q) for q in ("", "?page=2", "?page=3"))
    assert first.text.count('class="card"') == A_PAGE
    assert "nr 0." not in first.text
    assert "nr 0." in second.text
    assert second.text.count('class="card"') == 1
    assert third.status_code == 200


def test_what_a_coordinator_wrote_is_plain_text(nobody_looked, look, page_of):
    look(note="<b hx-post=/advice>Kijk hier eens naar</b>")

    assert "&lt;b hx-post=/advice&gt;" in page_of("anna").text
