"""What the reports show, as plain frozen values: no Flask, no SQLAlchemy, no ReportLab.

Points are decimal strings as the engine rounded them; means have two places, shares are parts of
the whole with four. Other figures carry their unit. None means that there is no such figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tracker.core.quantities.figure import Figure, added
from tracker.papers.common.head import PaperHead

SITES = ("enclave.", "park.", "village.")  # the beginnings of the subjects that are sites


@dataclass(frozen=True, slots=True)
class Alike:
    """How many lines of a subject were scored in both years by the same rule and of as many points,
    and the sums of their awards."""

    lines: int
    now: str
    before: str

    @property
    def difference(self) -> str:
        """This year's sum less last year's."""
        return str(Decimal(self.now) - Decimal(self.before))


@dataclass(frozen=True, slots=True)
class Before:
    """The same subject on last year's sheet; `total` is only so far if it is not `complete`.
    `other_class` is the class that it then was in, "" if the same as now; not `assessed` where
    nothing applied, not `counted` where no line could be scored. `same_rules`: whether the totals
    can be compared; `alike`: what can be compared line by line."""

    total: str
    rank: int | None
    complete: bool
    other_class: str = ""
    assessed: bool = True
    counted: bool = True
    same_rules: bool = True
    alike: Alike | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A subject in the ranking of its class.

    `complete` is false where lines wait for data: its total is only so far, its rank a trial,
    `grade` and `prize` are "". `grade` is None where nothing applied; `cause` says why it is
    another than the points give. `unscorable` counts lines that wait; where no line at all could be
    scored it is not `counted`, and its total is not 0 but unknown. `reason` says why there is no
    rank.
    """

    code: str
    name: str
    place: str
    total: str
    base: str
    bonus: str
    deduction: str
    grade: str | None
    rank: int | None
    complete: bool
    prize: str = ""
    reason: str = ""
    unscorable: int = 0
    before: Before | None = None
    counted: bool = True
    cause: str = ""

    @property
    def assessed(self) -> bool:
        """Whether anything applied to the subject, so that it has a grade."""
        return self.grade is not None

    @property
    def difference(self) -> str | None:
        """Total less last year's, where both are whole and the same rules gave them."""
        if self.before is None or not (self.complete and self.before.complete):
            return None
        if not self.before.same_rules:
            return None
        if not (self.assessed and self.before.assessed):
            return None
        return str(Decimal(self.total) - Decimal(self.before.total))


@dataclass(frozen=True, slots=True)
class Extreme:
    """The best or the worst on a line, and who they are. Where points in force differ it is by
    `rate`, the award by one's own points in force, None elsewhere; `award` is None where those of
    one rate have several."""

    award: str | None
    rate: str | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineSummary:
    """One indicator over a class: `rate` is the sum of awards by the sum of points in force, of
    those who could be scored; None for lines that add or deduct, and where nobody could.

    `in_force` are the least and the most points in force: where spreading made them differ, an
    award says nothing beside another, and `highest` and `lowest` go by rate.
    """

    code: str
    name: str
    group: str
    points: str
    in_force: tuple[str, str]
    mean: str | None
    rate: str | None
    highest: Extreme | None
    lowest: Extreme | None
    scored: int
    unscorable: int
    not_applicable: int

    @property
    def spread(self) -> bool:
        """Whether the points in force are others than the rulebook's for some."""
        return any(Decimal(points) != Decimal(self.points) for points in self.in_force)

    @property
    def by_rate(self) -> bool:
        """Whether the points in force differ, so that only rates can be compared."""
        return self.highest is not None and self.highest.rate is not None


@dataclass(frozen=True, slots=True)
class Change:
    """A class against last year: those on both sheets with whole totals, and their means, where
    totals can be compared; of how many `alike` lines are compared, and how many of them gained or
    lost on those (`alike_up`, `alike_down`), where they cannot.
    `reclassed` are those who were in another class; `left` those who are on the sheet no more."""

    comparable: int
    mean: str | None
    mean_before: str | None
    up: int
    down: int
    joined: tuple[str, ...]
    reclassed: tuple[str, ...]
    left: tuple[str, ...]
    alike: int = 0
    alike_up: int = 0
    alike_down: int = 0


@dataclass(frozen=True, slots=True)
class ClassRanking:
    """One class of a sheet. `label` is "" where the sheet knows no classes; `grades` counts whole
    cards by grade, in the rulebook's order; `mean` is over whole cards."""

    label: str
    standings: tuple[Standing, ...]
    grades: tuple[tuple[str, int], ...]
    mean: str | None
    lines: tuple[LineSummary, ...]
    change: Change | None

    @property
    def whole(self) -> int:
        """How many cards the mean is over."""
        return sum(s.complete and s.assessed for s in self.standings)


@dataclass(frozen=True, slots=True)
class SheetRanking:
    """One sheet: `subject` is the rulebook's ("county.recipient"), `label` what its subjects are
    called; `compared` says in sentences what of last year's points cannot be compared."""

    code: str
    subject: str
    label: str
    full_marks: str
    classes: tuple[ClassRanking, ...]
    compared: str = ""

    @property
    def standings(self) -> tuple[Standing, ...]:
        """All standings, class by class."""
        return tuple(found for of in self.classes for found in of.standings)


