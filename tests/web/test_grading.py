"""The page of grades: the scatter with its table, a second grader's form, the six axes; names only for staff."""

from __future__ import annotations

import pytest
import time_machine

from brand.kernel.permissions import Role
from tests import make
from tests.people import ABATTOIR, INSPECTOR, PRODUCER, RIVAL, RIVAL_ABATTOIR, PersonOfTheCast
from trace.models.batches import Batch
from trace.queries import axes as axis_reads
from trace.queries import grading as reads
from trace.rules.axes import Axis

pytestmark = pytest.mark.slaughtered

SECOND = PersonOfTheCast("second-grader", "示范复评员", Role.ABATTOIR_CLERK, "abattoir")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def batch(database):
    with database.writing() as session:
        make.joins(session, SECOND)
        return make.a_batch(make.work(session))


def version(database, batch):
    with database.reading() as session:
        return session.get_one(Batch, batch.id).version


def page(client, batch, **asked):
    return client.get(f"/batches/{batch.id}/grading", query_string=asked).text


def test_the_scatter_shows_every_carcass_with_a_table_twin(as_, batch):
    words = page(as_(ABATTOIR), batch)
    for kind in ("bt-dot", "bt-dot-ring", "bt-zone"):
        assert f'class="{kind}"' in words
    drawn = words.count('class="bt-dot"') + words.count('class="bt-dot-ring"')
    legends = 4 * words.count('<figure class="bt-chart">')
    assert drawn - legends // 2 == 160, "one mark a carcass, beside the two of each legend"
    assert words.count('<th scope="row">') >= 160


def test_a_second_grader_differs_and_the_page_says_so(as_, database, batch):
    with database.reading() as session:
        number = next(one for one in reads.every_carcass(session, batch.id) if one.grade == "good").carcass.carcass_no
    typed = {"version": version(database, batch), "carcasses": number, "grade": "usable", "method": "eye"}
    client = as_(SECOND)
    refused = client.post(f"/batches/{batch.id}/grading", data=typed)
    assert refused.status_code == 422
    assert "请写明理由" in refused.text
    done = client.post(f"/batches/{batch.id}/grading", data=typed | {"reason": "脂肪偏软"})
    assert done.status_code == 303
    words = page(client, batch)
    assert "评定有分歧" in words
    assert "脂肪偏软" in words
    assert SECOND.name in words
    own = as_(PRODUCER).get(f"/batches/{batch.id}/grading").text
    assert "脂肪偏软" in own
    assert SECOND.name not in own, "a producer reads what was decided, not who did"
    stale = client.post(f"/batches/{batch.id}/grading", data=typed | {"reason": "x"})
    assert stale.status_code == 409


def test_the_form_begins_with_the_carcass_that_was_asked_for(as_, batch):
    assert ">C-7</textarea>" in page(as_(ABATTOIR), batch, carcass="C-7")


def test_an_axis_is_stated_and_changed_with_a_reason(as_, database, batch):
    client = as_(ABATTOIR)
    address = f"/batches/{batch.id}/axes"
    said = {"axis": "packaging", "value": "真空袋装", "method": "eye"}
    assert client.post(address, data=said).status_code == 303
    assert "真空袋装" in page(client, batch)
    again = client.post(address, data=said)
    assert again.status_code == 422
    assert "无需再写" in again.text
    assert client.post(address, data=said | {"value": "气调盒装"}).status_code == 422
    assert client.post(address, data=said | {"value": "气调盒装", "reason": "换线"}).status_code == 303
    with database.reading() as session:
        stated = axis_reads.statements(session, batch.id)[Axis.PACKAGING]
    assert (stated.value, stated.position) == ("气调盒装", 2)


@pytest.mark.parametrize("person", [RIVAL, RIVAL_ABATTOIR])
def test_strangers_find_nothing(as_, batch, person):
    assert as_(person).get(f"/batches/{batch.id}/grading").status_code == 404
    if person is RIVAL_ABATTOIR:
        typed = {"axis": "packaging", "value": "x"}
        assert as_(person).post(f"/batches/{batch.id}/axes", data=typed).status_code == 404


def test_a_producer_reads_and_does_not_grade(as_, database, batch):
    typed = {"version": version(database, batch), "carcasses": "x", "grade": "good", "reason": "x"}
    assert as_(PRODUCER).post(f"/batches/{batch.id}/grading", data=typed).status_code in (403, 404)


def test_the_office_settles_on_the_page_what_graders_differ_on(as_, database, batch):
    with database.reading() as session:
        number = next(one for one in reads.every_carcass(session, batch.id) if one.grade == "good").carcass.carcass_no
    typed = {"version": version(database, batch), "carcasses": number, "grade": "usable", "method": "eye"}
    assert "作为第三人裁定" not in page(as_(INSPECTOR), batch)
    as_(SECOND).post(f"/batches/{batch.id}/grading", data=typed | {"reason": "背膘偏软"})
    client = as_(INSPECTOR)
    assert "作为第三人裁定" in page(client, batch)
    assert "作为第三人裁定" not in page(as_(SECOND), batch)
    said = typed | {"version": version(database, batch)}
    at = f"/batches/{batch.id}/grading/settlement"
    assert "必填" in client.post(at, data=said).text
    wrong = client.post(at, data=said | {"grade": "special", "reason": "示范"})
    assert (wrong.status_code, "裁定只能在已给出的等级中选择" in wrong.text) == (422, True)
    assert client.post(at, data=said | {"reason": "到场看过"}).status_code == 303
    assert "作为第三人裁定" not in page(client, batch)
