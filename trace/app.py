"""create_app(): the whole service as a list. Start reading here, then follow one word down the floors."""

from __future__ import annotations

from importlib.metadata import version

from flask import Flask

from brand.api import adoptions as api_adoptions
from brand.api import appeals as api_appeals
from brand.api import applications as api_applications
from brand.api import assets as api_assets
from brand.api import brand_marks as api_brand_marks
from brand.api import brand_moves as api_brand_moves
from brand.api import complaints as api_complaints
from brand.api import endorsements as api_endorsements
from brand.api import enterprises as api_enterprises
from brand.api import guidance as api_guidance
from brand.api import inspections as api_inspections
from brand.api import materials as api_materials
from brand.api import members as api_members
from brand.api import merges as api_merges
from brand.api import offerings as api_offerings
from brand.api import office_tables as api_office_tables
from brand.api import product_rules as api_product_rules
from brand.api import register as api_register
from brand.api import reviews as api_reviews
from brand.api import rulebooks as api_rulebooks
from brand.api import scheme_changes as api_scheme_changes
from brand.api import schemes as api_schemes
from brand.api import several as api_several
from brand.api import standards as api_standards
from brand.edge import api, languages, pages, policies, problems, protection, requests, signin
from brand.edge.lean import Service
from brand.edge.pages import NavItem
from brand.kernel import logs
from brand.kernel.db import Database
from brand.kernel.places import resource
from brand.kernel.settings import Settings
from brand.web import (
    accounts,
    adoptions,
    appeals,
    applications,
    assets,
    brand_marks,
    calendar,
    catalogue,
    complain,
    complaints,
    endorsements,
    enterprises,
    guidance,
    inspections,
    licences,
    materials,
    members,
    merges,
    offerings,
    office_tables,
    open_data,
    product_rules,
    public,
    register,
    reviews,
    rulebooks,
    scheme_changes,
    schemes,
    standard_drafts,
    standards,
)
from trace import parts
from trace.api import batch_tags as api_batch_tags
from trace.api import batches as api_batches
from trace.api import capacities as api_capacities
from trace.api import care as api_care
from trace.api import checks as api_checks
from trace.api import codes as api_codes
from trace.api import commitments as api_commitments
from trace.api import containers as api_containers
from trace.api import custody as api_custody
from trace.api import desk as api_desk
from trace.api import field_devices as api_field_devices
from trace.api import field_findings as api_field_findings
from trace.api import flows as api_flows
from trace.api import free_tests as api_free_tests
from trace.api import genealogy as api_genealogy
from trace.api import grading as api_grading
from trace.api import grazings as api_grazings
from trace.api import gtins as api_gtins
from trace.api import herds as api_herds
from trace.api import holds as api_holds
from trace.api import inspector as api_inspector
from trace.api import labels as api_labels
from trace.api import lairage as api_lairage
from trace.api import limits as api_limits
from trace.api import log as api_log
from trace.api import places as api_places
from trace.api import plot_care as api_plot_care
from trace.api import purchases as api_purchases
from trace.api import quality as api_quality
from trace.api import quarantine as api_quarantine
from trace.api import recalls as api_recalls
from trace.api import receipts as api_receipts
from trace.api import scans as api_scans
from trace.api import sheet_jobs as api_sheet_jobs
from trace.api import sheets as api_sheets
from trace.api import shipments as api_shipments
from trace.api import supply as api_supply
from trace.api import undoing as api_undoing
from trace.web import (
    alarms,
    animals,
    batch_codes,
    batch_tags,
    batches,
    capacities,
    care,
    certificates,
    checks,
    commitments,
    container_codes,
    container_tags,
    containers,
    custody,
    desk,
    field_devices,
    field_findings,
    flows,
    free_tests,
    genealogy,
    grading,
    grazings,
    gtins,
    herds,
    holds,
    imports,
    inspector,
    jobs,
    kept_receipts,
    keys,
    label_prints,
    label_runs,
    label_stops,
    label_totals,
    labels,
    lairage,
    limits,
    log,
    ownership,
    ph,
    places,
    plot_care,
    purchases,
    quality,
    quarantine,
    recall_cases,
    recalls,
    receipts,
    resolver,
    scan,
    scan_alarms,
    second_codes,
    share_pictures,
    sheet_lists,
    shipments,
    supply,
    transparency,
    trust,
    undoing,
    well_known,
)

