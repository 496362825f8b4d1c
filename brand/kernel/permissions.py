"""Who may do what: the one table from roles to permissions, read by actions and doors alike."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """The hats people wear. The last four are worn for one enterprise each, that of a township for its enterprises."""

    ADMINISTRATOR = "administrator"
    BRAND_CLERK = "brand_clerk"
    BRAND_APPROVER = "brand_approver"
    INSPECTOR = "inspector"
    AUDITOR = "auditor"
    TOWNSHIP_CLERK = "township_clerk"
    PRODUCER_CLERK = "producer_clerk"
    STATION_AGENT = "station_agent"
    ABATTOIR_CLERK = "abattoir_clerk"
    LABORATORY_CLERK = "laboratory_clerk"


#: Roles that say yes or no for the public: they sign in with a second factor.
DECIDING = frozenset({Role.ADMINISTRATOR, Role.BRAND_APPROVER, Role.INSPECTOR})

#: Roles that are always tied to an enterprise.
ENTERPRISE_BOUND = frozenset({Role.PRODUCER_CLERK, Role.STATION_AGENT, Role.ABATTOIR_CLERK, Role.LABORATORY_CLERK})

#: Roles that are tied to a township and reach the enterprises seated there.
TOWNSHIP_BOUND = frozenset({Role.TOWNSHIP_CLERK})

_READ = frozenset(
    {
        "enterprises.read",
        "applications.read",
        "licences.read",
        "brands.read",
        "batches.read",
        "herds.read",
        "quarantine.read",
        "quality.read",
        "labels.read",
    }
)

#: Those who work on complaints; who sent one is read only by those who must talk to that person.
_COMPLAINTS = frozenset({"complaints.read", "complaints.handle"})

_PRODUCER = _READ | {
    "enterprises.contact",
    "enterprises.edit",
    "standards.adopt",
    "applications.write",
    "appeals.write",
    "herds.write",
    "quarantine.write",
    "labels.order",
    "labels.print",
    "labels.activate",
    "labels.void",
    "flows.record",
    "events.record",
    "holds.place",
    "commitments.issue",
    "free_tests.ask",
    "recalls.propose",
    "recalls.answer",
    "shipments.send",
    "shipments.receive",
    "shipments.carry",
}

PERMISSIONS: Mapping[Role, frozenset[str]] = {
    Role.ADMINISTRATOR: _READ
    | {
        "standards.read",
        "accounts.manage",
        "schemes.manage",
        "brands.manage",
        "schemes.changes",
        "schemes.propose",
        "schemes.approve",
        "calendar.manage",
        "field_devices.oversee",
        "audit.read",
        "keys.read",
        "keys.manage",
    },
    Role.BRAND_CLERK: _READ
    | _COMPLAINTS
    | {
        "complaints.contact",
        "standards.read",
        "standards.write",
        "standards.adopt",
        "enterprises.contact",
        "enterprises.confirm",
        "consents.record",
        "catalogue.oversee",
        "assets.confirm",
        "places.confirm",
        "supply.confirm",
        "endorsements.read",
        "endorsements.write",
        "designations.manage",
        "applications.review",
        "applications.recommend",
        "licences.inspect",
        "field_devices.oversee",
        "guidance.write",
        "herds.oversee",
        "schemes.changes",
        "schemes.propose",
        "brands.manage",
        "rulebooks.write",
        "labels.void",
        "scans.watch",
        "holds.place",
        "free_tests.decide",
        "recalls.propose",
    },
    Role.BRAND_APPROVER: _READ
    | _COMPLAINTS
    | {
        "enterprises.contact",
        "enterprises.suspend",
        "enterprises.merge",
        "capacities.agree",
        "endorsements.read",
        "endorsements.issue",
        "standards.read",
        "standards.publish",
        "applications.decide",
        "appeals.answer",
        "schemes.changes",
        "schemes.approve",
        "rulebooks.publish",
        "licences.sanction",
        "scans.watch",
        "flows.agree",
        "grading.settle",
        "holds.place",
        "quality.release",
        "recalls.propose",
        "recalls.decide",
    },
    Role.INSPECTOR: _READ
    | _COMPLAINTS
    | {
        "schemes.changes",
        "standards.read",
        "complaints.contact",
        "applications.inspect",
        "licences.inspect",
        "field_devices.enrol",
        "field_devices.oversee",
        "guidance.write",
        "herds.oversee",
        "quarantine.confirm",
        "alarms.answer",
        "scans.watch",
        "assets.confirm",
        "places.confirm",
        "supply.confirm",
        "capacities.agree",
        "catalogue.oversee",
        "enterprises.contact",
        "flows.agree",
        "grading.settle",
        "holds.place",
        "lab_reports.confirm",
        "quality.inspect",
        "quality.release",
        "recalls.propose",
        "recalls.decide",
    },
    Role.AUDITOR: _READ | {"schemes.changes", "standards.read", "audit.read", "complaints.read", "keys.read"},
    Role.TOWNSHIP_CLERK: frozenset(
        {"enterprises.read", "applications.read", "applications.recommend", "supply.confirm"}
    ),
    Role.PRODUCER_CLERK: _PRODUCER | {"members.manage"},
    Role.STATION_AGENT: _PRODUCER,
    Role.ABATTOIR_CLERK: frozenset(
        {
            "members.manage",
            "enterprises.read",
            "enterprises.contact",
            "enterprises.edit",
            "standards.adopt",
            "batches.read",
            "quality.read",
            "quarantine.read",
            "quarantine.write",
            "batches.register",
            "events.record",
            "labels.read",
            "labels.activate",
            "flows.record",
            "holds.place",
            "commitments.issue",
            "free_tests.ask",
            "recalls.propose",
            "recalls.answer",
            "shipments.send",
            "shipments.receive",
            "shipments.carry",
        }
    ),
    Role.LABORATORY_CLERK: frozenset(
        {
            "members.manage",
            "enterprises.read",
            "enterprises.contact",
            "enterprises.edit",
            "quality.read",
            "lab_reports.confirm",
        }
    ),
}

ALL_PERMISSIONS = frozenset().union(*PERMISSIONS.values())
