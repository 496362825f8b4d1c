"""Which logs one reads, which witnesses one trusts, and how many of them must have cosigned.

Source: C2SP tlog-policy. One text serves the log (whom to ask), ``verify`` and the monitor (whom to believe).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from brand.kernel.errors import AppError, invalid
from trace.crypto import notes
from trace.crypto.notes import COSIGNATURE, ED25519, Note, Verifier

NONE = "none"
LONGEST = 100_000  # characters
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_URL = re.compile(r"https?://[!-~]{1,500}")


@dataclass(frozen=True, slots=True)
class Witness:
    """``name`` is the policy's own; ``url`` is where it is asked, empty where it is only believed."""

    name: str
    verifier: Verifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Is satisfied when ``least`` of its members (witnesses or earlier groups) are."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """``quorum`` names the witness or group that must be satisfied, or is ``none``."""

    logs: tuple[Verifier, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: Mapping[str, Group] | None = None
    quorum: str = NONE

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        return tuple(one.verifier for one in self.witnesses)

    def satisfied(self, cosigned: Collection[str]) -> bool:
        """Whether those who cosigned, by the policy's own names, are enough."""
        return self.quorum == NONE or self._holds(self.quorum, cosigned)

    def cosigners(self, note: Note) -> tuple[str, ...]:
        """Names of the witnesses whose cosignatures the note carries; raises ``notes.signature_wrong``."""
        keys = {(one.verifier.name, one.verifier.key_id): one.name for one in self.witnesses}
        if not any((one.name, one.key_id) in keys for one in note.signatures):
            return ()
        found = notes.verified(note, self.verifiers)
        return tuple(dict.fromkeys(keys[one.name, one.key_id] for one in found))

    def least(self) -> int:
        """The smallest number of witnesses that satisfies the policy."""
        return self._least(self.quorum)

    def _holds(self, name: str, cosigned: Collection[str]) -> bool:
        group = (self.groups or {}).get(name)
        if group is None:
            return name in cosigned
        return sum(self._holds(one, cosigned) for one in group.members) >= group.least

    def _least(self, name: str) -> int:
        if name == NONE:
            return 0
        group = (self.groups or {}).get(name)
        return 1 if group is None else sum(sorted(map(self._least, group.members))[: group.least])


def parse(text: str) -> Policy:
    """Read a policy; raises ``log_policies.line`` with the line that is wrong, or ``log_policies.no_quorum``."""
    if len(text) > LONGEST:
        raise invalid("log_policies.line", line=1)
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.split()
        if words and not words[0].startswith("#") and not reader.take(words):
            raise invalid("log_policies.line", line=number)
    if reader.quorum is None:
        raise invalid("log_policies.no_quorum")
    return Policy(tuple(reader.logs), tuple(reader.witnesses), reader.groups, reader.quorum)


class _Reader:
    """The lines so far; a name means something only after the line that gave it."""

    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: list[Witness] = []
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._named: set[str] = set()
        self._used: set[str] = set()

    def take(self, words: list[str]) -> bool:
        """Whether the line could be taken."""
        kind, *rest = words
        match kind, rest:
            case "log", [vkey, *url] if len(url) <= 1:
                return self._log(vkey, *url)
            case "witness", [name, vkey, *url] if len(url) <= 1:
                return self._witness(name, vkey, *url)
            case "group", [name, least, *members] if members:
                return self._group(name, least, members)
            case "quorum", [name] if self.quorum is None and (name == NONE or name in self._named):
                self.quorum = name
                return True
        return False

    def _log(self, vkey: str, url: str = "") -> bool:
        found = _verifier(vkey, ED25519)
        if found is None or not _address(url):
            return False
        self.logs.append(found)
        return True

    def _witness(self, name: str, vkey: str, url: str = "") -> bool:
        found = _verifier(vkey, COSIGNATURE)
        if found is None or not _address(url) or any(one.verifier == found for one in self.witnesses):
            return False
        self.witnesses.append(Witness(name, found, url))
        return self._name(name)

    def _group(self, name: str, least: str, members: list[str]) -> bool:
        wanted = {"any": "1", "all": str(len(members))}.get(least, least)
        if not re.fullmatch("[1-9][0-9]{0,3}", wanted) or int(wanted) > len(members):
            return False
        # A member counts once: a witness in two groups would be one body counted as two.
        if len(set(members)) != len(members) or not set(members) <= self._named or set(members) & self._used:
            return False
        self._used |= set(members)
        self.groups[name] = Group(int(wanted), tuple(members))
        return self._name(name)

    def _name(self, name: str) -> bool:
        fine = _NAME.fullmatch(name) is not None and name != NONE and name not in self._named
        self._named.add(name)
        return fine


def _verifier(vkey: str, kind: int) -> Verifier | None:
    try:
        found = notes.verifier(vkey)
    except AppError:
        return None
    return found if found.kind == kind else None


def _address(url: str) -> bool:
    return not url or _URL.fullmatch(url) is not None
