"""The cast: one named person per role, the same in every test. All are invented; names carry 示范."""

from __future__ import annotations

from dataclasses import dataclass

from brand.kernel.permissions import Role


@dataclass(frozen=True)
class PersonOfTheCast:
    username: str
    name: str
    role: Role
    enterprise: str | None = None
    township: str | None = None


ADMIN = PersonOfTheCast("admin", "示范管理员", Role.ADMINISTRATOR)
CLERK = PersonOfTheCast("clerk", "示范经办", Role.BRAND_CLERK)
APPROVER = PersonOfTheCast("approver", "示范审批", Role.BRAND_APPROVER)
INSPECTOR = PersonOfTheCast("inspector", "示范监管", Role.INSPECTOR)
AUDITOR = PersonOfTheCast("auditor", "示范审计", Role.AUDITOR)
PRODUCER = PersonOfTheCast("producer", "示范合作社文员", Role.PRODUCER_CLERK, "cooperative")
STATION = PersonOfTheCast("station", "示范站点员", Role.STATION_AGENT, "cooperative")
ABATTOIR = PersonOfTheCast("abattoir", "示范屠宰厂文员", Role.ABATTOIR_CLERK, "abattoir")
RIVAL = PersonOfTheCast("rival", "示范邻社文员", Role.PRODUCER_CLERK, "rival")
RIVAL_ABATTOIR = PersonOfTheCast("rival-abattoir", "示范邻厂文员", Role.ABATTOIR_CLERK, "rival_abattoir")
LABORATORY = PersonOfTheCast("laboratory", "示范检测中心文员", Role.LABORATORY_CLERK, "laboratory")

#: The clerk of the township where the cooperative, its neighbour and the abattoirs are seated; joins where needed.
TOWNSHIP = PersonOfTheCast("township", "示范苏木经办", Role.TOWNSHIP_CLERK, township="150824100")

#: A second person who decides; joins where a test needs two of them (``make.joins``).
DEPUTY = PersonOfTheCast("deputy", "示范复核", Role.BRAND_APPROVER)

CAST = (ADMIN, CLERK, APPROVER, INSPECTOR, AUDITOR, PRODUCER, STATION, ABATTOIR, RIVAL, RIVAL_ABATTOIR, LABORATORY)
