"""The demo county's story, as a table of contents; every step goes through the services of the house.

All people and enterprises are invented and carry 示范; the sheets are the sample input shipped in ``trace/demo``.
"""

from __future__ import annotations

from datetime import datetime

from brand.schemas import presets
from brand.services import schemes
from trace.cli import (
    demo_beef,
    demo_care,
    demo_crops,
    demo_lamb,
    demo_licences,
    demo_people,
    demo_places,
    demo_standards,
    demo_supply,
    demo_tea,
    demo_waiting,
)
from trace.cli.demo_people import COOPERATIVE
from trace.cli.demo_telling import Telling, Told

PRESET = "urad-1-3-10"


def tell(told: Telling, today: datetime) -> Told:
    """The whole story into an empty database, ending at the moment ``today``."""
    told.say("scheme 1-3-10, policy values and work calendar")
    told.act("2026-08-03 09:00", None, lambda work: schemes.load_preset(work, presets.read_shipped(PRESET)))
    told.say("people of the brand office; enterprises join and are confirmed")
    demo_people.office(told)
    demo_people.enterprises_join(told)
    told.say("places: pastures with invented outlines, confirmed by the inspector; a herd on one of them")
    demo_places.declared(told)
    demo_lamb.on_pasture(told)
    told.say("licence: application, review, public notice, decision by a second person")
    demo_licences.granted(told, COOPERATIVE, "lamb", 30000, "川井苏木示范草场 12000 亩，能繁母羊 1200 只")
    told.say("standards: one of the county's own, adoption in batches, a training")
    demo_standards.own(told, today)
    demo_care.after_the_grant(told)
    told.say("batch: 160 carcasses graded, chilled, tested, packed")
    demo_lamb.slaughter_day(told)
    demo_lamb.own_goods(told)
    demo_lamb.looked_at(told)
    told.say("labels: ordered within the allowance, signed, put on packs; cases and a pallet on its way")
    demo_lamb.labelled(told, today)
    demo_lamb.cased(told, today)
    told.say("cattle: three head from their tags to signed packs, graded by hand by two persons")
    demo_beef.from_herd_to_pack(told)
    told.say("a tea garden: care, harvest, making, packets")
    demo_tea.garden_to_packet(told)
    demo_supply.contracted(told)
    told.say("millet, pears and honey: from plot, orchard and apiary to the pack; the honey lacks its test")
    demo_crops.grown(told)
    told.say("work that waits: papers, free tests, an application on notice, an appeal")
    demo_waiting.belongings(told, today)
    demo_waiting.free_tests(told, today)
    demo_waiting.on_notice(told, today)
    demo_waiting.appeal(told, today)
    told.say("the brand's own papers, and what the public sent")
    demo_waiting.marks(told, today)
    demo_waiting.sent_in(told, today)
    return told.told()
