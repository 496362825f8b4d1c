"""The papers and records of the demo's applications: small PDFs that say 示范, and full score sheets."""

from __future__ import annotations

from datetime import date

from brand.kernel import uploads
from brand.kernel.work import Work
from brand.models.licences import Application
from brand.rules.materials import ENDING, MaterialKind
from brand.rules.presets import Use
from brand.rules.reviews import ACTIONS, Opinion, sheets
from brand.services import materials, reviews

#: What the applicants of the demo want to use the brand for.
USES = [Use.PACKAGING.value, Use.SHOP_SIGN.value, Use.LIVE_STREAM.value]
_LARGEST = 10_000
_UNTIL = date(2029, 6, 30)
#: What each record of the demo says.
_WORDS = {
    "review_desk": "材料齐全，产能与草场面积、存栏相符（示范）。",
    "inspect_site": "现场查看草场、圈舍和台账，耳标与记录一致（示范）。",
    "recommend": "苏木镇同意推荐（示范）。",
    "hear_experts": "专家组同意（示范）。",
}


def hand_in(work: Work, application: Application) -> None:
    """One paper of every kind the shipped policy asks for."""
    for kind in MaterialKind:
        if kind in (MaterialKind.TRADEMARK, MaterialKind.PROMISE):
            continue
        paper = uploads.take(f"示范-{kind}.pdf", demo_paper(f"demo {kind}"), most=_LARGEST)
        until = _UNTIL if kind in ENDING else None
        materials.add(work, application.id, kind=kind.value, upload=paper, valid_until=until)


def record(work: Work, application: Application, action: str) -> None:
    """One record of the office, with nearly full points."""
    sheet = sheets().get(ACTIONS[action])
    reviews.record(
        work,
        application.id,
        action,
        version=application.version,
        held_on=work.today,
        opinion=Opinion.PASS,
        present="示范经办员、示范监管员",
        comment=_WORDS[action],
        scores={one.code: one.most - 1 for one in sheet.items} if sheet else {},
    )


def demo_paper(words: str) -> bytes:
    """A one-page PDF with one line of Latin text."""
    drawn = f"BT /F1 18 Tf 60 760 Td ({words}) Tj ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    )
    written, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return written + head + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
