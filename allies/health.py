"""What monitoring, researchers and phones ask without signing in."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, Response, current_app, jsonify
from peewee import DatabaseError

from allies.db import now
from allies.notifications.service import is_late, oldest_waiting
from allies.queue import seconds_silent
from allies.web import public

bp = Blueprint("health", __name__)
SILENT_SECONDS = 180  # the worker gives a sign of life every minute
VALID = timedelta(days=180)
PAPER = "#f8f4ec"


@bp.get("/healthz")
@public
def healthz():
    """200 "ok", or 503 with what is wrong: database, worker (is silent), queue (does not empty)."""
    settings = current_app.config["ALLIES"]
    if oldest_waiting() and seconds_silent(settings) > SILENT_SECONDS:
        return unwell("worker")
    return unwell("queue") if is_late() else plain("ok")


@bp.errorhandler(DatabaseError)
def without_database(error):
    return unwell("database")


@bp.get("/.well-known/security.txt")
@public
def security():
    """Where to report a weakness (RFC 9116)."""
    settings = current_app.config["ALLIES"]
    midnight = datetime.combine(now().date(), time(), UTC)
    lines = (
        f"Contact: {settings.security_contact}",
        f"Expires: {midnight + VALID:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
    )
    return plain("".join(f"{line}\n" for line in lines))


@bp.get("/manifest.webmanifest")
@public
def manifest():
    """How a phone shows us among its apps: under the neutral name (W3C Application Manifest)."""
    name = current_app.config["ALLIES"].public_name
    icon: Callable = current_app.jinja_env.globals["static_url"]  # type: ignore[assignment]
    response = jsonify(
        name=name,
        short_name=name,
        start_url="/",
        scope="/",
        display="standalone",
        background_color=PAPER,
        theme_color=PAPER,
        icons=[
            {"src": icon(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ],
    )
    response.mimetype = "application/manifest+json"
    return response


def plain(text, status=200):
    return Response(text, status, mimetype="text/plain")


def unwell(word):
    response = plain(word, 503)
    response.headers["Retry-After"] = "60"
    return response
