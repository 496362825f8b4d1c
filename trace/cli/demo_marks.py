"""What the demo brand carries: a trademark to renew, a logo taken by a licensee, a value that two persons change."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw
from sqlmodel import Session, col, select

from brand.kernel.uploads import PNG, Upload
from brand.kernel.work import Work
from brand.models.brand_marks import BrandFile
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Brand, Scheme
from brand.services import brand_marks, scheme_changes

#: Ten years less this many days ago: the term ends within the last twelve months.
_REGISTERED_BEFORE = 10 * 365 - 200


def keep_logo(work: Work) -> None:
    """A logo for licensees."""
    brand = _brand(work.session)
    brand_marks.add_file(work, brand.id, upload=_logo(), file_kind="logo", title="示范标识", licensees=True)


def keep_trademark(work: Work) -> None:
    """A trademark near the end of its term."""
    brand = _brand(work.session)
    brand_marks.add_trademark(
        work,
        brand.id,
        number="000001",
        nice_class=29,
        kind="certification",
        holder="乌拉特中旗政府主管部门（示范）",
        registered_on=work.today - timedelta(days=_REGISTERED_BEFORE),
    )


def take_logo(work: Work) -> None:
    """The licensee takes the logo for its packaging, on record."""
    file = work.session.exec(select(BrandFile).order_by(col(BrandFile.edition))).one()
    brand_marks.take_file(work, file.id, use="packaging")


def propose_longer_window(work: Work) -> None:
    """The first change of the scheme: a longer time to renew."""
    _propose(work, "renewal_window_months", 4, "参照示范意见：到期前4个月受理续展（示范）")


def agree(work: Work) -> None:
    """Somebody else agrees, and the second edition is in force."""
    change = work.session.exec(select(SchemeChange).where(SchemeChange.state == "open")).one()
    scheme_changes.step(work, change.id, "approve", version=change.version)


def propose_longer_notice(work: Work) -> None:
    """A change that waits for the second person."""
    _propose(work, "notice_working_days", 7, "参照示范意见：公示期延长为7个工作日（示范）")


def _propose(work: Work, key: str, value: int, provenance: str) -> None:
    scheme = work.session.exec(select(Scheme)).one()
    words = {
        "provenance_en": "By analogy from a demo opinion",
        "confidence": "D",
        "reason": "示范：便于边远苏木群众办理",
    }
    scheme_changes.propose_policy(work, scheme.id, key, value=value, provenance=provenance, **words)


def _brand(session: Session) -> Brand:
    return session.exec(select(Brand).where(Brand.code == "pastoral")).one()


def _logo() -> Upload:
    """Hills under a sun, drawn here; no registered mark of anybody."""
    picture = Image.new("RGB", (320, 320), "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((200, 40, 270, 110), fill="#d9902f")
    pen.polygon([(0, 250), (110, 120), (200, 220), (250, 170), (320, 260), (320, 320), (0, 320)], fill="#2f6b45")
    data = BytesIO()
    picture.save(data, "PNG")
    found = data.getvalue()
    return Upload("示范标识.png", PNG, found, hashlib.sha256(found).hexdigest())
