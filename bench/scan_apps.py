"""The two applications of P5 as a server loads them: Flask's smallest, and the whole service on the bench's data."""

from __future__ import annotations

from flask import Flask

from brand.start import create_app


def hello() -> Flask:
    app = Flask("hello")

    @app.get("/")
    def say() -> str:
        return "hello"

    return app


def service() -> Flask:
    """Settings come from the environment that the bench made."""
    return create_app()
