"""Can a clock tell whether an address is known (TRUST T21)? python -m bench.sign_in

In a copy of the tree with a database of its own. Known and unknown addresses take turns with a
wrong passphrase, each address once and from a network of its own, so that no limit is reached.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from allies import config, create_app, db
from allies.accounts.models import Passphrase, User
from allies.accounts.service import HASHER
from allies.crypto import token
from allies.people.models import Identity
from bench.servers import environment
from bench.table import Row

TRIES = 240  # of each kind
MOST_OFF = 0.1  # from 0.5, at which the clock tells nothing
WRONG = "dit is niet de goede zin"


def measure(tree: Path) -> list[Row]:
    """Ask in a process of its own: known and unknown addresses must not differ in anything."""
    command = [sys.executable, "-m", "bench.sign_in"]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=tree, env=environment(), stdout=subprocess.PIPE, check=True
    )
    found = json.loads(done.stdout)
    beside = f"AUC {found['auc']:.3f}, median {found['known']:.1f} and {found['unknown']:.1f} ms"
    return [
        Row("Known address told from unknown by time (AUC off 0.5)", found["off"], "", MOST_OFF,
            note=f"{beside}, {TRIES} of each"),
        Row("The same by status and length (kinds of answer, one is best)", found["kinds"], "", 1),
    ]  # fmt: skip


def main() -> None:
    app = create_app(config.load())
    db.open_connection()
    with db.atomic():
        make_known()
    client = app.test_client()
    page = client.get("/sign-in").text
    csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
    for warm_up in range(10):
        ask(client, csrf, f"warm{warm_up:03}@example.org", f"198.50.{warm_up}.1")
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    kinds = set()
    for number in range(TRIES):
        # Each kind comes first as often as the other.
        for kind in sorted(times, reverse=bool(number % 2)):
            address = f"{kind:_<8}{number:03}@example.org"
            network = f"{10 if kind == 'known' else 11}.{number}.1.1"
            taken, answer = ask(client, csrf, address, network)
            times[kind].append(taken)
            kinds.add((answer.status_code, len(answer.data)))
    auc = area(times["known"], times["unknown"])
    medians = {kind: sorted(taken)[TRIES // 2] for kind, taken in times.items()}
    print(json.dumps({"auc": auc, "off": abs(auc - 0.5), "kinds": len(kinds), **medians}))


def make_known() -> None:
    """Accounts with a passphrase; one hash for all of them, to be checked as slowly as any."""
    hashed = HASHER.hash(token())
    for number in range(TRIES):
        user = User.create()
        Identity.enrol(user, name="Iemand", email=f"{'known':_<8}{number:03}@example.org")
        Passphrase.create(user=user, hash=hashed)


def ask(client: Any, csrf: str, email: str, network: str) -> tuple[float, Any]:
    """One try; the milliseconds it took, and the answer."""
    fields = {"csrf_token": csrf, "email": email, "passphrase": WRONG}
    began = time.perf_counter()
    answer = client.post("/sign-in", data=fields, environ_overrides={"REMOTE_ADDR": network})
    return (time.perf_counter() - began) * 1000, answer


def area(some: list[float], others: list[float]) -> float:
    """How often one of `some` is slower than one of `others`: the area under the ROC curve."""
    slower = sum((a > b) + (a == b) / 2 for a in some for b in others)
    return slower / (len(some) * len(others))


if __name__ == "__main__":
    main()
