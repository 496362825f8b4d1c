"""Shapes of adoptions of standards in batches, and of trainings, for readers of the API."""

from __future__ import annotations

from marshmallow import fields

from brand.schemas.shape import Shape


class EnrolmentOut(Shape):
    """A batch; an enterprise reads its own adoptions and the number of all."""

    id = fields.String(attribute="enrolment.id")
    standard = fields.String(attribute="standard.code")
    edition = fields.String(attribute="edition.label")
    name = fields.String(attribute="enrolment.name")
    opens_on = fields.Date(attribute="enrolment.opens_on")
    closes_on = fields.Date(attribute="enrolment.closes_on")
    running = fields.Boolean()
    total = fields.Integer()
    adoptions = fields.Function(
        lambda row: [
            {"enterprise_id": firm.id, "enterprise": firm.name, "adopted_on": one.adopted_on.isoformat()}
            for one, firm in row.adoptions
        ]
    )
    open_to = fields.Function(lambda row: [one.id for one in row.open_to])


class EnrolmentsOut(Shape):
    """Every batch, the latest first."""

    rows = fields.List(fields.Nested(EnrolmentOut))


class TrainingOut(Shape):
    """A training; an enterprise reads its own attendance and the numbers of all."""

    id = fields.String(attribute="training.id")
    standard = fields.String(attribute="standard.code")
    title = fields.String(attribute="training.title")
    held_on = fields.Date(attribute="training.held_on")
    place = fields.String(attribute="training.place")
    trainer = fields.String(attribute="training.trainer")
    enterprises = fields.Integer()
    people = fields.Integer()
    attendances = fields.Function(
        lambda row: [
            {"enterprise_id": firm.id, "enterprise": firm.name, "people": one.people} for one, firm in row.attendances
        ]
    )


class TrainingsOut(Shape):
    """Every training, the latest first."""

    rows = fields.List(fields.Nested(TrainingOut))
