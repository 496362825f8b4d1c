"""What API doors share: the OpenAPI document, strict JSON, problem answers, calls that act once however often sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

import flask_smorest
from flask import Flask, Response, request
from marshmallow import Schema, fields
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from webargs.flaskparser import FlaskParser

from brand.edge.requests import writing
from brand.kernel.errors import conflict, invalid
from brand.kernel.json_texts import strict_json
from brand.kernel.work import Work
from brand.models.accounts import IdempotencyKey
from brand.schemas.shape import Figure, Shape, faults_of

#: The media type of RFC 9457.
PROBLEM = "application/problem+json"


class Problem(Schema):
    """RFC 9457 problem document with our stable code."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    code = fields.String()
    params = fields.Dict()
    errors = fields.List(fields.Dict())
    request_id = fields.String()


class StrictParser(FlaskParser):
    """JSON without duplicate keys, NaN, abysses or unpaired surrogates; faults become our own errors."""

    def load_json(self, req: Any, schema: Any) -> Any:
        if not req.is_json:
            raise invalid("input.not_json")
        return strict_json(req.get_data())

    def handle_error(self, error: Any, *_: Any, **__: Any) -> Any:
        messages = error.messages
        inner = next(iter(messages.values())) if set(messages) <= {"json", "query", "form", "files"} else messages
        raise invalid("input.invalid", faults=faults_of(inner)) from error


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A topic of the API."""

    ARGUMENTS_PARSER = StrictParser()


class Api(flask_smorest.Api):  # type: ignore[misc]
    """The API as a whole."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Refusals are answered by ``edge/problems.py`` alone."""

    def _register_responses(self) -> None:
        """Every refusal is a problem document, and said to be one."""
        for name in (*(one.name for one in HTTPStatus), self.DEFAULT_ERROR_RESPONSE_NAME):
            words = HTTPStatus[name].phrase if name in HTTPStatus.__members__ else "Any refusal"
            content = {PROBLEM: {"schema": self.ERROR_SCHEMA}}
            self.spec.components.response(name, {"description": words, "content": content}, lazy=True)


def _decimals(_converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Weights go out as text, so that nobody's floating point rounds them, and come in as text or number."""
    if not isinstance(field, fields.Decimal):
        return {}
    bounds = {name: float(ret[name]) for name in ("minimum", "maximum") if name in ret}
    kinds = ["string"] if field.as_string else ["number"]
    if isinstance(field, Figure):
        kinds = ["string", "number"]
    return {"type": [*kinds, "null"] if field.allow_none else kinds} | bounds


def init(app: Flask, version: str) -> Api:
    app.config.update(
        API_TITLE="BrandTrace",
        API_VERSION=version,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_JSON_PATH="openapi.json",
        OPENAPI_URL_PREFIX="/api",
        API_SPEC_OPTIONS={
            "info": {"license": {"name": "Apache-2.0"}, "description": "Registry and proof of a regional food brand."},
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
            "security": [{"bearer": []}, {}],
        },
    )
    made = Api(app)
    made.ma_plugin.converter.add_attribute_function(_decimals)
    return made


def creates(shape: type[Shape], status: int = 201) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """One transaction around a creating call; with an ``Idempotency-Key`` a repeated call acts once, answers the same.

    The wrapped function receives the open ``work`` first and returns what the shape dumps.
    """

    def wrap(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def call(*args: Any, **values: Any) -> Response:
            try:
                with writing() as work:
                    kept = _claim(work)
                    if kept is not None and kept.status:
                        return _json(kept.body, kept.status)
                    body = json.dumps(shape().dump(view(work, *args, **values)), ensure_ascii=False)
                    if kept is not None:
                        kept.status, kept.body = status, body
                return _json(body, status)
            except IntegrityError as error:
                if "idempotency_keys" in str(error):
                    raise conflict("idempotency.in_flight") from error
                raise

        return call

    return wrap


def _claim(work: Work) -> IdempotencyKey | None:
    key = request.headers.get("Idempotency-Key", "")
    if not key or work.actor.account_id is None:
        return None
    if len(key) > 128:
        raise invalid("idempotency.key_length")
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + _sent()).hexdigest()
    statement = select(IdempotencyKey).where(
        IdempotencyKey.account_id == work.actor.account_id, IdempotencyKey.key == key
    )
    found = work.session.exec(statement).first()
    if found is None:
        found = IdempotencyKey(account_id=work.actor.account_id, key=key, digest=digest, created_at=work.now)
        work.session.add(found)
        work.session.flush()
    elif found.digest != digest:
        raise invalid("idempotency.key_reused")
    return found


def _sent() -> bytes:
    """What was sent, the same for the same call: a form's boundaries differ from one sending to the next."""
    if request.mimetype != "multipart/form-data":
        return request.get_data()
    parts = sorted((name, value) for name, value in request.form.items(multi=True))
    for name, file in sorted(request.files.items(multi=True), key=lambda one: one[0]):
        parts.append((name, hashlib.sha256(file.read()).hexdigest()))
        file.seek(0)
    return json.dumps(parts).encode()


def _json(body: str, status: int) -> Response:
    return Response(body, status, mimetype="application/json")
