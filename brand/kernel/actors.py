"""Who is acting: a person through an account, with what rights and for whom."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from brand.kernel.errors import not_signed_in, unknown
from brand.kernel.permissions import PERMISSIONS, Role


@dataclass(frozen=True)
class Grant:
    """One role; ``enterprise_id`` None means the whole county. ``enterprise`` is its name, for the frame of a page.

    ``scope`` is what an enterprise consented to (None: all the role may do). ``township`` is the township the role is
    held for, by its code: whoever reads rights makes of it one grant per enterprise seated there.
    """

    role: Role
    enterprise_id: str | None = None
    enterprise: str = field(default="", compare=False)
    scope: frozenset[str] | None = None
    township: str | None = None

    def holds(self, permission: str) -> bool:
        return permission in PERMISSIONS[self.role] and (self.scope is None or permission in self.scope)


@dataclass(frozen=True)
class Actor:
    """The one who asks. ``person_id`` is the human being: two accounts of one person are one person.

    ``scopes`` None means a person at a page; otherwise the permissions a token was cut down to. ``agencies`` are the
    enterprises a station's agent may act for, of which a page takes one at a time.
    """

    account_id: str | None = None
    person_id: str | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[str] | None = field(default=None)
    agencies: tuple[Grant, ...] = field(default=(), compare=False)

    @property
    def signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def acting_for(self, enterprise_id: str | None) -> Actor:
        """The same person at a page, acting for one enterprise only; the one there is needs no choosing."""
        agencies = tuple(one for one in self.grants if one.role is Role.STATION_AGENT)
        kept = self.grants
        if len(agencies) > 1:
            kept = tuple(one for one in kept if one not in agencies or one.enterprise_id == enterprise_id)
        return replace(self, grants=kept, agencies=agencies)

    def acts_for(self, enterprise_id: str | None) -> bool:
        """Whether the actor touches that enterprise only as a station's agent, on its behalf."""
        held = {grant.role for grant in self.grants if grant.enterprise_id in (None, enterprise_id)}
        return enterprise_id is not None and held == {Role.STATION_AGENT}

    def reach(self, permission: str) -> frozenset[str] | None:
        """Enterprises for which this actor holds the permission; None means all of them, an empty set none."""
        if self.scopes is not None and permission not in self.scopes:
            return frozenset()
        held = [grant.enterprise_id for grant in self.grants if grant.holds(permission)]
        if None in held:
            return None
        return frozenset(one for one in held if one is not None)

    def may(self, permission: str, enterprise_id: str | None = None) -> bool:
        """Whether the actor holds the permission (for that enterprise, where one is named)."""
        reach = self.reach(permission)
        if reach is None:
            return True
        return bool(reach) if enterprise_id is None else enterprise_id in reach

    def require(self, permission: str, *enterprise_ids: str) -> None:
        """Raise unless the actor holds the permission (for at least one of the enterprises named).

        What belongs to somebody else answers exactly like what does not exist.
        """
        if not self.signed_in:
            raise not_signed_in()
        allowed = any(self.may(permission, one) for one in enterprise_ids) if enterprise_ids else self.may(permission)
        if not allowed:
            raise unknown()


ANONYMOUS = Actor()
#: The service itself: migrations, jobs, the demo loader. Holds every right and is named in the audit trail.
SYSTEM = Actor(
    account_id="SYSTEM",
    person_id="SYSTEM",
    name="system",
    grants=tuple(Grant(role) for role in Role),
)
