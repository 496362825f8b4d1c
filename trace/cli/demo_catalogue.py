"""The demo county's catalogue: two offerings of the cooperative with drawn pictures that say what they are."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from sqlmodel import select

from brand.kernel.uploads import PNG, Upload
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from brand.services import offerings

_FACE = "NotoSansCJK-Regular.ttc"
_SIMPLIFIED = 2  # its place in the collection
_GOODS = (
    ("示范草原羊肉卷", "Demo lamb rolls", "500 g", "#b5534a"),
    ("示范法式羊排", "Demo lamb rack", "1 kg", "#8a4b2f"),
)


def list_goods(work: Work, enterprise: Enterprise) -> None:
    """Two offerings under lamb, each with a picture, both listed."""
    product = work.session.exec(select(Product).where(Product.code == "lamb")).one()
    for name, name_en, net, colour in _GOODS:
        one = offerings.write(
            work,
            enterprise.id,
            product_id=product.id,
            name=name,
            name_en=name_en,
            origin="乌拉特中旗（示范）",
            production_date="见包装封口处（示范）",
            standard=product.standard,
            specification="冷冻分割（示范）",
            packaging="真空袋（示范）",
            net_contents=net,
            storage="−18 ℃ 以下",
            after_sales="开封前发现破损可退换（示范）",
            certificates=[],
        )
        picture = _picture(name, colour)
        words = {"alt": f"示意图，不是实物照片：{name}", "alt_en": f"A drawing, no photograph: {name_en}"}
        offerings.add_photo(work, one.id, version=1, upload=picture, **words)
        offerings.step(work, one.id, "list", version=2)


def _picture(name: str, colour: str) -> Upload:
    """A plate on a table, with the word that it is a demonstration."""
    picture = Image.new("RGB", (640, 480), "#efe6d6")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((90, 110, 550, 400), fill="white", outline="#b8ab93", width=6)
    for at in range(3):
        pen.rounded_rectangle((170 + at * 100, 190, 260 + at * 100, 320), 36, fill=colour)
        pen.arc((185 + at * 100, 205, 245 + at * 100, 305), 200, 340, fill="#f6ded5", width=8)
    typeface = BytesIO(files("noto_cjk_sans_otc").joinpath(_FACE).read_bytes())
    letters = ImageFont.truetype(typeface, 40, index=_SIMPLIFIED)
    pen.text((24, 16), f"示范  {name}", fill="#5a4a33", font=letters)
    pen.text((24, 414), "示意图 · 非实物照片", fill="#5a4a33", font=letters)
    data = BytesIO()
    picture.save(data, "PNG", optimize=True)
    found = data.getvalue()
    return Upload(f"{name}.png", PNG, found, hashlib.sha256(found).hexdigest())
