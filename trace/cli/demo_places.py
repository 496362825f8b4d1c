"""The demo county's places: invented pastures with simple outlines, an abattoir, and what a pasture can bear."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import select

from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from trace.cli.demo_people import ABATTOIR, COOPERATIVE, of
from trace.cli.demo_telling import Telling
from trace.formats.geojson import Outline, outline_of
from trace.models.capacities import Capacity
from trace.models.places import Place
from trace.services import capacities, places

_SIDE = 0.002
#: Corners in degrees; nothing of the kind stands there.
_SUMMER = ((108.52, 41.78), (108.56, 41.775), (108.566, 41.794), (108.541, 41.803), (108.52, 41.798), (108.52, 41.78))
_POND = ((108.54, 41.785), (108.543, 41.785), (108.543, 41.788), (108.54, 41.788), (108.54, 41.785))
_NEIGHBOUR = ((108.71, 41.62), (108.735, 41.62), (108.735, 41.638), (108.71, 41.633), (108.71, 41.62))


def declared(told: Telling) -> None:
    """Pasture and slaughter hall, and the inspector who went to see them."""
    told.act("2026-08-05 14:00", "producer", lambda work: pasture(work, of(work.session, COOPERATIVE)))
    told.act("2026-08-05 15:00", "abattoir", lambda work: abattoir(work, of(work.session, ABATTOIR)))
    told.act("2026-08-06 09:00", "inspector", seen)


def sketch(east: float, north: float) -> Outline:
    """A small square of about 55 mu with its south-western corner there, degrees; nothing of the kind stands there."""
    far = (east + _SIDE, north + _SIDE)
    ring = [[east, north], [far[0], north], [*far], [east, far[1]], [east, north]]
    return outline_of({"type": "Polygon", "coordinates": [ring]})


def pasture(work: Work, enterprise: Enterprise) -> None:
    """The cooperative's summer pasture with a pond that does not count, its barn, and 1,200 head a year."""
    land = _declare(
        work, enterprise, "示范夏营盘草场", "Demo summer pasture", kind="pasture", declared_mu=Decimal(12000)
    )
    outline = outline_of({"type": "Polygon", "coordinates": [_lists(_SUMMER), _lists(_POND)]})
    places.draw(work, land.id, version=land.version, outline=outline)
    _declare(work, enterprise, "示范棚圈", "Demo fold", kind="barn")
    capacities.declare(
        work,
        enterprise.id,
        place_id=None,
        product_id=work.session.exec(select(Product.id).where(Product.code == "lamb")).one(),
        season_from=date(work.today.year, 1, 1),
        season_to=date(work.today.year, 12, 31),
        unit="head",
        declared=Decimal(1200),
        basis="contract",
        mu=None,
        per_mu=None,
        source="示范畜群登记 2026",
    )


def abattoir(work: Work, enterprise: Enterprise) -> None:
    """Where the animals are slaughtered."""
    _declare(work, enterprise, "示范屠宰车间", "Demo slaughter hall", kind="abattoir", township_code="150824100")


def seen(work: Work) -> None:
    """The inspector has been on the pasture and in the abattoir, and verifies a little less than was declared."""
    for kind in ("pasture", "abattoir"):
        one = work.session.exec(select(Place).where(Place.kind == kind)).one()
        places.step(work, one.id, "confirm", version=one.version)
    season = work.session.exec(select(Capacity)).one()
    capacities.step(work, season.id, "verify", version=season.version, amount=Decimal(1150))


def neighbour(work: Work, enterprise: Enterprise) -> None:
    """A pasture that waits to be confirmed, declared larger than it measures."""
    land = _declare(
        work,
        enterprise,
        "示范河滩草场",
        "Demo river pasture",
        kind="pasture",
        township_code="150824202",
        declared_mu=Decimal(6000),
    )
    outline = outline_of({"type": "Polygon", "coordinates": [_lists(_NEIGHBOUR)]})
    places.draw(work, land.id, version=land.version, outline=outline)


def _declare(work: Work, enterprise: Enterprise, name: str, name_en: str, **changes: Any) -> Place:
    entries: dict[str, Any] = {
        "county_code": "150824",
        "township_code": "150824201",
        "declared_mu": None,
        "site_id": None,
        "opened_on": date(2020, 1, 1),
        "name_mn": "",
    }
    return places.write(work, enterprise.id, name=name, name_en=name_en, **entries | changes)


def _lists(corners: tuple[tuple[float, float], ...]) -> list[list[float]]:
    return [list(one) for one in corners]
