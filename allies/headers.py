"""Security headers on every answer of the application (TRUST T31, T37, T42)."""

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
FIXED = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # not no-referrer: over https Flask-WTF refuses a form without a referrer
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def init(app, style_source, *, is_https):
    """Add the headers; `style_source` is the CSP hash of the inline stylesheet."""
    sources = POLICY | {"style-src": f"'self' {style_source}"}
    policy = "; ".join(f"{name} {value}" for name, value in sources.items())

    @app.after_request
    def add(response):
        response.headers.update(FIXED)
        response.vary.update(("HX-Request", "Cookie"))
        if response.status_code != 204:
            response.headers["Content-Security-Policy"] = policy
        if is_https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
