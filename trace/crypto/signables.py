"""What our keys sign: each kind of document with the role whose key signs it, and the exact bytes.

The signer builds the bytes itself from the parts, so that nobody can have a text of one kind signed as another. Source:
threat model, part 4.2; codes-and-log plan, part 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from brand.kernel.errors import invalid, refused
from trace.crypto import canonical, label_codes, notes
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.sealed_keys import Role

#: Files of the registry that only ever get newer; the signer keeps the last version of each.
TRUST_TOPICS = ("trust-bundle", "revocations")
RECEIPT, BACKUP = "receipt", "backup"
_TOPIC = re.compile("[a-z][a-z-]{0,39}")


class Signable(Protocol):
    """A document one role may sign."""

    @property
    def role(self) -> Role: ...

    def texts(self, kid: str) -> list[bytes]:
        """The bytes to be signed with the key ``kid``, one signature each."""


@dataclass(frozen=True, slots=True)
class LabelRun:
    """Codes of one run, by their element strings."""

    origin: str
    elements: tuple[str, ...]
    role = Role.LABEL

    def texts(self, kid: str) -> list[bytes]:
        return label_codes.signed_run(self.origin, self.elements, kid)


@dataclass(frozen=True, slots=True)
class Head:
    """A head of the log; ``proof`` shows that it extends the last one the signer knows."""

    checkpoint: Checkpoint
    proof: tuple[bytes, ...]
    role = Role.LOG

    def texts(self, kid: str) -> list[bytes]:
        del kid
        return [self.checkpoint.text.encode("utf-8")]


@dataclass(frozen=True, slots=True)
class OfficeStatement:
    """``message`` as ``brand/kernel/statements`` builds it: its first line names the topic, its third the key."""

    message: bytes
    role = Role.ENDORSEMENT

    def texts(self, kid: str) -> list[bytes]:
        """Raises ``signer.topic`` for a topic that is not the office's, or a message that names another key."""
        lines = self.message.split(b"\n", 3)
        topic = topic_of(lines[0].decode("utf-8", "replace"))
        if len(lines) < 4 or topic in (*TRUST_TOPICS, RECEIPT, BACKUP, "label", "") or lines[2] != kid.encode():
            raise refused("signer.topic", topic=topic)
        return [self.message]


@dataclass(frozen=True, slots=True)
class RegistryNote:
    """A note of the registry: its first line names topic and version, then one line of canonical JSON.

    ``receipt`` is signed with a receipt key, everything else with the trust key.
    """

    topic: str
    body: dict[str, object]

    @property
    def role(self) -> Role:
        return Role.RECEIPT if self.topic == RECEIPT else Role.TRUST

    @property
    def text(self) -> str:
        return f"{first_line(self.topic)}\n{canonical.canonical(self.body).decode('utf-8')}\n"

    def texts(self, kid: str) -> list[bytes]:
        """Raises ``signer.topic`` for a topic that is not ours."""
        del kid
        if self.topic not in (*TRUST_TOPICS, RECEIPT, BACKUP):
            raise refused("signer.topic", topic=self.topic)
        return [self.text.encode("utf-8")]


def first_line(topic: str) -> str:
    return f"brandtrace/{topic}/v1"


def topic_of(line: str) -> str:
    """The topic a first line names, or nothing."""
    found = line.removeprefix("brandtrace/").removesuffix("/v1")
    return found if _TOPIC.fullmatch(found) and line == first_line(found) else ""


def read_note(written: str, *topics: str) -> tuple[notes.Note, RegistryNote]:
    """A note of the registry as it was written, none of its signatures checked.

    Raises what ``notes.parse`` and ``canonical.parse`` raise, ``signer.note_shape`` and, for another topic than those
    asked for, ``signer.note_topic``.
    """
    note = notes.parse(written)
    first, _, rest = note.text.partition("\n")
    topic = topic_of(first)
    if topic not in topics:
        raise invalid("signer.note_topic", topic=first[:60])
    body = canonical.parse(rest[:-1])
    found = RegistryNote(topic, body)
    if not isinstance(body, dict) or found.text != note.text:
        raise invalid("signer.note_shape")
    return note, found


def signer_name(origin: str, topic: str) -> str:
    """The name under which a note of this topic is signed: the registry's, and what the key is for."""
    return f"{origin}/{RegistryNote(topic, {}).role}"
