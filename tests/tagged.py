"""What the printed tags of a test say, read by a reader that is not ours, and what their pages answer."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import zxingcpp
from flask.testing import FlaskClient


def read(pdf: bytes) -> list[str]:
    """The text of every symbol on every page."""
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    pages = [page.render(scale=203 / 72).to_pil() for page in document]
    document.close()
    return [one.text for page in pages for one in zxingcpp.read_barcodes(page)]


def colour(client: FlaskClient, address: str) -> str:
    """The colour of the verdict on the page behind an address of the test's host."""
    page = client.get(address.removeprefix("http://localhost")).text
    return next(one for one in ("red", "amber", "green", "grey") if f'bt-verdict is-{one}"' in page)
