"""Shapes of complaints: what anybody may send, what the office types with a step, and what each of them reads."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.rules.complaint_flow import HANDLERS, ComplaintState, Kind
from brand.schemas.applications import LARGEST_VERSION
from brand.schemas.shape import Shape, Text, Whole, one_of


class ComplaintIn(Shape):
    """What anybody may send, without an account; ``notice`` is the number objected to."""

    kind = one_of(Kind, required=True)
    what = Text(2000, lines=True, required=True)
    place = Text(200, load_default="")
    happened_on = fields.Date(load_default=None, allow_none=True)
    code = Text(300, load_default="")
    notice = Text(30, load_default="")
    name = Text(60, load_default="")
    contact = Text(100, load_default="")


class ComplaintPage(ComplaintIn):
    """The same from the page: with the token of the form, and a field people leave empty and robots fill in."""

    token = Text(64, required=True)
    website = Text(200, load_default="", checks=[validate.Length(max=0, error="complaints.robot")])


class ReplyIn(Shape):
    """Further words of the complainant."""

    words = Text(2000, lines=True, required=True)


class DissentIn(Shape):
    """What an answer leaves open, in the complainant's words."""

    why = Text(2000, lines=True, required=True)


class ComplaintStepIn(Shape):
    """One step of the office: the version the person saw, and what it says."""

    version = Whole(1, LARGEST_VERSION, required=True)
    reason_code = Text(60, load_default="")
    comment = Text(2000, lines=True, load_default="")
    handler = Text(20, load_default="")


class ComplaintsIn(Shape):
    """What the queue may be asked for."""

    q = Text(60, load_default="")
    kind = one_of(Kind, load_default="")
    state = one_of(ComplaintState, load_default="")
    handler = fields.String(
        load_default="", validate=validate.OneOf(["mine", *map(str, HANDLERS)], error="input.not_a_choice")
    )
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class TicketOut(Shape):
    """What the sender gets: the number, and the link that opens the answers. The link is given only here."""

    number = fields.String()
    kind = fields.String()
    state = fields.String()
    link = fields.String()


class ComplaintRowOut(Shape):
    """One complaint in the queue."""

    id = fields.String(attribute="complaint.id")
    number = fields.String(attribute="complaint.number")
    kind = fields.String(attribute="complaint.kind")
    state = fields.String(attribute="complaint.state")
    version = fields.Integer(attribute="complaint.version")
    what = fields.String(attribute="complaint.what")
    place = fields.String(attribute="complaint.place")
    happened_on = fields.Date(attribute="complaint.happened_on", allow_none=True)
    code = fields.String(attribute="complaint.code")
    received_at = fields.DateTime(attribute="complaint.received_at")
    due_on = fields.Date(attribute="due.end", allow_none=True)
    due_provisional = fields.Boolean(attribute="due.provisional", allow_none=True)
    urgency = fields.String(allow_none=True)
    handler_role = fields.String(attribute="complaint.handler_role")
    handler_id = fields.String(attribute="complaint.handler_id", allow_none=True)
    escalated = fields.Boolean()
    unread = fields.Boolean(attribute="complaint.unread")


class SenderOut(Shape):
    """Who sent it, for those who must talk to that person."""

    name = fields.String()
    contact = fields.String()


class ComplaintLineOut(Shape):
    """One line of the history; ``reply`` are words of the complainant."""

    at = fields.DateTime()
    action = fields.String()
    by = fields.String()
    reason_code = fields.String()
    handler = fields.String()
    words = fields.String()


class PictureOut(Shape):
    """One photograph that came along."""

    id = fields.String()
    media_type = fields.String()
    size_bytes = fields.Integer(attribute="size")


class ComplaintOut(ComplaintRowOut):
    """One complaint with its history and what the asker may do next."""

    notice = fields.String(attribute="notice.number", allow_none=True)
    contact = fields.Nested(SenderOut, allow_none=True)
    pictures = fields.List(fields.Nested(PictureOut))
    history = fields.List(fields.Nested(ComplaintLineOut), attribute="lines")
    open_actions = fields.Function(lambda found: [one.step.action for one in found.open_steps if one.refusal is None])


class ComplaintPageOut(Shape):
    """One page of the queue."""

    rows = fields.List(fields.Nested(ComplaintRowOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()
