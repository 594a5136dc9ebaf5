"""A real mail server on this machine, and the outbox with its worker's hands."""

import email
import socket
from dataclasses import replace
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from allies.db import now
from allies.notifications.models import Delivery
from allies.notifications.post import carrier
from allies.notifications.sending import send_due


class Sink:
    """A mail server's mailbox. `codes` are answers to give to the next messages instead of 250."""

    def __init__(self):
        self.envelopes, self.codes, self.during_data = [], [], None

    async def handle_DATA(self, server, session, envelope):
        if self.during_data:
            await self.during_data()
        code = self.codes.pop(0) if self.codes else 250
        if code != 250:
            return f"{code} not now"
        self.envelopes.append(envelope)
        return "250 OK"

    @property
    def messages(self):
        return [
            email.message_from_bytes(e.original_content, policy=default) for e in self.envelopes
        ]


@pytest.fixture
def sink():
    return Sink()


@pytest.fixture
def server(sink):
    """The server that fills the sink, on a free port."""
    controller = serve(sink)
    yield controller
    controller.stop()


def serve(sink, host="127.0.0.1", **options):
    """Start a mail server on a free port."""
    controller = Controller(sink, hostname=host, port=free_port(host), **options)
    controller.start()
    return controller


def free_port(host="127.0.0.1"):
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def address_of(controller):
    return f"smtp://{controller.hostname}:{controller.port}"


@pytest.fixture
def with_mail(app):
    """with_mail(url) are the settings of the application with another mail server."""
    return lambda url, **more: replace(app.config["ALLIES"], smtp_url=url, **more)


@pytest.fixture
def deliver(with_mail, server):
    """deliver() sends once what is waiting, as if all of it were due."""

    def send(url=None, *, only_due=False):
        if not only_due:
            Delivery.update(due_at=now()).where(Delivery.sent_at.is_null()).execute()
        settings = with_mail(url or address_of(server))
        return send_due(settings, carrier(settings))

    return send
