"""Bytes as they are served, with brotli; exact, so the same on every machine."""

import re
import secrets
from typing import Any

from bench.table import Row
from bench.wire import Answer, ask, get, post

LINK = re.compile(rb'href="(/[^"#]*)"')
MOST_PAGES = 60  # of one person; one sign-in may ask for 240 a minute
HTMX_FIELDS = {"answer": "yes", "note": ""}


def measure(port: int, facts: dict[str, Any]) -> list[Row]:
    return [
        *first_pages(port, facts),
        *first_visit(port, facts["ally"]),
        *later_pages(port, facts),
        part(port, facts),
        poll(port, facts),
    ]


def first_pages(port: int, facts: dict[str, Any]) -> list[Row]:
    pages = {"Sign-in page": "/sign-in", "Page of a link in a mail": facts["link"]}
    pages["Page of an invitation"] = "/join"
    return [
        Row(f"{name}, whole in one answer", len(fine(port, get(path)).body), "B", 8000)
        for name, path in pages.items()
    ]


def first_visit(port: int, who: dict[str, Any]) -> list[Row]:
    """The start page with what it can't do without; an icon that a browser may want is apart."""
    page = fine(port, get("/", who))
    text = plain(port, get("/", who))
    style = re.findall(r'rel="stylesheet" href="([^"]+)"', text)
    scripts = re.findall(r'<script defer src="([^"]+)"', text)
    icons = re.findall(r'rel="icon" href="([^"]+)"', text)
    size = {path: len(fine(port, get(path)).body) for path in (*style, *scripts, *icons)}
    seen = len(page.body) + sum(size[path] for path in style)
    whole, requests = seen + sum(size[path] for path in scripts), 1 + len(style) + len(scripts)
    extra = f"the icon in the tab: {sum(size[path] for path in icons)} B more"
    return [
        Row("First signed-in page: HTML and CSS", seen, "B", 12_000),
        Row("Whole first visit: HTML, CSS and JavaScript", whole, "B", 36_000, note=extra),
        Row("Whole first visit: requests", requests, "", 4),
        Row("Own CSS", sum(size[path] for path in style), "B", 6000),
        Row("Own JavaScript", sum(size[p] for p in scripts if "vendor" not in p), "B", 3000),
    ]


def later_pages(port: int, facts: dict[str, Any]) -> list[Row]:
    """The heaviest page that an ally and a coordinator of the demo region can walk to."""
    rows = []
    for name in ("ally", "coordinator"):
        sizes = walk(port, facts[name])
        heaviest = max(sizes, key=lambda path: sizes[path])
        kind = re.sub(r"/[\w-]{16}(?=/|$)", "/<id>", heaviest)
        note = f"{kind}, of {len(sizes)} pages"
        rows.append(Row(f"Heaviest later page, {name}", sizes[heaviest], "B", 6000, note=note))
    crowded = len(fine(port, get(facts["round"], facts["crowd"][0])).body)
    note = "three times the largest alliance"
    return [*rows, Row("Page of a round with 45 points", crowded, "B", note=note)]


def walk(port: int, who: dict[str, Any]) -> dict[str, int]:
    """The size of every page this person finds by following links from the start page."""
    sizes: dict[str, int] = {}
    todo = ["/"]
    while todo and len(sizes) < MOST_PAGES:
        path = todo.pop(0)
        if path in sizes or path.startswith("/static/") or path.endswith((".ics", "manifest")):
            continue
        answer = ask(port, get(path, who))
        if answer.status != 200 or b"text/html" not in answer.head:
            continue
        sizes[path] = len(answer.body)
        todo += [link.decode() for link in LINK.findall(plain(port, get(path, who)).encode())]
    return sizes


def part(port: int, facts: dict[str, Any]) -> Row:
    fields = {**HTMX_FIELDS, "once": secrets.token_urlsafe(16)}
    answer = fine(port, post(f"{facts['meeting']}/rsvp", facts["ally"], fields))
    return Row("RSVP pressed: the part that comes back", len(answer.body), "B", 2000)


def poll(port: int, facts: dict[str, Any]) -> Row:
    answer = ask(port, get(facts["poll"], facts["crowd"][0], htmx=True))
    if answer.status != 204:
        raise RuntimeError(f"the poll answered {answer.status}")
    size = len(answer.head) + len(answer.body)
    return Row("Board poll, nothing new: all of the answer", size, "B", 500)


def fine(port: int, request: bytes) -> Answer:
    """The answer, compressed as a phone gets it; raises for any but 200."""
    answer = ask(port, request)
    if answer.status != 200:
        raise RuntimeError(f"{request.split()[1].decode()} answered {answer.status}")
    return answer


def plain(port: int, request: bytes) -> str:
    """The same page as text."""
    return fine(port, request.replace(b"br, gzip", b"identity")).body.decode()
