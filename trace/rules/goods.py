"""Words for goods: what a batch came from, in which units it is stated, and what an event can be about.

Source: product plan, T2 and T3 (commission, split, merge, transform); the stages of the goods are data (``flows``).
"""

from __future__ import annotations

from enum import StrEnum


class BatchKind(StrEnum):
    """How a batch came to be."""

    SLAUGHTER = "slaughter"
    HARVEST = "harvest"
    COLLECTED = "collected"
    MADE = "made"
    SPLIT = "split"
    MERGED = "merged"


class Unit(StrEnum):
    """In what a quantity is stated; kilograms are kept beside every one of them."""

    KG = "kg"
    HEAD = "head"
    BOX = "box"


class Subject(StrEnum):
    """What an event is about; of a batch it also carries the batch's id."""

    BATCH = "batch"
    HERD = "herd"
    ANIMAL = "animal"
    PLACE = "place"
    SHIPMENT = "shipment"
    CONTAINER = "container"
