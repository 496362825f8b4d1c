"""Tables that only grow: the database itself refuses UPDATE and DELETE on them (a guard against bugs)."""

from __future__ import annotations

from alembic import op

_CHANGES = ("UPDATE", "DELETE")


def forbid_changes(table: str) -> None:
    """Add the triggers for one table, on SQLite or PostgreSQL."""
    if op.get_bind().dialect.name == "sqlite":
        for change in _CHANGES:
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$"
    )
    _only_grows(table)


def forbid_changes_but_forgetting(table: str, column: str, mark: str, kept: tuple[str, ...]) -> None:
    """The same, but ``column`` may become ``mark`` in rows of which nothing else (``kept``) changes."""
    if op.get_bind().dialect.name == "sqlite":
        same = " AND ".join(f"NEW.{one} IS OLD.{one}" for one in kept)
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT (NEW.{column} = '{mark}' AND {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        )
        return
    same = " AND ".join(f"NEW.{one} IS NOT DISTINCT FROM OLD.{one}" for one in kept)
    op.execute(
        f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' AND NEW.{column} = '{mark}' AND {same} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{table} only grows'; END $$"
    )
    _only_grows(table)


def allow_changes(table: str) -> None:
    """Take the triggers away while a migration gives the table another shape; it puts them back itself."""
    if op.get_bind().dialect.name == "sqlite":
        for change in _CHANGES:
            op.execute(f"DROP TRIGGER {table}_no_{change.lower()}")
        return
    op.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
    op.execute(f"DROP FUNCTION {table}_only_grows()")


def _only_grows(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_only_grows()"
    )


def forbid_changes_of(table: str, columns: tuple[str, ...]) -> None:
    """The same for rows whose state may move on while these columns stay for ever; no row may go."""
    if op.get_bind().dialect.name == "sqlite":
        for change in (f"UPDATE OF {', '.join(columns)}", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_keeps_{change[:6].lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} keeps {columns[0]}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_keeps() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} keeps {columns[0]}'; END $$"
    )
    for change in (f"UPDATE OF {', '.join(columns)}", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_keeps_{change[:6].lower()} BEFORE {change} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_keeps()"
        )


def allow_changes_of(table: str) -> None:
    """Take those triggers away while a migration gives the table another shape; it puts them back itself."""
    on = "" if op.get_bind().dialect.name == "sqlite" else f" ON {table}"
    for change in _CHANGES:
        op.execute(f"DROP TRIGGER {table}_keeps_{change.lower()}{on}")
    if on:
        op.execute(f"DROP FUNCTION {table}_keeps()")


def keep_once_filled(table: str, column: str, *beside: str) -> None:
    """Rows of which ``column``, and what stands ``beside`` it, is filled once and then stays."""
    columns, name = ", ".join((column, *beside)), f"{table}_keeps_{column}"
    when = f"BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW WHEN (OLD.{column} <> '')"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{table} keeps {column}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} keeps {column}'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()")


def keep_once_set(table: str, column: str) -> None:
    """Rows of which anything may change but this column; a row may still go."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_keeps_{column} BEFORE UPDATE OF {column} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} keeps {column}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_keeps_{column}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} keeps {column}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_keeps_{column} BEFORE UPDATE OF {column} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_keeps_{column}()"
    )