#: The staff side of the service, in the order people meet it.
NAVIGATION = [
    NavItem("Desk", "desk.show", "home"),
    NavItem("Enterprises", "enterprises.index", "building", "enterprises.read"),
    NavItem("Applications", "applications.index", "file", "applications.read"),
    NavItem("Licences", "licences.index", "certificate", "licences.read"),
    NavItem("Product catalogue", "offerings.index", "tag", "enterprises.read"),
    NavItem("Endorsements", "endorsements.index", "check-circle", "endorsements.read"),
    NavItem("Complaints", "complaints.index", "megaphone", "complaints.read"),
    NavItem("Places", "places.index", "pasture", "enterprises.read"),
    NavItem("Herds", "herds.index", "sheep", "herds.read"),
    NavItem("Before slaughter", "lairage.index", "sheep", "batches.register"),
    NavItem("Alarms", "alarms.index", "megaphone", "alarms.answer"),
    NavItem("Batches", "batches.index", "slaughter", "batches.read"),
    NavItem("Tests and checks", "quality.index", "flask", "quality.read"),
    NavItem("Holds and recalls", "holds.index", "stop", "batches.read"),
    NavItem("Cases and pallets", "containers.index", "pack", "batches.read"),
    NavItem("Shipments", "shipments.index", "truck", "batches.read"),
    NavItem("Excel sheets", "sheet_lists.index", "upload", "flows.record"),
    NavItem("Label orders", "labels.index", "tag", "labels.read"),
    NavItem("Copied codes?", "scan_alarms.index", "scan", "scans.watch"),
    NavItem("Findings in markets", "field_findings.index", "search", "licences.inspect"),
    NavItem("Inspectors' telephones", "field_devices.index", "phone", "field_devices.oversee"),
    NavItem("Rulebook", "rulebooks.index", "list"),
    NavItem("Standards", "standard_drafts.index", "file", "standards.read"),
    NavItem("Adoption and training", "adoptions.index", "check-circle"),
    NavItem("Brand schemes", "schemes.index", "certificate"),
    NavItem("Log and witnesses", "transparency.desk", "log", "audit.read"),
    NavItem("Work calendar", "calendar.show", "calendar", "calendar.manage"),
    NavItem("Keys and backup", "keys.index", "certificate", "keys.read"),
]


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """The WSGI application; raises at start when a route declares no policy."""
    logs.configure()
    settings = settings or Settings()
    app = Service("brandtrace", template_folder=str(resource("templates")), static_folder=str(resource("static")))
    database = database or Database(settings.database)
    requests.init(app, settings, database)
    protection.init(app, settings)
    problems.init(app)
    signin.init(app, settings)
    languages.init(app)  # after sign-in: its library brings a translation function of its own, and ours must stand
    policies.init(app)
    pages.init(app, NAVIGATION)
    parts.init(app, settings, database)
    service = api.init(app, version("brandtrace"))
    _web(app)
    _api(app, service)
    policies.check_complete(app)
    return app


def create_service() -> Flask:
    """The application, with log and left work going on at once: for the process that serves, after it forked."""
    app = create_app()
    with app.app_context():
        parts.parts().start()
    return app


def _web(app: Flask) -> None:
    """Page doors."""
    for door in (
        public,
        accounts,
        schemes,
        scheme_changes,
        office_tables,
        product_rules,
        brand_marks,
        calendar,
        enterprises,
        assets,
        endorsements,
        merges,
        members,
        applications,
        materials,
        reviews,
        licences,
        inspections,
        appeals,
        guidance,
        certificates,
        register,
        catalogue,
        offerings,
        open_data,
        complain,
        complaints,
        rulebooks,
        standards,
        standard_drafts,
        adoptions,
        desk,
        herds,
        grazings,
        custody,
        animals,
        care,
        quarantine,
        alarms,
        jobs,
        flows,
        undoing,
        lairage,
        batches,
        commitments,
        genealogy,
        grading,
        ph,
        purchases,
        plot_care,
        imports,
        sheet_lists,
        quality,
        checks,
        free_tests,
        limits,
        holds,
        recall_cases,
        recalls,
        receipts,
        container_codes,
        container_tags,
        containers,
        shipments,
        scan_alarms,
        labels,
        label_prints,
        label_runs,
        label_stops,
        label_totals,
        second_codes,
        places,
        capacities,
        supply,
        gtins,
        scan,
        inspector,
        kept_receipts,
        field_devices,
        field_findings,
        resolver,
        batch_codes,
        batch_tags,
        share_pictures,
        log,
        transparency,
        keys,
        trust,
        well_known,
        ownership,
    ):
        app.register_blueprint(door.bp)


def _api(app: Flask, service: api.Api) -> None:
    """API doors."""
    for door in (
        api_schemes,
        api_scheme_changes,
        api_office_tables,
        api_product_rules,
        api_brand_marks,
        api_brand_moves,
        api_standards,
        api_adoptions,
        api_desk,
        api_several,
        api_enterprises,
        api_assets,
        api_endorsements,
        api_merges,
        api_members,
        api_applications,
        api_guidance,
        api_inspections,
        api_appeals,
        api_materials,
        api_reviews,
        api_register,
        api_offerings,
        api_complaints,
        api_rulebooks,
        api_herds,
        api_sheets,
        api_sheet_jobs,
        api_grazings,
        api_custody,
        api_care,
        api_quarantine,
        api_lairage,
        api_batches,
        api_batch_tags,
        api_flows,
        api_undoing,
        api_quality,
        api_checks,
        api_free_tests,
        api_limits,
        api_commitments,
        api_genealogy,
        api_grading,
        api_purchases,
        api_plot_care,
        api_holds,
        api_recalls,
        api_receipts,
        api_containers,
        api_shipments,
        api_scans,
        api_labels,
        api_places,
        api_capacities,
        api_supply,
        api_codes,
        api_field_devices,
        api_field_findings,
        api_inspector,
        api_gtins,
        api_log,
    ):
        service.register_blueprint(door.blp)
