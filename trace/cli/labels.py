"""``brandtrace label``: order, release, print and reprint labels at the keyboard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from brand.cli.doors import open_database, reading, writing
from brand.kernel import clock, texts
from brand.kernel.actors import Actor
from brand.kernel.settings import Settings
from brand.kernel.work import Work
from brand.queries import accounts
from trace.formats.label_files import PrintKind, printing
from trace.formats.label_raster import RESOLUTIONS
from trace.formats.layouts import LAYOUTS
from trace.parts import label_signer, label_tools, second_codes
from trace.queries import batch_tags as tag_reads
from trace.queries import batches
from trace.queries import container_tags as case_reads
from trace.queries import labels as reads
from trace.queries.sheets import label_texts
from trace.rules.label_flow import PrinterKind
from trace.rules.labels import AT_ONCE, Profile, VoidReason
from trace.schemas.batch_tags import MOST_TAGS, TagKind
from trace.schemas.container_tags import MOST_COPIES
from trace.services import batch_tags, container_tags, label_jobs, label_releases, labels, reprints
from trace.services.jobs import Runner

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def label() -> None:
    """Labels of packs."""


@label.command("order")
@click.argument("pack_line")
@click.argument("packs", type=int)
@click.option("--by", required=True, help="User name of the person who orders.")
@click.option("--second-code", is_flag=True, help="A hidden second code for each pack, listed in the CSV file.")
@click.option("--controls", default=0, show_default=True, help="Labels more that never go onto a pack, against leaks.")
@click.option("--profile", default="unit", show_default=True, type=click.Choice([one.value for one in Profile]))
def order_labels(pack_line: str, packs: int, by: str, profile: str, second_code: bool, controls: int) -> None:
    """Issue PACKS signed labels for the pack line with id PACK_LINE."""
    settings, database = Settings(), open_database()
    signer, second = label_signer(settings), second_codes(settings) if second_code else None
    at_once = packs + controls <= AT_ONCE
    with writing(database) as operator:
        work = replace(operator, actor=_person(operator, by))
        take = labels.order if at_once else labels.reserve
        made = take(
            work, signer, pack_line_id=pack_line, packs=packs, profile=profile, second=second, controls=controls
        )
        if not at_once:
            label_jobs.begin_sign(work, made)
    if not at_once:
        Runner(database, clock.now, label_tools(settings)).run_all()
        with reading(database) as work:
            made = reads.by_number(work.session, made.number)
    click.echo(f"{made.number}\t{made.packs}\t{made.kg} kg\tkey {made.kid}" + ("" if at_once else f"\t{made.state}"))


@label.command("release")
@click.argument("order")
@click.option("--by", required=True, help="User name of the person who releases.")
@click.option("--house", default="", help="The printing house; without it the producer prints itself.")
def release_order(order: str, by: str, house: str) -> None:
    """Give ORDER to whoever prints it; before that no file is made."""
    printer = PrinterKind.HOUSE if house else PrinterKind.OWN
    with writing(open_database()) as operator:
        found = reads.by_number(operator.session, order)
        work = replace(operator, actor=_person(operator, by))
        made = label_releases.release(work, found.id, printer=printer.value, name=house, version=found.version)
    click.echo(f"{made.number}\t{made.state}\t{printer}{f': {house}' if house else ''}")


@label.command("reprint")
@click.argument("order")
@click.option("--first", required=True, type=int, help="First label that becomes void.")
@click.option("--last", required=True, type=int, help="Last label that becomes void.")
@click.option("--reason", required=True, type=click.Choice([one.value for one in VoidReason]))
@click.option("--by", required=True, help="User name of the person who answers for it.")
def reprint_labels(order: str, first: int, last: int, reason: str, by: str) -> None:
    """Make labels of ORDER void and issue as many new ones; no code is ever repeated."""
    settings = Settings()
    with writing(open_database()) as operator:
        found = reads.by_number(operator.session, order)
        work = replace(operator, actor=_person(operator, by))
        made = reprints.reprint(
            work,
            label_signer(settings),
            found.id,
            first=first,
            last=last,
            reason=VoidReason(reason),
            version=found.version,
            second=second_codes(settings),
        )
    click.echo(f"{made.number}\t{made.packs}\treplaces {order}\tkey {made.kid}")


@label.command("print")
@click.argument("order")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; beyond 20,000 labels several, numbered.",
)
@click.option("--first", default=1, show_default=True, help="First label of the range.")
@click.option("--last", type=int, help="Last label of the range; the whole order when not given.")
@click.option("--kind", default="pdf", show_default=True, type=click.Choice([one.value for one in PrintKind]))
@click.option("--layout", default="a4-24", show_default=True, type=click.Choice(list(LAYOUTS)))
@click.option("--dpi", default=300, show_default=True, type=click.Choice(RESOLUTIONS), help="Of the label printer.")
@click.option("--recipient", default="", help="A printing house's age key: only its holder can read the file.")
def print_labels(
    order: str, out: Path, first: int, last: int | None, kind: str, layout: str, dpi: int, recipient: str
) -> None:
    """Write the labels of ORDER (its number, e.g. B2026-0001) for printing and note it in the print log."""
    wanted = printing(kind=kind, layout=layout, dpi=dpi, recipient=recipient)
    settings, database = Settings(), open_database()
    with reading(database) as work:
        order_id = reads.by_number(work.session, order).id
        found = reads.find(work.session, work.actor, order_id).order
        last = found.size if last is None else last
        labels.check_file(work, order_id, first=first, last=last)
        second = second_codes(settings)
        for path, start, end in _files(out, first, last):
            hidden = second if found.second_code and wanted.kind is PrintKind.CSV else None
            texts = label_texts(work.session, found, start, end, settings.public_url, hidden)
            label_jobs.write_file(path, texts, wanted)
            click.echo(f"{path}: labels {start}–{end} of {order}")
    with writing(database) as work:
        labels.record_print(work, order_id, first=first, last=last, layout=wanted.name)


@label.command("tags")
@click.argument("batch")
@click.option("--by", required=True, help="User name of the person who answers for it.")
@click.option("--out", required=True, type=_FILE, help="The file to write.")
@click.option("--what", default="batch", show_default=True, type=click.Choice([one.value for one in TagKind]))
@click.option("--gtin", default="", help="Name goods of the batch by this GTIN and the lot, for cases of just these.")
@click.option("--copies", default=1, show_default=True, type=click.IntRange(1, MOST_TAGS), help="Of the batch's tag.")
@click.option("--kind", default="pdf", show_default=True, type=click.Choice([one.value for one in PrintKind]))
@click.option("--layout", default="roll-60x40", show_default=True, type=click.Choice(list(LAYOUTS)))
@click.option("--dpi", default=300, show_default=True, type=click.Choice(RESOLUTIONS), help="Of the label printer.")
def print_tags(
    batch: str, by: str, out: Path, what: str, gtin: str, copies: int, kind: str, layout: str, dpi: int
) -> None:
    """Write tags with the signed code of BATCH (its public code): one for the lot or case, or one for each carcass."""
    if gtin and what == TagKind.CARCASS:
        raise click.UsageError(texts.say(Settings().language, "batch_tags.gtin_of_packs"))
    wanted = printing(kind=kind, layout=layout, dpi=dpi)
    settings, database = Settings(), open_database()
    with writing(database) as operator:
        work = replace(operator, actor=_person(operator, by))
        tag = batch_tags.issue(work, label_signer(settings), batches.id_of(work.session, batch), gtin)
    with reading(database) as work:
        file = tag_reads.file(work.session, tag, wanted, settings.public_url, what=what, copies=copies)
    with writing(database) as operator:
        work = replace(operator, actor=_person(operator, by))
        batch_tags.record_print(work, tag, what=what, tags=copies, layout=wanted.name)
    out.write_bytes(file)
    click.echo(f"{out}: tags of {batch}\tkey {tag.kid}")


@label.command("case")
@click.argument("code")
@click.option("--by", required=True, help="User name of the person who answers for it.")
@click.option("--out", required=True, type=_FILE, help="The file to write.")
@click.option("--copies", default=2, show_default=True, type=click.IntRange(1, MOST_COPIES), help="Of the same label.")
@click.option("--kind", default="pdf", show_default=True, type=click.Choice([one.value for one in PrintKind]))
@click.option("--layout", default="roll-60x40", show_default=True, type=click.Choice(list(LAYOUTS)))
@click.option("--dpi", default=300, show_default=True, type=click.Choice(RESOLUTIONS), help="Of the label printer.")
def print_case(code: str, by: str, out: Path, copies: int, kind: str, layout: str, dpi: int) -> None:
    """Write labels with the signed code of the case or pallet CODE."""
    wanted = printing(kind=kind, layout=layout, dpi=dpi)
    settings, database = Settings(), open_database()
    with writing(database) as operator:
        tag = container_tags.issue(replace(operator, actor=_person(operator, by)), label_signer(settings), code)
    with reading(database) as work:
        url, today = settings.public_url, work.today
        file = case_reads.file(work.session, tag, wanted, url, copies=copies, today=today)
    with writing(database) as operator:
        work = replace(operator, actor=_person(operator, by))
        container_tags.record_print(work, tag, labels=copies, layout=wanted.name)
    out.write_bytes(file)
    click.echo(f"{out}: labels of {code}\tkey {tag.kid}")


def _files(out: Path, first: int, last: int) -> list[tuple[Path, int, int]]:
    """One file, or numbered ones of a bearable size."""
    spans = label_jobs.pieces(first, last)
    if len(spans) == 1:
        return [(out, first, last)]
    return [(out.with_stem(f"{out.stem}-{number:03d}"), *span) for number, span in enumerate(spans, start=1)]


def _person(work: Work, username: str) -> Actor:
    """Whoever answers for the order: it stands in the records under a person's name."""
    account = accounts.find(work.session, username=username.strip().lower())
    if account is None:
        raise click.UsageError(texts.say(Settings().language, "cli.import.nobody", name=username))
    return accounts.actor_of_account(work.session, account, work.now)
