"""Templates with the words of one language in them, for pages that everybody opens and that need nobody's request.

A text that a template names outright is looked up when the template is compiled, not each time it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from brand.edge.inlined import CHOSEN, PART, Generator, chosen, part_of, shown
from brand.edge.languages import language
from brand.edge.lean import service
from brand.kernel import texts

_KEY = "brandtrace.worded"


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
    icons: Any = plain.get_template("parts/icons.html").module
    answers: dict[str, Callable[..., str]] = {"_": say, "icon": lru_cache(icons.icon), "url_for": app.path}
    made = plain.overlay()
    # Kept code is found by the template's text, which is the same in every language; what is made of it is not.
    made.bytecode_cache = None
    made.globals = {**plain.globals, **answers, "language": lambda: told}
    made.filters = {**plain.filters, **answers, PART: part_of(made), CHOSEN: chosen}
    made.code_generator_class = Generator
    made.extend(answers=answers, shown=shown)
    return made
