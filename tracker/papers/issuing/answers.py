"""What verification can say of a file, and with which exit code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tracker.core.strangers import Reason
from tracker.papers.issuing.models import IssuedPaper


class Answer(Enum):
    """What verification says of a file: exit code, word, and what the word leaves open.

    A draft shares its code with a genuine paper: it agrees, and its words say what it is not. What
    could not be read shares one with what is not ours.
    """

    GENUINE = 0, "一致"
    CHANGED = 1, "不一致"
    NOT_OURS = 2, "不是本系统的文书"
    UNKNOWN = 3, "无此编号"
    SUPERSEDED = 4, "已被取代"
    OTHER_VERSION = 5, "版本不同"
    NO_TIME = 6, "暂时无法核验"
    ADDED = 7, "本系统文书，另有追加内容"
    SUPERSEDED_ADDED = 4, "已被取代", "另有追加内容"
    DRAFT = 0, "一致", "试算稿"
    ENCRYPTED = 2, "无法核验", "文件已加密"
    DAMAGED = 2, "无法核验", "文件已损坏"
    TOO_MUCH = 2, "无法核验", "超出限度"

    def __init__(self, code: int, label: str, note: str = "") -> None:
        self.code = code
        self.label = label
        self.note = note

    @property
    def full_label(self) -> str:
        """The word with its note."""
        return f"{self.label}（{self.note}）" if self.note else self.label


UNREADABLE = {
    Reason.ENCRYPTED: Answer.ENCRYPTED,
    Reason.DAMAGED: Answer.DAMAGED,
    Reason.TOO_MUCH: Answer.TOO_MUCH,
    Reason.NO_TIME: Answer.NO_TIME,
}


@dataclass(frozen=True)
class Verdict:
    """The answer, what the file is as far as that is known, and the grounds. `differences` show
    figures: they are for those who may see the paper, `words` are for anybody who has it."""

    answer: Answer
    words: tuple[str, ...]
    differences: tuple[str, ...] = ()
    paper: IssuedPaper | None = None

    @property
    def agrees(self) -> bool:
        return self.answer.code == 0

    @property
    def is_original(self) -> bool:
        """Whether the file is an issued original, so that what is said of the paper is so of it."""
        return self.answer in (Answer.GENUINE, Answer.SUPERSEDED)
