"""The check before a filing: the rules that features above declare, and what they find, as a tree.

A rule says in its own words what it is about and what to do; it is an error, which stands against
the county leader's approval and against filing, or a warning, which may be passed with a reason.
What was passed is a row of `answered_doubts` about the filing, so that it stays in sight.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from tracker.core.db import db
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.doubted import AnsweredDoubt
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.models import Enclave
from tracker.records.places.models import Region
from tracker.records.submissions import service
from tracker.records.submissions.models import IN_HAND, QUARTERS, Filing, FilingAct, FilingKind
from tracker.records.submissions.workdays import days_covered
from tracker.web.kit.doubted import answers_about
from tracker.web.kit.kinds import name_of

REPORTS = (*QUARTERS, FilingKind.ANNUAL)
LONGEST_REASON = 500
_NAMED = 3  # errors that a refusal names


class Weight(LabelledEnum):
    """What a finding does to a filing."""

    ERROR = "error", "错误"
    WARNING = "warning", "提醒"


class PassError(service.StepError):
    """Warnings that cannot be passed; the message says why."""


@dataclass(frozen=True)
class Asked:
    """What is checked: a filing of a county or of one enclave, and the days that it is about."""

    filing: Filing
    place: Region
    enclave: Enclave | None
    first: date
    last: date

    @classmethod
    def of(cls, filing: Filing) -> Asked:
        first, last = days_covered(filing.year, filing.kind)
        return cls(filing, filing.place, filing.enclave, first, last)

    @property
    def year(self) -> int:
        return self.filing.year

    @property
    def quarters(self) -> tuple[int, ...]:
        """The quarters that it is about."""
        if self.filing.kind in QUARTERS:
            return (QUARTERS.index(self.filing.kind) + 1,)
        return (1, 2, 3, 4)

    @property
    def whole_year(self) -> bool:
        """Whether it is about a year that is complete with it."""
        return self.last.month == 12


@dataclass(frozen=True)
class Fault:
    """Something that a rule found: of which record (`name`), what is wrong, and the page (endpoint
    and its values) where it is mended."""

    name: str
    words: str
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    number: int = 1  # how many things it is about, as the empty cells of a row

    @property
    def line(self) -> str:
        """As it is kept where somebody passes it: other figures are another line."""
        return f"{self.name}：{self.words}"


@dataclass(frozen=True)
class Rule:
    """`key` is kept with what is passed; `label` heads its findings, `advice` says what to do.
    `costly`: it reckons sums, so it is asked on the page of the check alone; where it is also
    `confirmed`, on the pages of the steps too, and whoever approves or files confirms what is open
    of it. What it finds is counted as so many of `thing`."""

    key: str
    label: str
    weight: Weight
    advice: str
    find: Callable[[Asked], Iterable[Fault]]
    costly: bool = False
    confirmed: bool = False
    thing: str = "条"


@dataclass(frozen=True)
class Passed:
    """A finding that somebody passed, with the answer."""

    fault: Fault
    answer: AnsweredDoubt


@dataclass(frozen=True)
class Branch:
    """What one rule found: what is open, and what was passed."""

    rule: Rule
    faults: tuple[Fault, ...]
    passed: tuple[Passed, ...] = ()

    @property
    def number(self) -> int:
        """How many things are open."""
        return sum(fault.number for fault in self.faults)

    def mark(self, fault: Fault) -> str:
        """What a form carries of a finding."""
        return sha256(f"{self.rule.key}\n{fault.line}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Tree:
    """All that was found of a filing. `left_out`: costly rules that were not asked."""

    branches: tuple[Branch, ...]
    left_out: tuple[Rule, ...] = ()

    @property
    def errors(self) -> list[Branch]:
        """The branches of errors."""
        return [b for b in self.branches if b.rule.weight is Weight.ERROR and b.faults]

    @property
    def warnings(self) -> list[Branch]:
        """The branches of warnings that nobody has passed."""
        return [b for b in self.branches if b.rule.weight is Weight.WARNING and b.faults]

    @property
    def passed(self) -> list[Branch]:
        """The branches with findings that were passed."""
        return [b for b in self.branches if b.passed]

    @property
    def to_confirm(self) -> list[Branch]:
        """The branches with open findings that are confirmed before approval and filing."""
        return [b for b in self.branches if b.rule.confirmed and b.faults]

    @property
    def number_of_errors(self) -> int:
        return sum(len(b.faults) for b in self.errors)

    @property
    def number_of_warnings(self) -> int:
        return sum(len(b.faults) for b in self.warnings)

    @property
    def number_passed(self) -> int:
        return sum(len(b.passed) for b in self.passed)


_rules: dict[str, Rule] = {}


def declare(*rules: Rule) -> None:
    """Add rules, in the order in which they are shown. Raises ValueError for a key that is
    taken."""
    for rule in rules:
        if rule.key in _rules:
            raise ValueError(f"rule {rule.key} is declared twice")
        _rules[rule.key] = rule


def rules() -> tuple[Rule, ...]:
    """All rules, errors first."""
    return tuple(sorted(_rules.values(), key=lambda rule: rule.weight is Weight.WARNING))


def labels() -> dict[str, str]:
    """What the rules are called, by key."""
    return {rule.key: rule.label for rule in rules()}


def check(
    filing: Filing, *, costly: bool = False, errors_only: bool = False, confirmed: bool = False
) -> Tree:
    """What the rules find of `filing` as its records stand; a yearly plan has nothing to check.
    `confirmed`: with what is confirmed before approval and filing, whatever it costs."""
    if filing.kind not in REPORTS:
        return Tree(())
    asked = Asked.of(filing)
    known = {} if errors_only else _known(filing)
    branches, left_out = [], []
    for rule in rules():
        if errors_only and rule.weight is not Weight.ERROR:
            continue
        if rule.costly and not (costly or (confirmed and rule.confirmed)):
            left_out.append(rule)
        elif (branch := _branch(rule, asked, known)) is not None:
            branches.append(branch)
    return Tree(tuple(branches), tuple(left_out))


def to_confirm(filing: Filing) -> list[Branch]:
    """What whoever approves or files `filing` has to confirm: nothing else is asked."""
    if filing.kind not in REPORTS:
        return []
    asked, known = Asked.of(filing), _known(filing)
    found = (_branch(rule, asked, known) for rule in rules() if rule.confirmed)
    return [branch for branch in found if branch is not None and branch.faults]


def _branch(
    rule: Rule, asked: Asked, known: Mapping[tuple[str, str], AnsweredDoubt]
) -> Branch | None:
    open_, passed = [], []
    for fault in rule.find(asked):
        answer = known.get((rule.key, fault.line)) if rule.weight is Weight.WARNING else None
        if answer is None:
            open_.append(fault)
        else:
            passed.append(Passed(fault, answer))
    return Branch(rule, tuple(open_), tuple(passed)) if open_ or passed else None


def passes(filing: Filing) -> list[AnsweredDoubt]:
    """All that was ever passed of `filing`, the oldest first, whether or not it still holds."""
    return answers_about(Filing.__tablename__, filing.id)


# A filing → what was answered of the records that it is about, when they were entered.
Answers = Callable[[Asked], Iterable[AnsweredDoubt]]
_answers: list[Answers] = []


def also_answered(find: Answers) -> Answers:
    """Let a feature above tell what was answered of the records of a filing."""
    _answers.append(find)
    return find


def answered(filing: Filing) -> list[AnsweredDoubt]:
    """What was unusual of the records of `filing` when they were entered, and why they are right,
    the newest first."""
    if filing.kind not in REPORTS:
        return []
    asked = Asked.of(filing)
    return sorted((each for find in _answers for each in find(asked)), key=lambda of: -of.id)


def _known(filing: Filing) -> dict[tuple[str, str], AnsweredDoubt]:
    return {
        (key, line): answer
        for answer in passes(filing)
        for key in answer.rules.split(",")
        for line in answer.words.split("\n")
    }


def why_not_pass(user: User, filing: Filing) -> str:
    """Why `user` cannot pass warnings of `filing`; "" where nothing stands against it."""
    if not user.may(Permission.SUBMISSIONS_SUBMIT) or user.region_id != filing.place.id:
        return f"提醒由{filing.place.name}的工作人员说明理由。"
    if filing.state not in IN_HAND:
        return f"现在是“{filing.state.label}”，须撤回或退回后再说明理由。"
    return ""


def pass_over(
    actor: User, filing: Filing, tree: Tree, marks: Collection[str] | None, reason: str
) -> int:
    """Pass the warnings of `tree`, what was found of `filing`, whose marks are given (all, for
    None) with one reason; how many these are. One row for each rule. Raises PassError."""
    if said := why_not_pass(actor, filing):
        raise PassError(said)
    if not reason.strip():
        raise PassError("请写明理由，审核人看得到。")
    number = 0
    for branch in tree.warnings:
        chosen = [f for f in branch.faults if marks is None or branch.mark(f) in marks]
        if not chosen:
            continue
        number += len(chosen)
        answer = AnsweredDoubt(
            table_name=Filing.__tablename__,
            record_id=filing.id,
            name=name_of(filing)[:300],
            region_id=filing.place.id,
            year=filing.year,
            rules=branch.rule.key,
            words="\n".join(fault.line for fault in chosen),
            reason=reason.strip()[:LONGEST_REASON],
            answered_by_id=actor.id,
        )
        db.session.add(answer)
    if not number:
        raise PassError("请先勾选要说明的提醒；所填数据有变的，请按现在的提醒再选。")
    db.session.flush()
    return number


@service.stands_against
def _of_errors(filing: Filing, act: FilingAct) -> str:
    """What a county files, and what its leader approves, has no errors left."""
    if act not in (FilingAct.APPROVED, FilingAct.SUBMITTED):
        return ""
    found = check(filing, errors_only=True).errors
    if not found:
        return ""
    number = sum(len(branch.faults) for branch in found)
    first = [fault.line for branch in found for fault in branch.faults][:_NAMED]
    more = "等" if number > len(first) else ""
    said = "；".join(line.rstrip("。") for line in first)
    return f"报送前核对还有 {number} 项错误，请先改正：{said}{more}。"
