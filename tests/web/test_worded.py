"""Templates that hold the words of one language say what the others say, and escape what the others escape."""

from __future__ import annotations

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
