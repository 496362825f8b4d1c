"""Templates with the words of one language in them, for pages that everybody opens and that need nobody's request.

A text that a template names outright is looked up when the template is compiled, not each time it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from brand.edge.languages import language
from brand.edge.lean import service
from brand.kernel import texts

_KEY = "brandtrace.worded"
_ASKED = ("name", "lparen", "string", "rparen")


def render(name: str, /, **context: Any) -> str:
    """The template in the language of whoever is answered."""
    return environment(language()).get_template(name).render(context)


def part(name: str, /, **context: Any) -> Markup:
    """The same as a part that another template shows as it is."""
    return environment(language()).get_template(name).make_module(context).__html__()


def environment(told: str) -> Environment:
    """The templates in that language, made when first asked for."""
    kept: dict[str, Environment] = service().extensions.setdefault(_KEY, {})
    if told not in kept:
        kept[told] = _made(told)
    return kept[told]


def _made(told: str) -> Environment:
    app = service()
    plain = app.jinja_env
    say = partial(texts.say, told)
    made = plain.overlay(extensions=[Answered])
    # Kept code is found by the template's text, which is the same in every language; what is made of it is not.
    made.bytecode_cache = None
    made.globals = {**plain.globals, "_": say, "language": lambda: told, "url_for": app.path}
    icons: Any = plain.get_template("parts/icons.html").module
    made.extend(answers={"_": say, "icon": icons.icon})
    return made


class Answered(Extension):
    """Puts what it says in the place of ``_("…")`` and ``icon("…")``; what is put together later stays a question."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        answers: Mapping[str, Callable[[str], str]] = self.environment.answers  # type: ignore[attr-defined]
        tokens = list(stream)
        place = 0
        while place < len(tokens):
            one, *more = tokens[place : place + len(_ASKED)]
            if one.value in answers and (one.type, *(each.type for each in more)) == _ASKED:
                said = answers[one.value](more[1].value)
                yield Token(one.lineno, "string", str(said))
                if isinstance(said, Markup):
                    yield from (Token(one.lineno, "pipe", "|"), Token(one.lineno, "name", "safe"))
                place += len(_ASKED)
            else:
                yield one
                place += 1
