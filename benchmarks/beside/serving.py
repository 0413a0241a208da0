"""What each of the other programs does: make the thing once for each line that comes, and say how
long it took. Imports nothing of the product."""

import sys
import time
from collections.abc import Callable


def serve(make: Callable[[], object]) -> None:
    """Until the input ends: seconds of processor time, a line for a line."""
    for _ in sys.stdin:
        start = time.process_time()
        make()
        print(time.process_time() - start, flush=True)
