"""What reading a stranger's file may cost, and why one was not read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.core.told import ToldError


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one reading may take: seconds of the processor, seconds of the clock, bytes of memory.

    A file that uses up the processor's seconds is at fault itself. The clock's are more, and run
    out only where the machine has no time to spare.
    """

    processor: int = 4
    clock: int = 10
    memory: int = 256 * 1024 * 1024


USUAL = Bounds()


class Reason(StrEnum):
    """Why a file was not read."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_MUCH = "too_much"
    NO_TIME = "no_time"

    @property
    def words(self) -> str:
        """The sentence for the user."""
        return _WORDS[self]


_WORDS = {
    Reason.ENCRYPTED: "文件已加密，无法读取；请提交未加密的原件。",
    Reason.DAMAGED: "文件已损坏，无法读取；请重新取得原件再试。",
    Reason.TOO_MUCH: "文件的页数、内容或结构超出可读取的限度；请提交原件。",
    Reason.NO_TIME: "服务器正忙，未能读完文件，请稍后再试。",
}


class UnreadableError(ToldError):
    """A file that was not read; the message is for the user."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.words)
        self.reason = reason
