"""Templates that hold the words of one language say what the others say, and escape what the others escape."""

from __future__ import annotations

import re

import pytest
from flask import render_template_string
from jinja2 import ChoiceLoader, DictLoader, FileSystemBytecodeCache

from brand.edge import worded
from brand.edge.languages import language, telling
from brand.kernel import texts

pytestmark = pytest.mark.bare

SOURCE = """{% from "parts/icons.html" import icon %}
{{ _("Keep") }} {{ _("A & <b>") }} {{ _("%(hours)s hours", hours="<3") }} {{ _("role." ~ "clerk") }}
{{ icon("flask") }}{{ icon("no" ~ "ne") }} {{ url_for("static", filename="css/parts.css") }} {{ language() }}"""


@pytest.mark.parametrize("tongue", texts.LANGUAGES)
def test_words_put_in_are_those_that_are_asked_for(app, tongue):
    with app.test_request_context(f"/?lang={tongue}"):
        plain = render_template_string(SOURCE)
    with app.app_context(), telling(tongue):
        assert worded.environment(tongue).from_string(SOURCE).render() == plain
    assert "A &amp; &lt;b&gt;" in plain
    assert "&lt;3" in plain
    assert ("保存" in plain or "储存" in plain or "贮存" in plain) is (tongue == "zh")


def test_code_kept_on_disk_speaks_no_other_language(app, tmp_path, monkeypatch):
    here = ChoiceLoader([DictLoader({"one.html": '{{ _("Keep") }}'}), app.jinja_env.loader])
    monkeypatch.setattr(app.jinja_env, "loader", here)
    monkeypatch.setattr(app.jinja_env, "bytecode_cache", FileSystemBytecodeCache(str(tmp_path)))
    monkeypatch.setitem(app.extensions, "brandtrace.worded", {})
    with app.app_context():
        said = [worded.environment(one).get_template("one.html").render() for one in texts.LANGUAGES]
    assert said == [texts.say(one, "Keep") for one in texts.LANGUAGES]
    assert len(set(said)) == len(said)


def test_what_is_told_ends_with_its_block(app):
    with app.test_request_context("/?lang=en"):
        with telling("zh"):
            assert language() == "zh"
        assert language() == "en"


LAID = """{% from "parts/show.html" import facts, status, cell, more, empty %}
{% from "parts/forms.html" import link_button as button -%}
{% macro own(value, word="none") %}<i>{{ value }}{{ word }}</i>{% endmacro -%}
{% for pairs in lists %}{{ facts(pairs) }}{{ loop.index }}{% endfor %}
{{ status("green", text) if good else status(colour="am" ~ "ber", text=text) }}
{{ "-" if good else status("red", text) }}
{% call more(text, open=good) %}{% set label = "inner" %}{{ label }}
{% for term, value in lists[0] %}{{ term }}{{ cell(value) }}{% endfor %}{% endcall %}
{% call empty(text) %}{{ text }}{% endcall %}{{ empty(text, icon_name="flask") }}
{{ own(text) }}{{ own(value=text, word=label) }}{{ own(*[text]) }}{{ button(text, "/a?b&c") }}
{% set kept = facts(lists[0]) %}{{ kept }}{{ kept|length }}{{ label }}{{ colour }}{{ icon }}
{{ whole.items }}{{ whole.of }}{{ whole["of"] }}{{ whole.none }}{{ text.upper() }}{{ _("role." ~ "clerk") }}"""
SHOWN = {
    "lists": [
        [("A & B", "<c>"), ("link", ("link", "<t>", "/x?a&b"))],
        [("n", 3), ("none", None), ("code", ("code", "7"))],
    ],
    "text": "<&>",
    "label": "outer",
    "colour": "grey",
    "icon": "drawn",
    "whole": {"of": "<of>"},
}


@pytest.mark.parametrize("good", [True, False])
def test_a_call_put_in_place_shows_what_the_call_shows(app, good):
    """Parameters, callers, choices and names that meet those of the page; escaped alike."""
    with app.app_context(), telling("zh"):
        plain = app.jinja_env.from_string(LAID).render(SHOWN, good=good)
        laid = worded.environment("zh").from_string(LAID).render(SHOWN, good=good)
    place = re.compile("0x[0-9a-f]+")
    assert place.sub("", laid) == place.sub("", plain)
    assert "&lt;c&gt;" in plain


def test_pages_are_compiled_without_calls_of_what_can_be_put_in_place(app):
    with app.app_context():
        made = worded.environment("zh")
        source, _, _ = made.loader.get_source(made, "scan/unit.html")
        compiled = made.compile(source, "scan/unit.html", raw=True)
    for called in ("facts", "status", "chain_list", "verdict_banner", "icon"):
        assert f"l_0_{called}" not in compiled, called
