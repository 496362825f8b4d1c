"""Who signs: files that others could read are not opened, ceilings hold, and the process of its own signs the same."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from brand.kernel.errors import AppError
from tests import make
from trace.crypto import keys, label_codes, merkle, test_keys
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import fresh_batch_code
from trace.crypto.sealed_keys import WEAKEST, Role, seal
from trace.crypto.signables import Head, LabelRun, OfficeStatement, RegistryNote, read_note
from trace.services.key_files import KeyFiles, loose
from trace.services.log_signer import note_of
from trace.services.signer import LabelSigner, Signer
from trace.services.signer_process import RemoteSigner, SignerServer

NOW, LATER = make.MONDAY, make.MONDAY + timedelta(days=90)
CODE = UnitCode(fresh_batch_code(), "0123456789ABCDEF")


@pytest.fixture
def files(tmp_path: Path) -> KeyFiles:
    return KeyFiles(
        tmp_path / "keys", make.PASSPHRASE, cost=WEAKEST, ceilings={Role.LABEL: 3, Role.LOG: 9, Role.TRUST: 9}
    )


@pytest.fixture
def server(files: KeyFiles, tmp_path: Path) -> Iterator[SignerServer]:
    with SignerServer(tmp_path / "run/signer", files, [os.geteuid()], lambda: NOW) as found:
        threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield found
        found.shutdown()


@pytest.fixture(params=["here", "process"])
def signer(request: pytest.FixtureRequest, files: KeyFiles, tmp_path: Path) -> Signer:
    if request.param == "here":
        return files
    request.getfixturevalue("server")
    return RemoteSigner(tmp_path / "run/signer")


def made(signer: Signer, role: Role, kid: str = "aa1") -> keys.PublicKey:
    return signer.create(role, kid, NOW - timedelta(days=1), LATER, NOW)


def refusal(act, *given) -> str:
    with pytest.raises(AppError) as found:
        act(*given)
    return found.value.code


def test_labels_signed_here_or_there_are_the_same_codes(signer: Signer) -> None:
    public = made(signer, Role.LABEL)
    (address,) = LabelSigner(signer, make.ORIGIN).sign("aa1", NOW, [CODE])
    assert label_codes.verify(public, make.ORIGIN, label_codes.parse(address))
    assert refusal(made, signer, Role.LABEL) == "keys.kid_taken"


def test_a_head_is_signed_once_for_its_size(signer: Signer) -> None:
    made(signer, Role.LOG)
    first = Checkpoint(make.ORIGIN, 3, b"1" * 32)
    note = note_of(first.text, make.ORIGIN, signer.sign("aa1", NOW, Head(first, ())))
    assert note == note_of(first.text, make.ORIGIN, signer.sign("aa1", NOW, Head(first, ())))
    assert signer.state().head == (3, b"1" * 32)
    wrong = {
        "log.head_behind": Checkpoint(make.ORIGIN, 2, b"1" * 32),
        "log.head_differs": Checkpoint(make.ORIGIN, 3, b"2" * 32),
        "merkle.proof_length": Checkpoint(make.ORIGIN, 4, merkle.EMPTY_ROOT),
    }
    for code, checkpoint in wrong.items():
        assert refusal(signer.sign, "aa1", NOW, Head(checkpoint, ())) == code


def test_files_of_the_registry_only_get_newer(signer: Signer) -> None:
    made(signer, Role.TRUST)
    second = RegistryNote("trust-bundle", {"version": 2})
    _, read = read_note(note_of(second.text, "name", signer.sign("aa1", NOW, second)), "trust-bundle")
    assert read == second
    assert signer.sign("aa1", NOW, second), "the same once more, for a second key or after a crash"
    for body in ({"version": 2, "keys": []}, {"version": 1}, {"version": "3"}):
        assert refusal(signer.sign, "aa1", NOW, RegistryNote("trust-bundle", body)) == "signer.version"
    assert signer.sign("aa1", NOW, RegistryNote("revocations", {"version": 1})), "each topic counts by itself"
    assert signer.state().versions == {"trust-bundle": 2, "revocations": 1}


def test_no_key_signs_what_another_role_signs(signer: Signer) -> None:
    made(signer, Role.ENDORSEMENT)
    for topic in ("label", "receipt", "trust-bundle", "backup"):
        message = f"brandtrace/{topic}/v1\n{make.ORIGIN}\naa1\nx".encode()
        assert refusal(signer.sign, "aa1", NOW, OfficeStatement(message)) == "signer.topic"
    assert refusal(signer.sign, "aa1", NOW, OfficeStatement(b"anything at all")) == "signer.topic"
    other_key = f"brandtrace/endorsement/v1\n{make.ORIGIN}\nzz9\nx".encode()
    assert refusal(signer.sign, "aa1", NOW, OfficeStatement(other_key)) == "signer.topic"
    assert refusal(signer.sign, "aa1", NOW, LabelRun(make.ORIGIN, ("b:1",))) == "keys.private_missing"
    assert refusal(signer.sign, "aa1", NOW, RegistryNote("diary", {})) == "keys.private_missing"


def test_a_days_ceiling_holds_and_ends_with_the_day(files: KeyFiles) -> None:
    made(files, Role.LABEL)
    labels = LabelSigner(files, make.ORIGIN)
    labels.sign("aa1", NOW, [CODE] * 2)
    assert refusal(labels.sign, "aa1", NOW, [CODE] * 2) == "signer.ceiling"
    again = KeyFiles(files.folder, make.PASSPHRASE, cost=WEAKEST, ceilings={Role.LABEL: 3})
    assert again.state().counts == {"label": 2}, "what was refused is not counted; a restart forgets nothing"
    assert LabelSigner(again, make.ORIGIN).sign("aa1", NOW, [CODE])
    assert refusal(labels.sign, "aa1", NOW, [CODE]) == "signer.ceiling"
    assert labels.sign("aa1", NOW + timedelta(days=1), [CODE])


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o604])
def test_a_key_others_could_read_is_not_opened(files: KeyFiles, mode: int) -> None:
    made(files, Role.LABEL)
    path = files.folder / "label-aa1.key"
    path.chmod(mode)
    fresh = KeyFiles(files.folder, make.PASSPHRASE, cost=WEAKEST)
    assert refusal(fresh.key, Role.LABEL, "aa1", NOW) == "keys.file_open_to_others"
    assert loose(files.folder) == ["label-aa1.key"]
    path.chmod(0o400)
    assert fresh.key(Role.LABEL, "aa1", NOW)
    assert loose(files.folder) == []
    files.folder.chmod(0o755)
    assert refusal(KeyFiles(files.folder, make.PASSPHRASE, cost=WEAKEST).state) == "keys.file_open_to_others"


def test_a_link_or_a_strangers_file_is_not_opened(files: KeyFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    made(files, Role.LABEL)
    (files.folder / "label-bb2.key").symlink_to("label-aa1.key")
    assert refusal(files.key, Role.LABEL, "bb2", NOW) == "keys.file_link"
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert (
        refusal(KeyFiles(files.folder, make.PASSPHRASE, cost=WEAKEST).key, Role.LABEL, "aa1", NOW) == "keys.file_owner"
    )


def test_a_key_that_anybody_can_make_signs_nothing(files: KeyFiles) -> None:
    made(files, Role.LABEL)
    window = {"created": NOW, "not_before": NOW, "not_after": LATER}
    text = seal(test_keys.derive("k3"), make.PASSPHRASE, role=Role.LABEL, key_id="k3", cost=WEAKEST, **window)
    path = files.folder / "label-k3.key"
    path.write_text(text)
    path.chmod(0o400)
    assert refusal(files.key, Role.LABEL, "k3", NOW) == "keys.test_key"
    with pytest.raises(ValueError, match="no test key"):
        test_keys.derive("a label nobody listed")


def test_the_process_signs_for_its_own_users_only(files: KeyFiles, tmp_path: Path) -> None:
    made(files, Role.LABEL)
    path = tmp_path / "other/signer"
    with SignerServer(path, files, [os.geteuid() + 1], lambda: NOW) as found:
        threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        assert refusal(RemoteSigner(path).state) == "signer.peer"
        assert refusal(LabelSigner(RemoteSigner(path), make.ORIGIN).sign, "aa1", NOW, [CODE]) == "signer.peer"
        found.shutdown()
    assert files.state().counts == {}
    assert refusal(RemoteSigner(tmp_path / "nobody").state) == "signer.unreachable"


def test_the_process_goes_by_its_own_clock(server: SignerServer, files: KeyFiles, tmp_path: Path) -> None:
    files.create(Role.LABEL, "old", NOW - timedelta(days=9), NOW - timedelta(days=1), NOW)
    remote = LabelSigner(RemoteSigner(tmp_path / "run/signer"), make.ORIGIN)
    assert refusal(remote.sign, "old", NOW - timedelta(days=5), [CODE]) == "keys.outside_window"


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"[]\n",
        b"{}\n",
        b"\xff\xfe\n",
        b'{"operation":"export","kid":"aa1"}\n',
        b'{"operation":"sign"}\n',
        b'{"operation":"sign","kid":"aa1","document":{"kind":"bytes","bytes":"eA=="}}\n',
        b'{"operation":"sign","kid":"../../etc/x","document":{"kind":"labels","origin":"a","elements":[]}}\n',
        b'{"operation":"create","role":"root","kid":"aa1","not_before":"1","not_after":"2"}\n',
        b'{"operation":"discard","role":"label","kid":"/etc/passwd"}\n',
    ],
)
def test_whatever_else_is_said_to_it_is_refused_and_it_goes_on(
    server: SignerServer, files: KeyFiles, tmp_path: Path, line: bytes
) -> None:
    made(files, Role.LABEL)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(tmp_path / "run/signer"))
        connection.sendall(line)
        answer = json.loads(connection.makefile("rb").readline())
    assert answer["refusal"]["code"].partition(".")[0] in {"signer", "keys"}
    assert (files.folder / "label-aa1.key").exists()
    assert RemoteSigner(tmp_path / "run/signer").state().keys[0].key_id == "aa1"
