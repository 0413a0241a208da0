"""What each of the other programs does: make the thing once for each line that comes, and say how
long it took. Imports nothing of the product."""

import sys
import time
from collections.abc import Callable
from typing import Any


def serve_page(client: Any, address: str, rows: int) -> None:
    """A page of a list that has so many rows, each with its investor; once before all others."""

    def page() -> None:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.text.count("示例集团") == rows

    page()
    serve(page)


def serve(make: Callable[[], object]) -> None:
    """Until the input ends: seconds of processor time, a line for a line."""
    for _ in sys.stdin:
        start = time.process_time()
        make()
        print(time.process_time() - start, flush=True)
