"""Start Allies on this machine: migrate, then the web server and the worker, stopped together.

The application is imported once and then forked, so a start costs one interpreter. The process
that stays on top never touches the database.
"""

import errno
import importlib
import ipaddress
import os
import socket
import sys
import time
from collections import deque
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from deploy.processes import STOPS, Family, die_with_parent, take_signals

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
PAUSE = 1  # second, before the worker starts again
MOST_DEATHS = 5  # of the worker within a minute; then the start gives up


class Refused(Exception):
    """The start can't go on; the text is the one line for whoever started it."""


def listen(host, port):
    """The listening socket. Raises Refused when the address or the port is not to be had."""
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise Refused(f"PORT must be a number from 1 to 65535; it is {port!r}.")
    try:
        found = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
    except OSError as error:
        raise Refused(f"HOST {host!r} is not an address: {error.strerror}.") from None
    family, kind, proto, _, address = found[0]
    listener = socket.socket(family, kind, proto)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        raise Refused(_why_not(error, host, int(port))) from None
    return listener


def _why_not(error, host, port):
    if isinstance(error, PermissionError):
        return f"Port {port} is for the system only; choose another with: make run PORT=8000"
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use; choose another with: make run PORT={port + 1}"
    return f"Allies can't listen on {host} port {port}: {error.strerror}."


def is_loopback(host):
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def configure(host, port):
    """Fill in the address, and the demo sign-in where only this machine can reach it."""
    everywhere = host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    name = "localhost" if everywhere or is_loopback(host) else host
    name = f"[{name}]" if ":" in name else name
    os.environ.setdefault("ALLIES_BASE_URL", f"http://{name}:{port}")
    if "ALLIES_DEMO" in os.environ:
        return
    is_local = is_loopback(urlsplit(os.environ["ALLIES_BASE_URL"]).hostname)
    if is_loopback(host) and is_local and not os.environ.get("ALLIES_TRUSTED_HOSTS"):
        os.environ["ALLIES_DEMO"] = "1"
    else:
        print("Demo sign-in is off: others can reach this address.", flush=True)


def make_instance():
    """Make `instance/` with fresh secrets. Beside a database new keys would make it unreadable."""
    from allies.config import ensure_secrets

    try:
        INSTANCE.mkdir(mode=0o700, exist_ok=True)
        INSTANCE.chmod(0o700)
        for database in INSTANCE.glob("*.db*"):  # made before by a hand with another umask
            database.chmod(0o600)
        if not (INSTANCE / "allies.db").exists():
            ensure_secrets(INSTANCE)
    except OSError as error:
        raise Refused(f"Allies can't write in {INSTANCE}: {error.strerror}.") from None


def flask(*arguments):
    """Run commands of the application, one after another; an exit code."""
    from click import ClickException
    from flask.cli import ScriptInfo
    from peewee import DatabaseError

    from allies import create_app, logs
    from allies.errors import ConfigError

    logs.init()
    try:
        app = create_app()
        info = ScriptInfo(create_app=lambda: app)
        with app.app_context():
            for command in arguments:
                app.cli.main(command.split(), "flask", obj=info, standalone_mode=False)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except ClickException as error:
        error.show()
        return error.exit_code
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # the others don't mean that the file is damaged
            raise
        print(
            f"The database is damaged ({error}); put back a backup with: flask restore FILE",
            file=sys.stderr,
        )
        return 2
    return 0


def prepare():
    """Migrate, and load the demo region where its sign-in is on; quietly, errors apart."""
    demo = ["demo --if-empty"] if os.environ.get("ALLIES_DEMO") == "1" else []
    with redirect_stdout(StringIO()):
        return flask("upgrade", *demo)


def serve_web(listener, supervisor):
    """Serve `app:app` from a listening socket; the supervisor hears when it can answer."""
    importlib.import_module("deploy.web").serve(listener, supervisor)


def work_again():
    """The worker after a breath, so that one that can't work does not spin."""
    time.sleep(PAUSE)
    return flask("worker")


class Deaths:
    """How often the worker ended lately."""

    def __init__(self):
        self.times = deque(maxlen=MOST_DEATHS)

    def are_too_many(self):
        """Count one more; were there `MOST_DEATHS` within a minute?"""
        self.times.append(time.monotonic())
        return len(self.times) == MOST_DEATHS and self.times[-1] - self.times[0] <= 60


def supervise(family, listener):
    """Run until somebody stops it (0), or what ends by itself can't be helped (a failure).

    The worker is started again: while it is away the pages are there, and its jobs wait.
    """
    family.start("preparation", prepare)
    number, ended = family.next_event()
    if ended != ("preparation", 0):
        return ended[1] or 1 if ended else 0
    supervisor = os.getpid()
    family.start("web server", lambda: serve_web(listener, supervisor))
    family.start("worker", lambda: flask("worker"))
    listener.close()
    announced, deaths = False, Deaths()
    while True:
        number, ended = family.next_event()
        if number in STOPS:
            return 0
        if ended:
            name, how = ended[0], how_it_ended(ended[1])
            if name != "worker":
                print(f"The {name} stopped by itself ({how}).", file=sys.stderr)
                return 1
            if deaths.are_too_many():
                times = f"{MOST_DEATHS} times within a minute"
                print(f"The worker stopped by itself {times} ({how}).", file=sys.stderr)
                return 1
            print(f"The worker stopped ({how}) and starts again.", file=sys.stderr, flush=True)
            family.start(name, work_again)
            continue
        if not announced:
            print(f"Allies runs on {os.environ['ALLIES_BASE_URL']} (Ctrl-C stops it)", flush=True)
            announced = True


def how_it_ended(code):
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def main():
    """The exit code: 0 stopped on request, 1 a part failed, 2 refused to start."""
    take_signals()
    os.umask(0o077)  # what is written here is for its owner only
    if "MAKELEVEL" in os.environ:
        die_with_parent()
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    family = Family()
    try:
        listener = listen(host, port)
        configure(host, listener.getsockname()[1])
        make_instance()
        importlib.import_module("deploy.web")
        return supervise(family, listener)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    finally:
        family.stop()


if __name__ == "__main__":
    sys.exit(main())
