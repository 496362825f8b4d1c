"""Run the paths and print one JSON line each; exit status 1 when one misses its goal."""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module
from pkgutil import iter_modules

from bench import paths
from bench.rounds import Path, measure


def found() -> list[Path]:
    """Every path of bench/paths, in the order of their file names."""
    names = sorted(module.name for module in iter_modules(paths.__path__))
    return [import_module(f"{paths.__name__}.{name}").PATH for name in names]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller further checks")
    parser.add_argument("only", nargs="*", metavar="PATH", help="names such as P1; all when none is given")
    chosen = parser.parse_args()
    missed = 0
    for path in found():
        if chosen.only and path.name not in chosen.only:
            continue
        print(f"{path.name}: {path.what} …", file=sys.stderr, flush=True)
        result = measure(path, quick=chosen.quick)
        missed += result["ratio"] < path.goal
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
