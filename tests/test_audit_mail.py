"""The head of the audit log goes outside once a day (TRUST T09)."""

import email
from dataclasses import replace
from datetime import timedelta
from email.policy import default

import pytest
import time_machine

from allies import audit
from allies.audit_mail import HEAD, LAST, heads_in, last_sent, send_head
from allies.db import now
from allies.i18n import today
from allies.people.models import Opened, Reason, Reveal
from tests.notifications.conftest import address_of, free_port, server, sink  # noqa: F401
from tests.notifications.words import forbidden_in

PRIVACY = "fg@example.org"


@pytest.fixture
def settings(app, server, member):  # noqa: F811
    """Those of an installation that mails its head; ten lines are in the log."""
    mine = app.config["ALLIES"]
    (mine.instance / LAST).unlink(missing_ok=True)
    for _n in range(10):
        audit.record(member("carla"), "meeting.planned")
    return replace(mine, audit_mail=PRIVACY, smtp_url=address_of(server))


def test_one_mail_a_day_has_the_head_that_verify_audit_takes(settings, sink):  # noqa: F811
    for _try in range(3):
        send_head(settings)

    [envelope], [message] = sink.envelopes, sink.messages
    assert envelope.rcpt_tos == [PRIVACY]
    assert heads_in(message.get_content()) == [audit.head()]
    assert heads_in(envelope.original_content.decode()) == [audit.head()]
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        send_head(settings)
        send_head(settings)
    assert len(sink.envelopes) == 2
    assert len({m["Message-ID"] for m in sink.messages}) == 2


def test_it_counts_the_looks_and_the_opened_addresses_of_the_day_before(
    settings, sink, member  # noqa: F811
):  # fmt: skip
    yesterday = today() - timedelta(days=1)
    anna, carla = member("anna"), member("carla")
    facts = {"alliance": anna.alliance, "membership": anna, "field": "name", "by": carla}
    for day in (yesterday, yesterday, today()):
        Reveal.create(reason=Reason.SAFETY, on=day, **facts)
    Opened.create(id=yesterday, times=41)

    send_head(settings)

    assert f"{yesterday}: 2, 41\n" in sink.messages[0].get_content().replace("\r", "")


def test_a_day_without_a_worker_is_counted_in_the_next_mail(settings, sink):  # noqa: F811
    send_head(settings)
    with time_machine.travel(now() + timedelta(days=3), tick=False):
        Opened.create(id=today() - timedelta(days=2), times=7)
        send_head(settings)
        days = [str(today() - timedelta(days=n)) for n in (3, 2, 1)]

    said = sink.messages[1].get_content().splitlines()
    assert [line for line in said if line[:10] in days] == [
        f"{days[0]}: 0, 0", f"{days[1]}: 0, 7", f"{days[2]}: 0, 0",
    ]  # fmt: skip


def test_a_mail_server_that_is_away_or_refuses_is_asked_again(settings, sink):  # noqa: F811
    away = replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    send_head(away)
    assert last_sent(settings) is None
    sink.codes = [451, 550]
    send_head(settings)
    send_head(settings)
    assert last_sent(settings) is None

    send_head(settings)

    assert len(sink.envelopes) == 1
    assert last_sent(settings) == today()


def test_without_an_address_nothing_is_sent(settings, sink):  # noqa: F811
    send_head(replace(settings, audit_mail=""))

    assert sink.envelopes == []
    assert last_sent(settings) is None


def test_without_a_mail_server_it_is_a_file_of_its_owner(settings):
    send_head(replace(settings, smtp_url=""))

    files = (settings.instance / "mail").glob("*.eml")
    texts = [f.read_text() for f in files if PRIVACY in f.read_text()]
    assert [heads_in(text) for text in texts] == [[audit.head()]]
    assert (settings.instance / LAST).stat().st_mode & 0o777 == 0o600


def test_who_sees_it_pass_learns_nothing_of_what_it_is_about(settings, sink):  # noqa: F811
    send_head(settings)
    content = sink.envelopes[0].original_content.decode("ascii")

    assert forbidden_in(HEAD.sub("", content)) == []


def test_a_clock_that_was_set_back_still_sends(settings, sink):  # noqa: F811
    with time_machine.travel(now() + timedelta(days=400), tick=False):
        send_head(settings)
    send_head(settings)

    assert len(sink.envelopes) == 2
    message = email.message_from_bytes(sink.envelopes[1].original_content, policy=default)
    assert f"{today() - timedelta(days=1)}: 0, 0" in message.get_content()
