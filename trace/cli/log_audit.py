"""``brandtrace audit log``: read the whole log again, values and all, and name every entry that is not what it was."""

from __future__ import annotations

import json

import click

from brand.cli.doors import open_database, reading
from brand.kernel import texts
from brand.kernel.settings import Settings
from trace.queries import log as reads
from trace.queries import log_audit


def audit_log() -> None:
    """Print one JSON object per finding, then how much was read; leaves with status 1 when there is any."""
    settings = Settings()
    wrong = 0
    with reading(open_database()) as work:
        for one in log_audit.findings(work.session, settings.origin, settings.data_dir / "log"):
            wrong += one.wrong
            said = texts.say(settings.language, one.code, place=one.place, **one.params)
            line = {"entry": one.place, "code": one.code, "text": said, **one.params}
            click.echo(json.dumps(line, ensure_ascii=False))
        size = reads.size(work.session)
    click.echo(texts.say(settings.language, "log_audit.read", size=size, wrong=wrong), err=True)
    if wrong:
        raise SystemExit(1)
