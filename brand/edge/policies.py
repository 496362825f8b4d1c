"""Every route declares who may come in; one that declares nothing stops the service from starting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, request

from brand.edge.requests import actor
from brand.kernel.errors import not_signed_in
from brand.kernel.permissions import ALL_PERMISSIONS

View = TypeVar("View", bound=Callable[..., object])
PUBLIC, SIGNED_IN = "public", "signed in"

#: Endpoints made by libraries: static files, sign-in pages (they check for themselves), API description.
_LIBRARY = {"static": PUBLIC, "security": PUBLIC, "api-docs": PUBLIC}


def public(view: View) -> View:
    """Anyone may come in."""
    view.policy = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Any signed-in person may come in."""
    view.policy = SIGNED_IN  # type: ignore[attr-defined]
    return view


def needs(permission: str) -> Callable[[View], View]:
    """Only holders of the permission may come in; the service still checks for which enterprise."""
    if permission not in ALL_PERMISSIONS:
        raise ValueError(f"no role holds {permission!r}")

    def declare(view: View) -> View:
        view.policy = permission  # type: ignore[attr-defined]
        return view

    return declare


def policy_of(app: Flask, endpoint: str) -> str | None:
    declared: str | None = getattr(app.view_functions[endpoint], "policy", None)
    return declared or _LIBRARY.get(endpoint.partition(".")[0])


def init(app: Flask) -> None:
    @app.before_request
    def _check() -> None:
        if request.endpoint is None:
            return
        policy = policy_of(app, request.endpoint)
        if policy == PUBLIC:
            return
        if not actor().signed_in:
            raise not_signed_in()
        if policy != SIGNED_IN:
            actor().require(str(policy))


def check_complete(app: Flask) -> None:
    """Refuse to start while a route has no policy."""
    missing = sorted(endpoint for endpoint in app.view_functions if policy_of(app, endpoint) is None)
    if missing:
        raise RuntimeError(f"routes without a policy: {', '.join(missing)}")
