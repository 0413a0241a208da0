"""See the package."""

from __future__ import annotations

import sys

from tools.branches import laying, telling

if __name__ == "__main__":
    match sys.argv[1:]:
        case ["prepare"]:
            laying.prepare()
        case ["report"]:
            sys.exit(telling.report())
        case _:
            sys.exit(__doc__)
