"""Files that nobody vouches for: read in a process of their own, with bounds, few at once."""

from tracker.core.strangers.bounds import Bounds, Reason, UnreadableError
from tracker.core.strangers.process import lines_apart, read_apart
from tracker.core.strangers.slots import BusyError, Slots

__all__ = ["Bounds", "BusyError", "Reason", "Slots", "UnreadableError", "lines_apart", "read_apart"]
