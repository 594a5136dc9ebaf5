"""The yardstick: a bare Flask answer, on the very server that Allies runs on."""

import os
import sys

from flask import Flask

from deploy.serve import listen, serve_web

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "Hello"


def main() -> None:
    """Serve until stopped, with the server settings of Allies."""
    listener = listen("127.0.0.1", "0")
    print(f"Hello runs on http://localhost:{listener.getsockname()[1]}", flush=True)
    sys.modules["app"] = sys.modules[__name__]  # what the server asks for by that name
    serve_web(listener, os.getpid())


if __name__ == "__main__":
    main()
