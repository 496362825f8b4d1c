"""Words: complete in both languages, the same placeholders, and none that a verdict may not say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from brand.kernel import permissions, public_acts, texts
from brand.models.enterprises import EnterpriseKind, EnterpriseState

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
MODULES = sorted([*ROOT.glob("brand/**/*.py"), *ROOT.glob("trace/**/*.py")])
ZH, EN = (texts.catalogues()[one] for one in ("zh", "en"))
_SAID = re.compile(r"""\b_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*[,)]""")
_CODE = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")
_RAISERS = {"invalid", "refused", "unknown", "conflict", "quota_exceeded", "not_signed_in", "Fault", "AppError"}


def _template_words() -> Iterator[tuple[str, str]]:
    for path in TEMPLATES:
        for found in _SAID.finditer(path.read_text()):
            yield path.name, (found[1] or found[2] or "").replace('\\"', '"')


def _constants(tree: ast.AST) -> dict[str, str]:
    """Names bound to one text in the module, so that ``code = "a.b"; raise invalid(code)`` is seen."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found.update({one.id: node.value.value for one in node.targets if isinstance(one, ast.Name)})
    return found


def _raised_codes() -> Iterator[tuple[str, str]]:
    for path in MODULES:
        tree = ast.parse(path.read_text())
        names = _constants(tree)
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called not in _RAISERS:
                continue
            for argument in [*node.args[:2], *(one.value for one in node.keywords if one.arg == "error")]:
                text = argument.value if isinstance(argument, ast.Constant) else names.get(ast.unparse(argument))
                if isinstance(text, str) and _CODE.match(text):
                    yield str(path.relative_to(ROOT)), text


def _schema_codes() -> Iterator[tuple[str, str]]:
    """Codes given to validators as ``error="…"``."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "error" and isinstance(node.value, ast.Constant):
                yield str(path.relative_to(ROOT)), str(node.value.value)


def test_every_word_on_a_page_has_its_chinese() -> None:
    missing = sorted({f"{name}: {text}" for name, text in _template_words() if text and text not in ZH})
    assert missing == []


def test_every_word_of_a_door_has_its_chinese() -> None:
    """Flash words, navigation labels and topics are English sources in the doors."""
    missing = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"back", "NavItem", "Waiting", "say"}:
                wanted = {"back": 1, "NavItem": 0, "Waiting": 0, "say": 0}[ast.unparse(node.func)]
                if len(node.args) > wanted and isinstance(node.args[wanted], ast.Constant):
                    text = str(node.args[wanted].value)
                    if text and text not in ZH:
                        missing.add(f"{path.name}: {text}")
    assert sorted(missing) == []


def test_every_code_has_both_texts() -> None:
    codes = {*_raised_codes(), *_schema_codes()}
    assert len(codes) > 50
    missing = sorted(f"{where}: {code}" for where, code in codes if code not in ZH or code not in EN)
    assert missing == []


@pytest.mark.parametrize(
    "code",
    [
        *(f"role.{one}" for one in permissions.Role),
        *(f"permission.{one}" for one in sorted(permissions.ALL_PERMISSIONS)),
        *(f"enterprise.kind.{one}" for one in EnterpriseKind),
        *(f"enterprise.state.{one}" for one in EnterpriseState),
        *sorted({f"receipts.of.{one.statement}" for one in public_acts.PUBLIC.values()}),
    ],
)
def test_every_enumeration_has_both_texts(code: str) -> None:
    assert code in ZH
    assert code in EN


def test_a_message_has_one_text() -> None:
    """The files are read into one catalogue: of two texts for a message the later file would win, unseen."""
    for language in texts.LANGUAGES:
        found: dict[str, set[str]] = {}
        for path in sorted((ROOT / "trace" / "translations" / language).glob("*.po")):
            with path.open("rb") as file:
                for message in read_po(file):
                    if message.id and message.string:
                        found.setdefault(str(message.id), set()).add(str(message.string))
        assert {one: said for one, said in found.items() if len(said) > 1} == {}


def test_both_languages_fill_in_the_same_parameters() -> None:
    place = re.compile(r"%\((\w+)\)s")
    differing = []
    for message, chinese in ZH.items():
        english = EN.get(message, message if not _CODE.match(message) else "")
        if english and set(place.findall(chinese)) != set(place.findall(english)):
            differing.append(message)
    assert differing == []


def test_no_text_promises_what_a_code_cannot_prove() -> None:
    forbidden = re.compile(r"正品|真品|genuine|authentic product|保真", re.IGNORECASE)
    sources = [*ROOT.glob("trace/translations/**/*.po"), *TEMPLATES, *ROOT.glob("static/js/*.js")]
    assert [str(one.relative_to(ROOT)) for one in sources if forbidden.search(one.read_text())] == []
    assert forbidden.search("保证正品")
