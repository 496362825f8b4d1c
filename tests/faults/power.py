"""Simulates power cuts under SQLite: what was not synced vanishes. Run as a program of its own, one mode per run.

Every write, truncation and sync that SQLite does goes through a layer between it and the operating system (its VFS).
A cut takes of each file what was there at its last sync, and of the writes since then any beginning, or none; names and
deletions count at once, which is kinder to the control than to us. The same is done for the files that Python writes
with ``durable.write``: a replaced file counts once its folder was synced.
"""

from __future__ import annotations

import ctypes
import random
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysqlite3._sqlite3 as driver

_LIBRARY = ctypes.CDLL(driver.__file__)
_POINTER = ctypes.c_void_p


class _File(ctypes.Structure):
    _fields_ = [("methods", ctypes.POINTER(_POINTER))]


_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int)
# Names stay pointers: behind a name SQLite keeps more that its own functions read.
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER, _POINTER, ctypes.c_int, _POINTER)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER, ctypes.c_int)
#: Places in sqlite3_io_methods (after iVersion) and in sqlite3_vfs, in pointers. Source: sqlite3.h, stable since 3.7.
_IO_WRITE, _IO_TRUNCATE, _IO_SYNC, _IO_LENGTH = 3, 4, 5, 19
_VFS_OPEN, _VFS_DELETE = 5, 6


class Disk:
    """What has reached the platter, and what is still on its way, per file."""

    def __init__(self) -> None:
        self._guard = threading.RLock()
        self._synced: dict[str, bytes] = {}
        self._pending: dict[str, list[tuple[int, bytes | None]]] = {}
        self.syncs = 0

    def wrote(self, name: str, at: int, data: bytes | None) -> None:
        """``data`` at a place, or (None) the file cut to that length."""
        with self._guard:
            self._pending.setdefault(name, []).append((at, data))

    def synced(self, name: str) -> None:
        with self._guard:
            self._synced[name] = _applied(self._synced.get(name, b""), self._pending.pop(name, []))
            self.syncs += 1

    def whole(self, name: str, data: bytes) -> None:
        with self._guard:
            self._synced[name] = data

    def gone(self, name: str) -> None:
        with self._guard:
            self._synced.pop(name, None)
            self._pending.pop(name, None)

    def cut(self, folder: Path, chance: random.Random, *acknowledged: Callable[[], object]) -> list[object]:
        """Write into ``folder`` what a power cut now leaves; gives what each of ``acknowledged`` says just then."""
        with self._guard:
            said = [one() for one in acknowledged]
            for name in {*self._synced, *self._pending}:
                pending = self._pending.get(name, [])
                kept = pending[: chance.choice((0, 0, chance.randrange(len(pending) + 1)))]
                data = _applied(self._synced.get(name, b""), kept)
                target = folder / name.lstrip("/")
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                target.write_bytes(data)
                target.chmod(0o600)
        return said


def _applied(data: bytes, writes: list[tuple[int, bytes | None]]) -> bytes:
    found = bytearray(data)
    for at, piece in writes:
        if piece is None:
            del found[at:]
            continue
        if len(found) < at:
            found.extend(bytes(at - len(found)))
        found[at : at + len(piece)] = piece
    return bytes(found)


def between(disk: Disk) -> None:
    """Put the layer between SQLite and the system, for every file but the shared memory of the WAL."""
    _LIBRARY.sqlite3_vfs_find.restype = _POINTER
    vfs = _LIBRARY.sqlite3_vfs_find(None)
    table = ctypes.cast(vfs, ctypes.POINTER(_POINTER))
    original_open, original_delete = _OPEN(table[_VFS_OPEN]), _DELETE(table[_VFS_DELETE])
    names: dict[int, str] = {}
    methods: dict[int, Any] = {}

    def open_(vfs_: int, name: int, file: int, flags: int, out: int) -> int:
        result = int(original_open(vfs_, name, file, flags, out))
        if result == 0 and name:
            names[file] = ctypes.string_at(name).decode()
            handle = _File.from_address(file)
            key = ctypes.addressof(handle.methods.contents)
            if key not in methods:
                methods[key] = _layer(disk, names, handle.methods)
            handle.methods = ctypes.cast(methods[key][0], ctypes.POINTER(_POINTER))
        return result

    def delete(vfs_: int, name: int, sync: int) -> int:
        result = int(original_delete(vfs_, name, sync))
        if result == 0:
            disk.gone(ctypes.string_at(name).decode())
        return result

    kept = _OPEN(open_), _DELETE(delete)
    _KEPT.append(kept)
    table[_VFS_OPEN], table[_VFS_DELETE] = (ctypes.cast(one, _POINTER).value for one in kept)


_KEPT: list[Any] = []


def _layer(disk: Disk, names: dict[int, str], original: Any) -> tuple[Any, ...]:
    """A copy of SQLite's table of file functions with three of them told to the disk."""
    copied = (_POINTER * _IO_LENGTH)(*(original[place] for place in range(_IO_LENGTH)))
    write, truncate, sync = _WRITE(original[_IO_WRITE]), _TRUNCATE(original[_IO_TRUNCATE]), _SYNC(original[_IO_SYNC])

    def write_(file: int, data: int, size: int, at: int) -> int:
        result = int(write(file, data, size, at))
        if result == 0:
            disk.wrote(names[file], at, ctypes.string_at(data, size))
        return result

    def truncate_(file: int, size: int) -> int:
        result = int(truncate(file, size))
        if result == 0:
            disk.wrote(names[file], size, None)
        return result

    def sync_(file: int, flags: int) -> int:
        result = int(sync(file, flags))
        if result == 0:
            disk.synced(names[file])
        return result

    functions = _WRITE(write_), _TRUNCATE(truncate_), _SYNC(sync_)
    for place, one in zip((_IO_WRITE, _IO_TRUNCATE, _IO_SYNC), functions, strict=True):
        copied[place] = ctypes.cast(one, _POINTER).value
    return copied, functions, (write, truncate, sync)


if __name__ == "__main__":
    sys.exit("import it")
