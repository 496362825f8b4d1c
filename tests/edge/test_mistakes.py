"""The list of mistakes over a form says of each which field it means, as the field is labelled."""

from __future__ import annotations

import pytest

from brand.edge import mistakes

PAGE = """<div class="bt-summary" role="alert"><ul><li><a href="#f-{field}">{words}</a></li></ul></div>
<label for="f-kg">重量 &lt;kg&gt; <span class="bt-optional">（选填）</span></label><input id="f-kg" name="kg">
<fieldset><legend id="f-kind-legend">种类</legend>
<input type="radio" id="f-kind"><label for="f-kind">羊</label></fieldset>
<table><tr><td><input id="f-rows-0-lot" name="lot" aria-label="批号"></td></tr></table><a href="#f-kg">必填</a>"""


@pytest.mark.parametrize(
    ("field", "words", "told"),
    [
        ("kg", "此项必填", "重量 &lt;kg&gt;：此项必填"),
        ("kind", "此项必填", "种类：此项必填"),
        ("rows-0-lot", "此项必填", "批号：此项必填"),
        ("rows-0-lot", "批号已用过", "批号已用过"),
        ("nowhere", "此项必填", "此项必填"),
    ],
)
def test_a_mistake_is_told_with_its_field_unless_it_names_it(app, field, words, told):
    with app.test_request_context("/?lang=zh"):
        page = mistakes.named(PAGE.format(field=field, words=words))
    assert f'<a href="#f-{field}">{told}</a></li>' in page
    assert page.endswith('<a href="#f-kg">必填</a>'), "only the list is changed"


def test_a_page_without_mistakes_is_left_alone(app):
    with app.test_request_context("/"):
        assert mistakes.named("<p>示范</p>") == "<p>示范</p>"
