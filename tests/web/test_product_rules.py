"""Pages and API of a product's rules: everybody inside reads, the office proposes, a second person decides."""

import pytest
from sqlmodel import select

from brand.models.scheme_changes import SchemeChange
from brand.rules.product_rules import RuleKind
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER

SAID = {"source": "示范文件第1条", "confidence": "D", "reason": "示范理由"}


@pytest.fixture
def lamb(database):
    with database.writing() as session:
        make.a_scheme(make.work(session))
        return make.a_product(session).id


@pytest.mark.parametrize(
    ("kind", "fields", "shown"),
    [
        ("completeness", {"item_slaughtering": "pack", "item_packing": "label"}, "屠宰登记"),
        ("brand_grade", {"least": "prime"}, "优等"),
        ("cut_list", {"cuts": "示范羊腿\n*里脊"}, "示范羊腿"),
        (
            "chilling",
            {
                "room_least_c": "0",
                "room_most_c": "3.5",
                "core_most_c": "7",
                "core_from_hours": "10",
                "gap_minutes": "15",
                "standard": "示范标准",
            },
            "3.5",
        ),
    ],
)
def test_each_rule_is_proposed_and_decided_by_another(as_, database, lamb, kind, fields, shown):
    clerk = as_(CLERK)
    assert clerk.get(f"/products/{lamb}/rules/{kind}").status_code == 200
    answer = clerk.post(f"/products/{lamb}/rules/{kind}", data=fields | SAID)
    assert answer.status_code == 303, answer.text
    with database.reading() as session:
        change = session.exec(select(SchemeChange)).one()
    for language in ("zh", "en"):
        page = clerk.get(f"/schemes/changes/{change.id}?lang={language}")
        assert page.status_code == 200
        assert "scheme_change.field" not in page.text
    approved = as_(APPROVER).post(f"/schemes/changes/{change.id}/approve", data={"version": change.version})
    assert approved.status_code == 303
    assert shown in as_(PRODUCER).get(f"/products/{lamb}/rules?lang=zh").text


def test_what_cannot_be_is_said_beside_its_field(as_, lamb):
    clerk = as_(CLERK)
    page = clerk.post(f"/products/{lamb}/rules/brand_grade", data=SAID | {"least": "manual"})
    assert page.status_code == 422
    assert clerk.get(f"/products/{lamb}/rules/nothing").status_code == 404
    assert as_(PRODUCER).get(f"/products/{lamb}/rules/chilling").status_code == 404
    assert clerk.get("/products/none/rules").status_code == 404


def test_the_api_tells_what_is_in_force(client, lamb):
    found = client.get(f"/api/v1/products/{lamb}/rules").json
    assert [one["kind"] for one in found] == list(RuleKind)
    assert found[2]["confidence"] == "B"
    assert client.get("/api/v1/products/none/rules").status_code == 404
