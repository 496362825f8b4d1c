"""One table from refusals to answers: problem+json (RFC 9457) under ``/api/``, a page in the same words elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import structlog
from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from brand.edge import refusals
from brand.edge.languages import explain, say
from brand.edge.requests import is_api, request_id
from brand.kernel.errors import AppError, Kind

log = structlog.get_logger()

STATUS = {
    Kind.INVALID: 422,
    Kind.NOT_SIGNED_IN: 401,
    Kind.REFUSED: 403,
    Kind.UNKNOWN: 404,
    Kind.CONFLICT: 409,
    Kind.QUOTA_EXCEEDED: 409,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}

_HTTP_CODES = {
    400: "http.bad_request",
    404: "access.unknown",
    405: "http.method_not_allowed",
    413: "http.too_large",
    415: "http.unsupported_media",
    422: "input.invalid",
    429: "http.too_many",
}


def init(app: Flask) -> None:
    refusals.init(app)
    app.before_request(_refuse_foreign_host)
    app.register_error_handler(DataError, _data_error)
    app.register_error_handler(AppError, _app_error)
    app.register_error_handler(CSRFError, lambda _error: _answer(400, "http.form_expired"))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, _integrity_error)
    app.register_error_handler(Exception, _unexpected)


def _app_error(error: AppError) -> ResponseReturnValue:
    if error.kind is Kind.NOT_SIGNED_IN and not is_api():
        target = request.full_path.rstrip("?") if request.method == "GET" else "/desk"
        return redirect(f"{url_for('security.login')}?next={quote(target, safe='/')}")
    return problem(error)


def problem(error: AppError) -> ResponseReturnValue:
    """The answer for a refusal, in the form the asker reads."""
    refusals.note(error)
    status = STATUS[error.kind]
    if is_api():
        return _problem_json(status, error)
    return _page(
        status,
        say(f"{error.code}.title") if say(f"{error.code}.title") != f"{error.code}.title" else None,
        explain(error),
        error,
    )


def _problem_json(status: int, error: AppError) -> Response:
    body = {
        "type": f"urn:brandtrace:problem:{error.code}",
        "title": explain(error),
        "status": status,
        "code": error.code,
        "params": {name: str(value) for name, value in error.params.items()},
        "errors": [
            {
                "pointer": fault.pointer,
                "code": fault.code,
                "detail": explain(fault),
                **({"row": fault.row, "column": fault.column} if fault.row else {}),
            }
            for fault in error.faults
        ],
        "request_id": request_id(),
    }
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        response.headers["Retry-After"] = _again(error)
    return response


def _page(status: int, title: str | None, text: str, error: AppError | None = None) -> ResponseReturnValue:
    faults = [said for fault in error.faults if (said := explain(fault)) != text] if error else []
    page = render_template(
        "error.html",
        title=title or say(f"http.{status}"),
        text=text,
        faults=faults,
        status=status,
        request_id=request_id(),
    )
    headers = {"Retry-After": _again(error)} if status in (429, 503) else {}
    return page, status, headers


def _again(error: AppError | None) -> str:
    """Seconds after which it is worth to ask again."""
    return str(error.params.get("seconds", 5)) if error is not None else "5"


def _sizes() -> dict[str, Any]:
    """What a request may hold: megabytes in all, and kilobytes of words in a form."""
    whole, words = request.max_content_length or 0, request.max_form_memory_size or 0
    return {"most": f"{whole / 1_000_000:g}", "words": f"{words / 1000:g}"}


def _answer(status: int, code: str) -> ResponseReturnValue:
    error = AppError(Kind.INVALID, code, **(_sizes() if status == 413 else {}))
    if status < 429:
        refusals.note(error)
    return _problem_json(status, error) if is_api() else _page(status, None, explain(error))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or 300 <= status < 400:
        return error
    answer = make_response(_answer(status, _HTTP_CODES.get(status, "http.error")))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # RFC 9110 section 15.5.6 asks for it
    return answer


def _refuse_foreign_host() -> ResponseReturnValue | None:
    """A host name that is not ours gets one plain line: no page of ours can be built under it."""
    if not isinstance(request.routing_exception, SecurityError):
        return None
    return Response(explain(AppError(Kind.INVALID, "http.bad_request")), 400, mimetype="text/plain")


def _data_error(_error: DataError) -> ResponseReturnValue:
    """What the database cannot even hold: an address with it names nothing, an entry with it is mistaken."""
    code = (Kind.UNKNOWN, "access.unknown") if "\0" in request.path else (Kind.INVALID, "input.invalid")
    return problem(AppError(*code))


def _integrity_error(error: IntegrityError) -> ResponseReturnValue:
    """A constraint said no where no rule had: nothing was done, and we say so."""
    log.warning("constraint", request_id=request_id(), constraint=_constraint(error))
    return problem(AppError(Kind.CONFLICT, "service.constraint"))


def _constraint(error: IntegrityError) -> str:
    """Its name, never the values: those are somebody's telephone or credit code."""
    diagnosis = getattr(error.orig, "diag", None)
    return str(diagnosis.constraint_name if diagnosis else error.orig)


def _unexpected(error: Exception) -> ResponseReturnValue:
    """The log names the rule of the address, never the address: a secret link opens for whoever reads it."""
    log.error("unexpected", request_id=request_id(), rule=str(request.url_rule), exc_info=error)
    return _answer(500, "http.internal")
