"""What a job was refused for, as it is kept with the job and read again."""

from __future__ import annotations

from typing import Any

from brand.kernel.errors import AppError, Fault

#: Faults kept of a job; a sheet that is wrong from top to bottom is one mistake.
MOST_FAULTS = 500


def told(error: AppError) -> dict[str, Any]:
    """A refusal as JSON; of very many faults only the first are kept, with the whole count."""
    faults = [
        {"code": one.code, "pointer": one.pointer, "params": _plain(one.params), "row": one.row, "column": one.column}
        for one in error.faults[:MOST_FAULTS]
    ]
    return {"code": error.code, "params": _plain(error.params), "faults": faults}


def faults_of(result: dict[str, Any]) -> list[Fault]:
    """The faults of a kept refusal."""
    return [
        Fault(one["code"], one["pointer"], one["params"], one["row"], one["column"]) for one in result.get("faults", [])
    ]


def _plain(params: Any) -> dict[str, Any]:
    return {name: value if isinstance(value, int | str) else str(value) for name, value in params.items()}
