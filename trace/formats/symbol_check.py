"""The last look before release: every symbol is read back by a decoder that is not ours.

Reader: zxing-cpp. One pixel per module and no search for the symbol: the drawing is in question, not the camera.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import zxingcpp

from brand.kernel.errors import refused
from trace.formats.qr_tables import QUIET_MODULES, Modules

_QR_ONLY: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def decode_check(matrices: Modules, texts: Sequence[str]) -> None:
    """Every matrix of ``(n, size, size)`` must read as the text at its place; else `labels.symbol_unreadable`."""
    around = (QUIET_MODULES, QUIET_MODULES)
    images = np.where(np.pad(matrices, ((0, 0), around, around)), np.uint8(0), np.uint8(255))
    for image, text in zip(images, texts, strict=True):
        read = zxingcpp.read_barcode(
            image,
            formats=_QR_ONLY,
            try_rotate=False,
            try_downscale=False,
            try_invert=False,
            binarizer=zxingcpp.Binarizer.FixedThreshold,
            is_pure=True,
        )
        if read is None or read.text != text:
            raise refused("labels.symbol_unreadable", text=text)