@dataclass(frozen=True, slots=True)
class Gate:
    """一票否决 or a limit that took effect, or could not be decided."""

    sheet: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection (申诉): by whom, to which line of whose card, on which day, how it was answered
    or ended (`state`), when (`over`, "" while it waits), and why."""

    number: int
    place: str
    subject: str
    line: str
    on: str
    state: str
    over: str
    reason: str


@dataclass(frozen=True, slots=True)
class Objections:
    """The objections of a year: each, and how many there are: in all, then in each state of
    `states`. `places` are the same numbers by place."""

    states: tuple[str, ...]
    total: tuple[int, ...]
    places: tuple[tuple[str, tuple[int, ...]], ...]
    each: tuple[Objected, ...]


@dataclass(frozen=True, slots=True)
class RulebookRow:
    """A rulebook for the annex; `sources` are sentences."""

    title: str
    code: str
    status: str
    issuer: str
    sha256: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProvinceReport:
    """考核通报. `office` is who it comes from, `column` whose figures the points go by."""

    head: PaperHead
    office: str
    column: str
    sheets: tuple[SheetRanking, ...]
    gates: tuple[Gate, ...]
    rulebooks: tuple[RulebookRow, ...]
    previous_year: int | None
    previous_sha256: str = ""
    objections: Objections | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A sheet among those of a city: where it stands in its class of the province.

    `ranked` is how many have a rank there; `belongs` names the county of a site. `compared`: there
    was such a sheet the year before, so that who was not on it is new.
    """

    standing: Standing
    sheet: str
    class_label: str
    ranked: int
    belongs: str = ""
    compared: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """A line that lost points: those in force, the award, and what is missing between them.
    `below`: a county's line, not the city's own."""

    subject: str
    line: str
    points: str
    award: str
    lost: str
    below: bool


@dataclass(frozen=True, slots=True)
class Step:
    """The cheapest next points of a subject, in a sentence."""

    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class CityReport:
    """设区市情况报告; `compared`: sheet by sheet, what of last year's cannot be compared."""

    head: PaperHead
    city: Member
    counties: tuple[Member, ...]
    sites: tuple[Member, ...]
    pairs: tuple[Member, ...]
    lost: tuple[Lost, ...]
    steps: tuple[Step, ...]
    rulebooks: tuple[RulebookRow, ...]
    compared: tuple[str, ...]
    previous_year: int | None


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What one matter came to on either side, in words; `recipient` None: of both together."""

    group: str
    what: str
    supporter: str
    recipient: str | None


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A cooperation project: planned total, money of the year, and how far it has come; `counted`:
    whether it counts for the year."""

    name: str
    investor: str
    total: Figure | None
    funds: Figure | None
    completed: Figure | None
    stage: str
    counted: bool = True


def project_sum(rows: Iterable[ProjectRow], name: str, *, counted: bool = True) -> Figure | None:
    """The sum of `total`, `funds` or `completed` of the rows that count for the year, or of the
    others; None where nothing is on record. It is made of the rows that are printed, so that it is
    theirs also where an older snapshot kept another."""
    return added(getattr(row, name) for row in rows if row.counted is counted)


@dataclass(frozen=True, slots=True)
class SiteRow:
    """An enclave or park of a pair. `due` and `paid` are returns of the year, None where there are
    none; `score` None where it has no sheet."""

    name: str
    kind: str
    place: str
    due: Figure | None
    paid: Figure | None
    score: Member | None


@dataclass(frozen=True, slots=True)
class PairReport:
    """结对情况表. A side's score is None where it has no sheet. `funds` and the sums in
    `project_words` are of the projects that count for the year, as printed."""

    head: PaperHead
    scheme: str
    since: str | None
    supporter: str
    recipient: str
    supporter_score: Member | None
    recipient_score: Member | None
    pair_score: Member | None
    aid: Figure | None
    funds: Figure | None
    exchanged: tuple[Exchanged, ...]
    project_words: str
    projects: tuple[ProjectRow, ...]
    sites: tuple[SiteRow, ...]
    differing: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One year of returns; `reason` says why `due` is not known."""

    year: int
    due: Figure | None
    paid: Figure | None
    reason: str


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village's part: capital and receipts, and `share` of the whole, reckoned `by_capital` for
    want of one on record; `weak` is None where nobody has said."""

    name: str
    weak: bool | None
    capital: Figure | None
    share: str | None
    received: Figure | None
    received_before: Figure | None
    by_capital: bool = False


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment: whether it came in time is said in `kept`."""

    on: str
    due_on: str
    kept: str
    amount: Figure
    villages: str
    voucher: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its unit, and what it is a figure of, None where it does not count; `notes` are
    further columns."""

    label: str
    unit: str
    value: Figure | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TenantRow:
    """A firm and the floor that it has."""

    name: str
    span: str
    area: Figure | None
    marks: str


@dataclass(frozen=True, slots=True)
class EnclaveReport:
    """飞地年度表; `documents`, `money` and `differing` (facts that the card counts with another
    value than the reported one) are rows of words, in the order of the columns."""

    head: PaperHead
    kind: str
    direction: str
    place: str
    score: Member | None
    basics: tuple[tuple[str, str], ...]
    terms: tuple[str, ...]
    agreement: tuple[tuple[str, str], ...]
    documents: tuple[tuple[str, ...], ...]
    returns: tuple[ReturnRow, ...]
    payments: tuple[PaymentRow, ...]
    money: tuple[tuple[str, ...], ...]
    listed: int | None
    villages: tuple[VillageRow, ...]
    spaces: tuple[Measured, ...]
    figures: tuple[Measured, ...]
    tenants: tuple[TenantRow, ...]
    rulebook: str = ""
    differing: tuple[tuple[str, ...], ...] = ()
