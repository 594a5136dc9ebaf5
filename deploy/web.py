"""The web server: how gunicorn serves Allies, also with `gunicorn --config python:deploy.web`."""

import importlib
import os

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from deploy.processes import READY


class DiscreetLogger(Logger):
    """gunicorn's own log without the requests in it: the path of a link may be a secret.

    The rest is done by allies.logs, which is in force from `on_starting` on.
    """

    def warning(self, msg, *args, **kwargs):
        if str(msg).startswith("Invalid request"):
            msg = "A request that makes no sense was refused."
        super().warning(msg, *args, **kwargs)

    def exception(self, msg, *args, **kwargs):
        if str(msg).startswith("Error handling request"):
            msg, args = "A request failed.", ()
        super().exception(msg, *args, **kwargs)


def on_starting(server):
    """Make the application before anything is forked: where it refuses, gunicorn ends at once.

    In a worker the refusal would be repeated for ever.
    """
    importlib.import_module("app")


SETTINGS = {
    "on_starting": on_starting,
    "worker_class": "gthread",
    "workers": 1,
    "threads": 32,  # a slow caller holds one; in real use the proxy in front waits for them
    "worker_connections": 500,  # each may need a file descriptor; many systems give 1024
    "graceful_timeout": 2,
    "forwarder_headers": "",  # nobody outside moves the application to another path
    "accesslog": None,  # no log of who looked at what
    # For who switches it on to find a fault: no address of anybody, no query string.
    "access_log_format": "%(t)s %(m)s %(U)s %(s)s %(M)s ms",
    "logger_class": DiscreetLogger,
    "loglevel": "warning",
    "control_socket_disable": True,
}
globals().update(SETTINGS)  # where gunicorn looks for them


def serve(listener, supervisor):
    """Serve `app:app` from a listening socket; the supervisor hears when it can answer."""
    started = {
        "bind": f"fd://{listener.detach()}",
        "post_worker_init": lambda worker: os.kill(supervisor, READY),
    }

    class Web(BaseApplication):
        def load_config(self):
            for name, value in {**SETTINGS, **started}.items():
                self.cfg.set(name, value)

        def load(self):
            return importlib.import_module("app").app

    Web().run()
