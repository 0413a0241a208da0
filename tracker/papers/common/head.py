"""What a paper is: its kind, subject, year and standing, and the digests that it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.engine.typeset.faces import drawable

LAYOUT = "8"  # raised whenever equal content would be printed with other bytes
SAMPLE = "示例数据"
OF_CITY = "市考县："


class PaperKind(StrEnum):
    """The kinds of papers that are made from a snapshot."""

    SCORECARD = "scorecard"
    PROVINCE = "province"
    CITY = "city"
    PAIR = "pair"
    ENCLAVE = "enclave"

    @property
    def label(self) -> str:
        """What people call it."""
        return _LABELS[self]


_LABELS = {
    PaperKind.SCORECARD: "考核评分表",
    PaperKind.PROVINCE: "考核通报",
    PaperKind.CITY: "设区市情况报告",
    PaperKind.PAIR: "结对情况表",
    PaperKind.ENCLAVE: "飞地年度表",
}


class PaperStatus(StrEnum):
    """How far the year's procedure has brought a paper. A trial is a draft and has no number."""

    TRIAL = "试算"
    SELF_ASSESSED = "自评"
    REVIEWED = "复核"
    FINAL = "定稿"


class RulebookStatus(StrEnum):
    """Whether an office has issued the point table."""

    DESIGNED = "示例细则"
    OFFICIAL = "正式"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What issuing puts on a paper. A draft carries `DRAFT`: 试算, no number.

    `supersedes` names the number that the paper replaces; `verify_text` goes into the QR code
    ("" leaves the paper's own words there).
    """

    status: PaperStatus = PaperStatus.TRIAL
    number: str | None = None
    supersedes: str = ""
    verify_text: str = ""


DRAFT = Stamp()


@dataclass(frozen=True, slots=True)
class PaperHead:
    """The head of a paper made from a snapshot.

    `title` is what stands at the top ("2024年度受援县…评分表"), without the subject. `sheet` is the
    rulebook's code, "" where a paper rests on several rulebooks. `made_on` is the moment of
    freezing as it read in China ("2025-01-20 09:30"): its first ten characters are the
    only date in the file. `number` is None for what is not issued; `supersedes` names the number
    that this paper replaces. `digests` are further sha256 by label ("细则摘要").
    `verify_text` goes into the QR code. `owner`: the city whose assessment it is (市考县), "" for
    the province's.

    Raises ValueError for a numbered trial or a bad date.
    """

    kind: PaperKind
    title: str
    subject_code: str
    subject_name: str
    subject_kind: str
    year: int
    status: PaperStatus
    rulebook_status: RulebookStatus
    author: str
    snapshot_sha256: str
    engine: str
    made_on: str
    sheet: str = ""
    sample: bool = False
    number: str | None = None
    supersedes: str = ""
    digests: dict[str, str] = field(default_factory=dict)
    verify_text: str = ""
    owner: str = ""

    def __post_init__(self) -> None:
        if self.number is not None and self.status is PaperStatus.TRIAL:
            raise ValueError("试算的评分表不编号。")
        parts = self.made_on[:10].split("-")
        if [len(part) for part in parts] != [4, 2, 2] or not all(map(str.isdecimal, parts)):
            raise ValueError(f"冻结时间应以年-月-日开头，现为“{self.made_on}”。")

    @property
    def day(self) -> date:
        """The document's date."""
        return date.fromisoformat(self.made_on[:10])

    @property
    def marks(self) -> str:
        """What stands at the head of every page: 示例细则 · 试算 · 示例数据, of a
        city's assessment also 市考县：丽水市."""
        words = [self.rulebook_status.value, self.status.value, *([SAMPLE] if self.sample else [])]
        return " · ".join([*words, f"{OF_CITY}{self.owner}"] if self.owner else words)

    @property
    def full_title(self) -> str:
        """The title with its year, which some titles bring along."""
        year = f"{self.year}年度"
        return self.title if self.title.startswith(year) else year + self.title


def file_name(head: PaperHead, order: int | None = None) -> str:
    """What the paper's file is called: its number where it has one, year, kind, code, name, status;
    `order` makes a folder's names sort as the papers do."""
    words = [head.status.value, *([SAMPLE] if head.sample else [])]
    lead = f"{order:04d}-" if order is not None else ""
    lead += f"{head.number}-" if head.number else ""
    lead += f"{head.owner}市考县-" if head.owner else ""
    name = f"{lead}{head.year}-{head.subject_kind}-{head.subject_code}-{head.subject_name}"
    return f"{safe_name(name)}-{'-'.join(words)}.pdf"


def safe_name(name: str) -> str:
    """A part of a file's name without signs that some file system minds, and short enough for
    all: a name has at most 255 bytes."""
    plain = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+', "_", drawable(name))
    return plain.encode()[:200].decode(errors="ignore")
