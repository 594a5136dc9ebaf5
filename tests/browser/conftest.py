"""The application on a real port, and phones that open it."""

import threading

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from allies.db import database

PHONE = {"width": 360, "height": 740}

# A browser that presses faster than people do would send a form before the deferred script is
# there to take it. That works too, but it is another flow: here a press waits for the page.
PATIENT = """
addEventListener("click", (press) => {
  if (document.readyState === "complete") return;
  press.preventDefault();
  press.stopImmediatePropagation();
  addEventListener("load", () => setTimeout(() => press.target.click()), { once: true });
}, true);
"""


class Quiet(WSGIRequestHandler):
    def log(self, *args):
        """Say nothing: a test prints what it has to say."""


@pytest.fixture
def address(app):
    """The application of this test on a free port of localhost."""

    def with_own_connection(environ, start_response):
        answer = app.wsgi_app(environ, start_response)
        try:
            yield from answer
        finally:
            getattr(answer, "close", bool)()
            database.close()

    # A name, not a number: the cookie and the trusted hosts are those of localhost.
    server = make_server("localhost", 0, with_own_connection, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def phone(new_context, address):
    """phone("anna") is a 360 px page with Anna signed in; script=False has no JavaScript."""

    def open_phone(persona, *, script=True, width=PHONE["width"], scheme="light"):
        size = {"width": width, "height": PHONE["height"]}
        context = new_context(
            viewport=size, java_script_enabled=script, base_url=address, color_scheme=scheme
        )
        context.add_init_script(PATIENT)
        page = context.new_page()
        page.off_origin = []
        page.complaints = []
        page.on("request", lambda r: r.url.startswith(address) or page.off_origin.append(r.url))
        page.on("console", lambda m: is_complaint(m) and page.complaints.append(m.text))
        page.on("pageerror", lambda e: page.complaints.append(str(e)))
        if persona:
            page.goto("/sign-in")
            page.click(f"button[name=persona][value={persona}]")
        return page

    return open_phone


def is_complaint(message):
    """Chromium also notes answers like 422 as errors; those are ours, and meant."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")
