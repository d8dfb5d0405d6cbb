"""python -m bench [target …]: measure, print a table, write var/bench/<target>.json."""

import sys

from bench import catalogue

TARGETS = {"bench": catalogue.measure}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in TARGETS]
    if unknown:
        print(f"unknown target: {', '.join(unknown)}; there are: {', '.join(TARGETS)}")
        return 2
    for name in names or TARGETS:
        TARGETS[name](name).save()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
