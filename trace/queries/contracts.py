"""Reads what the contract of a licence says: values of the register, clauses of the rulebook as at the grant."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from brand.kernel import texts
from brand.kernel.actors import Actor
from brand.kernel.errors import refused
from brand.models.schemes import Scheme
from brand.queries import rulebooks
from brand.queries.licences import Entry
from trace.formats.contracts import Article, Contract
from trace.queries import certificates

_ARTICLES = ("grant", "duties", "control", "end", "copies")


def paper(session: Session, actor: Actor, number: str, today: date, public_url: str) -> Contract:
    """The contract of a licence within reach; raises ``access.unknown`` or ``certificates.not_given``."""
    entry = certificates.given(session, actor, number, today)
    scheme = session.get_one(Scheme, entry.brand.scheme_id)
    rulebook = rulebooks.numbered(session, scheme.id, entry.licence.rulebook)
    if rulebook is None:
        raise refused("rulebooks.none_in_force")
    return Contract(
        heading=texts.say("zh", "contract.heading"),
        heading_en=texts.say("en", "contract.heading"),
        number=number,
        draft=texts.say("zh", "contract.draft"),
        parties=certificates.lines(_parties(entry, scheme)),
        rows=certificates.lines(certificates.licensed(entry)),
        articles=[_article(at, key, entry) for at, key in enumerate(_ARTICLES, 1)],
        annex=texts.say("zh", "contract.annex", title=rulebook.title, edition=rulebook.edition),
        clauses=[Article(one.number, one.title, one.text) for one in rulebook.clauses],
        signatures=[
            texts.say("zh", "contract.signature.owner", name=scheme.owner),
            texts.say("zh", "contract.signature.holder", name=entry.enterprise.name),
        ],
        sign_here=texts.say("zh", "contract.sign_here"),
        check=texts.say("zh", "certificate.check"),
        address=f"{public_url.rstrip('/')}/register/{number}",
    )


def _parties(entry: Entry, scheme: Scheme) -> dict[str, str]:
    return {
        "owner": scheme.owner,
        "holder": entry.enterprise.name,
        "credit_code": entry.enterprise.credit_code or "—",
        "address": entry.enterprise.address or "—",
    }


def _article(at: int, key: str, entry: Entry) -> Article:
    """Without goods nothing is said of standards, weights and labels."""
    words = f"contract.{key}.without_goods" if key == "duties" and entry.product is None else f"contract.{key}"
    standard = entry.product.standard if entry.product else ""
    said = texts.say("zh", words, brand=entry.brand.name, standard=standard or "—")
    return Article(f"{at}.", texts.say("zh", f"contract.{key}.title"), said)
