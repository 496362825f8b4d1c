"""Headers, cookies, request limits and CSRF: what every answer and every form carries."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from brand.kernel.settings import Settings

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: The API description page's viewer writes its own styles; nothing else may.
CSP_API_DOCS = CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

#: On every answer unless the view has set its own.
_ALWAYS = (
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(), microphone=()"),
)

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


def init(app: Flask, settings: Settings) -> None:
    hosts = [one.strip().lower() for one in settings.trusted_hosts.split(",") if one.strip()]
    app.config.update(
        SECRET_KEY=settings.secret("session"),
        MAX_CONTENT_LENGTH=settings.upload_bytes,
        MAX_FORM_MEMORY_SIZE=200_000,
        MAX_FORM_PARTS=200,
        TRUSTED_HOSTS=hosts or [urlsplit(settings.public_url).hostname or "localhost", "localhost", "127.0.0.1"],
        SESSION_COOKIE_NAME="__Host-brandtrace" if settings.secure else "brandtrace",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_ENABLED=settings.limits_enabled,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(protect)


def protect(response: Response) -> Response:
    """The headers of every answer."""
    headers = response.headers
    present = {name.lower() for name, _ in headers}
    for name, value in _ALWAYS:
        if name.lower() not in present:
            headers.add(name, value)
    if request.is_secure and "strict-transport-security" not in present:
        headers.add("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static" and "public" not in headers.get("Cache-Control", ""):
        headers["Cache-Control"] = "no-store"  # whoever lets others keep an answer says so, and reads no session for it
    return response
