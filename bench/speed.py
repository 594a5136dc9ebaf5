"""How many answers a second, as a part of what a bare Flask answer reaches beside it."""

import secrets
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.load import rate
from bench.servers import Server
from bench.table import Row
from bench.wire import ask, get, post

ROUNDS, SECONDS = 3, 2
MOST_POSTS = 2000 * SECONDS  # more than any server sends; a key used twice would cost less
NOTHING_NEW, FINE = 204, 200


@dataclass(frozen=True)
class Case:
    """An address to press on: the requests of one round are made anew for each."""

    what: str
    goal: float | None
    requests: Callable[[], list[bytes]]
    status: int = FINE


def cases(facts: dict[str, Any]) -> list[Case]:
    crowd = facts["crowd"]
    return [
        Case("Board poll, nothing new", 0.5, lambda: poll(facts), NOTHING_NEW),
        Case("Topics, a list of 20", 0.3, lambda: [get("/topics", who) for who in crowd]),
        Case(
            "Board with 45 points",
            0.15,
            lambda: [get(facts["board"], who, htmx=True) for who in crowd],
        ),
        Case("POST of an answer, committed with synchronous=FULL", 0.08, lambda: answers(facts)),
        Case("Start page", None, lambda: [get("/", who) for who in crowd]),
        Case("Sign-in page", None, lambda: [get("/sign-in")]),
    ]


def poll(facts: dict[str, Any]) -> list[bytes]:
    return [get(facts["poll"], who, htmx=True) for who in facts["crowd"]]


def answers(facts: dict[str, Any]) -> list[bytes]:
    """Answers as htmx sends them, each with a one-time key of its own."""
    crowd = facts["crowd"]
    fields = {"option": "1", "mood": "tense", "text": "Vertel vooral wat er al wel zeker is."}
    return [
        post(
            facts["answer"],
            crowd[number % len(crowd)],
            {**fields, "once": secrets.token_urlsafe(16)},
        )
        for number in range(MOST_POSTS)
    ]


def measure(allies: Server, hello: Server, facts: dict[str, Any]) -> list[Row]:
    """Each case right after its own yardstick, all of them in turn, three times; medians."""
    todo = cases(facts)
    for case in todo:
        check(allies, case)
    measured: dict[str, list[tuple[float, float]]] = {case.what: [] for case in todo}
    for _ in range(ROUNDS):
        for case in todo:
            yardstick = rate(hello.port, [get("/")], SECONDS)
            ours = rate(allies.port, case.requests(), SECONDS)
            measured[case.what].append((ours, yardstick))
    return [row(case, measured[case.what]) for case in todo]


def check(allies: Server, case: Case) -> None:
    """Raise unless the first of its requests gets the answer it should."""
    answer = ask(allies.port, case.requests()[0])
    if answer.status != case.status:
        raise RuntimeError(f"{case.what} answered {answer.status}, not {case.status}")


def row(case: Case, pairs: list[tuple[float, float]]) -> Row:
    ratios = [ours / yardstick for ours, yardstick in pairs]
    ours, yardstick = (statistics.median(column) for column in zip(*pairs, strict=True))
    spread = f"{min(ratios):.3f}-{max(ratios):.3f}"
    note = f"{ours:,.0f} a second beside {yardstick:,.0f}; ratios {spread}"
    return Row(case.what, statistics.median(ratios), "x", case.goal, "more", note)
