"""Signs a code that many labels bear, once a key: whoever asks again or at the same moment has what is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from brand.kernel.work import Work
from trace.crypto.code_profiles import Code
from trace.models.batch_tags import BatchTag
from trace.models.container_tags import ContainerTag
from trace.services import keys, label_stops
from trace.services.signer import LabelSigner

Tag = TypeVar("Tag", BatchTag, ContainerTag)


def signed_once(
    work: Work, signer: LabelSigner, kind: type[Tag], code: Code, *, owner: str, licences: Iterable[str], **named: str
) -> tuple[Tag, bool]:
    """The row of ``named`` under the owner's present key, and whether it is new and its act still to be told.

    ``licences`` are those of everything the code speaks for. Raises ``label_stops.stopped`` and the keys' refusals.
    """
    key = keys.current(work, signer, owner)
    for licence_id in licences:
        label_stops.refuse_stopped(work, licence_id=licence_id, kid=key.kid)
    its = select(kind).filter_by(kid=key.kid, **named)
    found = work.session.exec(its).first()
    if found is not None:
        return found, False
    signature = signer.sign(key.kid, work.now, [code])[0].rpartition(".")[2]
    by = work.actor.person_id or ""
    made = kind(kid=key.kid, signature=signature, issued_at=work.now, issued_by=by, **named)
    try:
        with work.session.begin_nested():
            work.session.add(made)
    except IntegrityError:  # two who ask first at once have the same code
        return work.session.exec(its).one(), False
    return made, True
