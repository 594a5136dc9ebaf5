"""Static files under fingerprinted names, compressed once, cached for ever."""

import base64
import gzip
import hashlib
import os
from pathlib import Path

import brotli
from markupsafe import Markup
from whitenoise import WhiteNoise

FOREVER = 365 * 24 * 3600


class Assets:
    """The files of `static/`: their public addresses, and the stylesheet to put in a first page."""

    def __init__(self, source, target):
        self.urls = {}
        target = Path(target)
        for path in sorted(p for p in Path(source).rglob("*") if p.is_file()):
            name = path.relative_to(source)
            body = path.read_bytes()
            mark = hashlib.sha256(body).hexdigest()[:10]
            public = name.with_name(f"{name.stem}.{mark}{name.suffix}")
            self.urls[str(name)] = f"/static/{public}"
            _publish(target / public, body)
        self.css = (Path(source) / "app.css").read_text()
        digest = base64.b64encode(hashlib.sha256(self.css.encode()).digest()).decode()
        self.style_source = f"'sha256-{digest}'"

    def url(self, name):
        """The address of a static file; KeyError for one that does not exist."""
        return self.urls[name]

    def inline_css(self):
        """The stylesheet itself, for a page that must be whole after one round trip."""
        return Markup(self.css)  # noqa: S704 - our own file, not anybody's text

    def serve(self, wsgi_app, target):
        """Put whitenoise in front: these files never reach the application."""
        return WhiteNoise(
            wsgi_app,
            root=str(target),
            prefix="static/",
            max_age=FOREVER,
            immutable_file_test=lambda path, url: True,
            allow_all_origins=False,
            add_headers_function=_add_headers,
        )


def _add_headers(headers, path, url):
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _publish(path, body):
    """Write a file with its compressed copies, whole or not at all."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    copies = {".br": brotli.compress(body), ".gz": gzip.compress(body, mtime=0), "": body}
    for suffix, content in copies.items():
        draft = path.with_name(f"{path.name}{suffix}.{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(path.with_name(path.name + suffix))
