"""A PDF file written front to back: numbered objects go straight to the output, only their offsets are remembered.

Source: ISO 32000-1 clause 7.5 (file structure), 7.7.3 (page tree), 14.4 (file identifiers). Nothing in the file
depends on the clock: its identifier is a digest of its own bytes.
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from typing import BinaryIO, Final

_PAGES_PER_NODE: Final = 100
# Measured on label sheets: 1 gives 411 bytes per label, 3 gives 401 at the same speed, 6 gives 386 in twice the time.
_COMPRESSION: Final = 3


class PdfFile:
    """Objects may be referred to before they are written: ``reserve`` a number now, ``write`` it when it is known."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self._offset = 0
        self._offsets = array("Q", [0])
        self._nodes = array("Q")
        self._node_pages: list[int] = []
        self._pages = 0
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._root = self.reserve()

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self._digest.update(data)
        self._offset += len(data)

    def reserve(self) -> int:
        """The number of an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def write(self, number: int, body: bytes) -> int:
        """Write the object reserved under ``number``; returns the number."""
        self._offsets[number] = self._offset
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def add(self, body: bytes) -> int:
        return self.write(self.reserve(), body)

    def add_stream(self, data: bytes, entries: bytes = b"") -> int:
        """A stream object, compressed; ``entries`` are further keys of its dictionary."""
        packed = zlib.compress(data, _COMPRESSION)
        head = b"<</Filter/FlateDecode/Length %d%b>>" % (len(packed), entries)
        return self.add(b"%b\nstream\n%b\nendstream" % (head, packed))

    def add_page(self, content: bytes) -> None:
        """One page; size and resources are inherited from the root of the page tree."""
        if self._pages % _PAGES_PER_NODE == 0:
            self._close_node()
            self._nodes.append(self.reserve())
        drawn = self.add_stream(content)
        self._node_pages.append(self.add(b"<</Type/Page/Parent %d 0 R/Contents %d 0 R>>" % (self._nodes[-1], drawn)))
        self._pages += 1

    def _close_node(self) -> None:
        if self._node_pages:
            kids = b" ".join(b"%d 0 R" % page for page in self._node_pages)
            body = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>" % (self._root, len(self._node_pages), kids)
            self.write(self._nodes[-1], body)
            self._node_pages.clear()

    def finish(self, page_entries: bytes, catalogue_entries: bytes) -> None:
        """Write page tree, catalogue, cross-reference table and trailer."""
        self._close_node()
        kids = b" ".join(b"%d 0 R" % node for node in self._nodes)
        self.write(self._root, b"<</Type/Pages/Count %d/Kids[%b]%b>>" % (self._pages, kids, page_entries))
        catalogue = self.add(b"<</Type/Catalog/Pages %d 0 R%b>>" % (self._root, catalogue_entries))
        self._write_table(catalogue)

    def _write_table(self, catalogue: int) -> None:
        identity = self._digest.hexdigest()[:32].encode("ascii")
        start, count = self._offset, len(self._offsets)
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        for first in range(1, count, 4096):
            self._put(b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets[first : first + 4096]))
        self._put(
            b"trailer\n<</Size %d/Root %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (count, catalogue, identity, identity, start)
        )
