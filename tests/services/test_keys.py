"""Label keys: sealed before they are recorded, never twice under one id, useless outside their quarter."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest
from sqlmodel import select

from brand.kernel.errors import AppError
from tests import make
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import fresh_batch_code
from trace.models.labels import SigningKey
from trace.services import keys
from trace.services.signer import KeyFiles, LabelSigner

CODE = UnitCode(fresh_batch_code(), "0123456789ABCDEF")


@pytest.fixture
def signer(tmp_path):
    return make.a_signer(tmp_path)


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


def test_a_key_is_made_once_and_its_file_is_for_the_owner_alone(session, signer):
    first = keys.current(make.work(session), signer, "cooperative")
    assert keys.current(make.work(session), signer, "cooperative") is first
    assert keys.current(make.work(session), signer, "rival").kid != first.kid
    path = signer.keeper.folder / f"label-{first.kid}.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE(signer.keeper.folder.stat().st_mode) == 0o700
    assert first.public_key not in path.read_text()


def test_an_id_that_has_a_file_is_never_taken_again(session, signer, monkeypatch):
    first = keys.current(make.work(session), signer, "cooperative")
    offered = iter([first.kid.upper(), "AAA"])
    monkeypatch.setattr(keys, "random_text", lambda _length: next(offered))
    assert keys.current(make.work(session), signer, "rival").kid == "aaa"


def test_a_file_without_a_row_keeps_its_id_for_ever(session, signer, monkeypatch):
    signer.create("bbb", make.MONDAY, make.MONDAY + timedelta(1), make.MONDAY)
    offered = iter(["BBB", "CCC"])
    monkeypatch.setattr(keys, "random_text", lambda _length: next(offered))
    assert keys.current(make.work(session), signer, "cooperative").kid == "ccc"


def test_when_no_id_is_free_nothing_is_made(session, signer, monkeypatch):
    signer.create("bbb", make.MONDAY, make.MONDAY + timedelta(1), make.MONDAY)
    monkeypatch.setattr(keys, "random_text", lambda _length: "BBB")
    with pytest.raises(AppError, match=r"keys\.no_kid_free"):
        keys.current(make.work(session), signer, "cooperative")
    assert session.exec(select(SigningKey)).first() is None


def test_a_distrusted_key_signs_nothing_more(session, signer):
    keys.current(make.work(session), signer, "cooperative").state = "distrusted"
    session.flush()
    with pytest.raises(AppError, match=r"keys\.distrusted"):
        keys.current(make.work(session), signer, "cooperative")


def test_a_key_signs_in_its_quarter_only(session, signer):
    made = keys.current(make.work(session), signer, "cooperative")
    assert signer.sign(made.kid, make.MONDAY, [CODE])
    for moment in (make.MONDAY - timedelta(days=100), make.MONDAY + timedelta(days=100)):
        with pytest.raises(AppError, match=r"keys\.outside_window"):
            signer.sign(made.kid, moment, [CODE])


def test_a_wrong_passphrase_or_a_missing_file_opens_nothing(session, signer):
    made = keys.current(make.work(session), signer, "cooperative")
    stranger = LabelSigner(KeyFiles(signer.keeper.folder, "ein anderes Kennwort", cost=make.WEAKEST), make.ORIGIN)
    with pytest.raises(AppError, match=r"keys\.not_opened"):
        stranger.sign(made.kid, make.MONDAY, [CODE])
    with pytest.raises(AppError, match=r"keys\.private_missing"):
        stranger.sign("zz9", make.MONDAY, [CODE])


def test_a_file_under_another_name_is_not_that_key(session, signer):
    made = keys.current(make.work(session), signer, "cooperative")
    path = signer.keeper.folder / "label-zz9.key"
    path.write_text((signer.keeper.folder / f"label-{made.kid}.key").read_text())
    path.chmod(0o400)
    with pytest.raises(AppError, match=r"keys\.private_missing"):
        signer.sign("zz9", make.MONDAY, [CODE])


def test_a_weak_lock_is_refused_where_nobody_asked_for_it(session, signer):
    made = keys.current(make.work(session), signer, "cooperative")
    strict = LabelSigner(KeyFiles(signer.keeper.folder, make.PASSPHRASE), make.ORIGIN)
    with pytest.raises(AppError, match=r"keys\.envelope_cost"):
        strict.sign(made.kid, make.MONDAY, [CODE])
