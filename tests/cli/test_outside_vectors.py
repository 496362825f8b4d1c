"""Canonical texts and signatures: ``brandtrace audit`` against vectors others published, source and licence named.

Vectors are facts of published standards and test suites; they are written out here, none of the suites' code is.
"""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from trace.cli.audit import CHECKERS, answer


def ask(what: str, claim: object) -> dict[str, Any]:
    return answer(CHECKERS[what], json.dumps(claim).encode())


#: cyberphone/json-canonicalization, testdata (Apache-2.0): arrays, french, structures, unicode, values, weird.
JCS = [
    ('[\n  56,\n  {\n    "d": true,\n    "10": null,\n    "1": [ ]\n  }\n]\n', '[56,{"1":[],"10":null,"d":true}]'),
    (
        '{\n  "peach": "This sorting order",\n  "péché": "is wrong according to French",\n'
        '  "pêche": "but canonicalization MUST",\n  "sin":   "ingnore locale"\n}\n',
        '{"peach":"This sorting order","péché":"is wrong according to French",'
        '"pêche":"but canonicalization MUST","sin":"ingnore locale"}',
    ),
    (
        '{\n  "1": {"f": {"f": "hi","F": 5} ,"\\n": 56.0},\n  "10": { },\n  "": "empty",\n  "a": { },\n'
        '  "111": [ { } ],\n  "A": { }\n}',
        '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
    ),
    ('{\n  "Unnormalized Unicode":"\\u1e0d\\u0307"\n}\n', '{"Unnormalized Unicode":"\u1e0d\u0307"}'),
    (
        '{\n  "numbers": [1E30, 4.50, 333333333.33333329, 2e-3, 0.000000000000000000000000001],\n'
        '  "escaping": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/",\n'
        '  "literals": [null, true, false]\n}',
        '{"escaping":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","literals":[null,true,false],'
        '"numbers":[1e+30,4.5,333333333.3333333,0.002,1e-27]}',
    ),
    (
        '{\n  "\\u20ac": "Euro Sign",\n  "1": "One",\n  "\\u0080": "Control\\u007f",\n  "\\ud83d\\ude02": "Smiley",\n'
        '  "\\u00f6": "Latin Small Letter O With Diaeresis",\n  "\\ufb33": "Hebrew Letter Dalet With Dagesh",\n'
        '  "</script>": "Browser Challenge"\n}\n',
        '{"1":"One","</script>":"Browser Challenge","\x80":"Control\x7f","ö":"Latin Small Letter O With Diaeresis",'
        '"€":"Euro Sign","😂":"Smiley","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ),
]


@pytest.mark.parametrize(("text", "expected"), JCS)
def test_canonical_texts(text: str, expected: str) -> None:
    assert ask("jcs", {"text": text}) == {"ok": True, "value": expected, "code": ""}


#: C2SP/wycheproof, testvectors_v1/ed25519_test.json (Apache-2.0): the key of the first groups; message and signature.
WYCHEPROOF_KEY = "7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa"
TEST, FIGURES = "54657374", "313233343030"
R, S = (
    "7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab0",
    "7a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b30d",
)
VALID = [
    (
        "",
        "d4fbdb52bfa726b44d1786a8c0d171c3e62ca83c9e5bbe63de0bb2483f8fd6cc"
        "1429ab72cafc41ab56af02ff8fcc43b99bfe4c7ae940f60f38ebaa9d311c4007",
    ),
    (
        "78",
        "d80737358ede548acb173ef7e0399f83392fe8125b2ce877de7975d8b726ef5b"
        "1e76632280ee38afad12125ea44b961bf92f1178c9fa819d020869975bcbe109",
    ),
    (TEST, R + S),
    (
        FIGURES,
        "657c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281c2b"
        "f0cf5b3a289976458a1be6277a5055545253b45b07dcc1abd96c8b989c00f301",
    ),
]
#: The values that groups 2 to 5 put in the place of R and S: 0, 1, order - 1, order, prime; each with each.
_EDGES = [
    "00" * 32,
    "01" + "00" * 31,
    "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
    "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]
INVALID = [
    *(("3f", r + s) for r, s in product((*_EDGES[:2], *_EDGES[3:]), _EDGES)),
    *((TEST, one) for one in ("", R, (R + S)[:-4], R + S + "2020", R + S + WYCHEPROOF_KEY, "00" + R + S)),
    *((TEST, one) for one in (R + "00" + S, R + S + "00")),
    # s + L: the scalar is the same, its spelling is not.
    (TEST, R + "67654bce3832c2d76f8f6f5dafc08d9339d4eef676573336a5c51eb6f946b31d"),
    # Bits of R changed, S worked out anew; R = 0; R no point; the sign of R's x.
    (
        FIGURES,
        "647c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281c2b"
        "1d125e5538f38afbcc1c84e489521083041d24bc6240767029da063271a1ff0c",
    ),
    (
        FIGURES,
        "657c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281cab"
        "227aedf259f910f0f3a759a335062665217925d019173b88917eae294f75d40f",
    ),
    (FIGURES, "00" * 32 + "e0b8e7770d51c7a36375d006c5bffd6af43ff54aaf47e4330dc118c71d61ec02"),
    (FIGURES, "ff" * 32 + "463a1908382e7eb7693acef9884f7cf931a215e0791876be22c631a59881fd0e"),
]


def signed(key: str, message: str, signature: str) -> dict[str, Any]:
    return ask("ed25519", {"public_key": key, "message": message, "signature": signature})


def test_signatures_of_wycheproof() -> None:
    for message, signature in VALID:
        assert signed(WYCHEPROOF_KEY, message, signature) == {"ok": True, "value": True, "code": ""}
    for message, signature in INVALID:
        found = signed(WYCHEPROOF_KEY, message, signature)
        expected = "keys.signature_wrong" if len(signature) == 128 else "keys.signature_size"
        assert found == {"ok": False, "value": None, "code": expected}, (message, signature)


#: novifinancial/ed25519-speccheck, cases.json (Apache-2.0), of «Taming the many EdDSAs» (SSR 2020): key, message,
#: signature, and what we say: keys with a part of small order are refused by name, so that it never matters by which
#: of two rules a verifier would judge them; S beyond the order is refused by the library.
_SMALL = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
_MIXED = "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
_TORSION = "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d"
_PLAIN = "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623"
_SAME = "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79"
_COFACTOR = "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c"
_LARGE_S = "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40"
SPECCHECK = [
    (
        _SMALL,
        "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a" + "00" * 32,
        "keys.public_small_order",
    ),
    (
        _SMALL,
        _SAME,
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
        "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
        "keys.public_small_order",
    ),
    (
        _TORSION,
        _SAME,
        "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f"
        "87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
        "keys.public_mixed_order",
    ),
    (
        _TORSION,
        _COFACTOR,
        "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
        "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
        "keys.public_mixed_order",
    ),
    (
        _TORSION,
        _COFACTOR,
        "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7"
        "e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
        "keys.public_mixed_order",
    ),
    (
        _PLAIN,
        _LARGE_S,
        "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e"
        "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
        "keys.signature_wrong",
    ),
    (
        _PLAIN,
        _LARGE_S,
        "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942"
        "7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
        "keys.signature_wrong",
    ),
    (
        _MIXED,
        "fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
        "454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607",
        "keys.public_mixed_order",
    ),
]
#: C2SP/CCTV, ed25519/README.md (CC0 or 0BSD or Apache-2.0 at choice): every spelling of a point of low order.
LOW_ORDER = [
    *("00" * 32, "00" * 31 + "80", "01" + "00" * 31, "01" + "00" * 30 + "80"),
    *("ed" + "ff" * 30 + "7f", "ed" + "ff" * 31, "ee" + "ff" * 30 + "7f", "ee" + "ff" * 31),
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    _SMALL,
    *("ec" + "ff" * 30 + "7f", "ec" + "ff" * 31),
]


@pytest.mark.parametrize(("key", "message", "signature", "code"), SPECCHECK)
def test_edge_cases_of_signatures(key: str, message: str, signature: str, code: str) -> None:
    assert signed(key, message, signature) == {"ok": False, "value": None, "code": code}


@pytest.mark.parametrize("key", LOW_ORDER)
def test_keys_of_low_order_say_nothing_whatever_they_signed(key: str) -> None:
    """With S = 0 and R = the identity such a key fits a part of all messages in most libraries."""
    for message in ("", "00", "616263"):
        found = signed(key, message, "01" + "00" * 63)
        assert found["code"] in ("keys.public_small_order", "keys.public_not_canonical")
