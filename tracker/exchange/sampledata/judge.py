"""What follows from the year's facts: targets that lie near them, rulings of city and province, and
files that prove some of them.

The facts are read as a freeze reads them, so both fit the records, also the public ones. Every
subject has a strength of its own, so that marks differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from tracker.core.db import Origin, db
from tracker.core.quantities.days import last_day
from tracker.core.quantities.precision import decimals
from tracker.core.quantities.units import WAN
from tracker.engine.scoring import Rulebook
from tracker.exchange.sampledata.draw import chance, percent, stream
from tracker.exchange.sampledata.plans import site_plan
from tracker.exchange.sampledata.proofs import Proofs
from tracker.exchange.sampledata.scene import INVENTED, Scene
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.determinations.queries import rulings_of_year
from tracker.records.targets.models import SUBJECT_COLUMNS as TARGET_COLUMNS
from tracker.records.targets.models import Target
from tracker.year.assessments.rosters import ROSTERS, Roster, Subject
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.columns import SUBJECT_COLUMNS
from tracker.year.measures.declare import SubjectKind
from tracker.year.rulebooks import shelf

DOCUMENT = "示例任务书"
GIVEN = ("target", "prior", "baseline", "goal", "score")
# A subject's strength in percent of what is asked of it: how many of a hundred, from, to.
STRENGTHS = ((30, 97, 108), (40, 88, 102), (22, 76, 92), (8, 70, 80))
WEAK = (48, 64)
# What a measure is likely to be asked for where nothing of it was reported.
TYPICAL: dict[str, int | Decimal] = {
    "万元": 500,
    "比例": Decimal("0.8"),
    "人次": 150,
    "人": 3,
    "万元/亩": 10,
    "m²": 3000,
}
FEW = 2
# A goal → the measure that it speaks of, or the value that most offices would set.
GOALS: dict[str, str | Decimal] = {
    "goal.tax_per_mu": "tax_per_mu",
    "goal.added_value_per_mu": "added_value_per_mu",
    "goal.park_tax_per_mu": "park.tax_per_mu",
    "goal.park_added_value_per_mu": "park.added_value_per_mu",
    "goal.per_village": Decimal(5),
    "goal.village_income_share": Decimal("0.55"),
    "goal.floor_usable": Decimal(3000),
}
# What public pages leave open of an enclave, or was not there yet in an earlier year.
OPEN = {
    "area.planned": Decimal(1600),
    "host.on_list": Decimal(1),
    "stage.in_use": Decimal(1),
    "contract.share_list": Decimal(1),
    "villages.fund_ledger": Decimal(1),
    "villages.disclosure": Decimal(1),
    "baseline.tax_per_mu": Decimal(0),
    "baseline.added_value_per_mu": Decimal(0),
    "prior.output.value": Decimal(0),
    "prior.tax.origin": Decimal(0),
}
REFUSED = "training.placed"
FULLY_RULED = (2023, 2024)
DONE_OF_HUNDRED = 60  # subjects that a city is through with in the last year
WAITING_OF_HUNDRED = 50  # of these facts of the others
# What nobody has ruled on counts nothing, so only small lines wait: no real subject fails by it.
WAITING = frozenset(
    {
        "cadres.posted",
        "enclave_reports.q4",
        "exchanges.visits",
        "occupancy.rate",
        "park.joint_events",
        "reports.q4",
        "support.specialists",
        "talents.provincial",
        "villages.disclosure",
    }
)
LEAST_AREA = Decimal(1500)  # the gate of an industrial enclave, 亩


@dataclass
class Sheet:
    """The subjects of one rulebook with their facts of the year."""

    year: int
    rulebook: Rulebook
    roster: Roster
    subjects: list[Subject]
    facts: dict[int, dict[str, Fact]] = field(default_factory=dict)

    @property
    def column(self) -> str:
        """The column by which targets and rulings name such a subject."""
        return SUBJECT_COLUMNS[self.roster.measures]

    @property
    def asked(self) -> list[str]:
        """The measures of which the rulebook reads a target."""
        return sorted(n.removeprefix("target.") for n in self._names if n.startswith("target."))

    @property
    def goals(self) -> list[str]:
        """The goals that the rulebook reads."""
        return sorted(name for name in self._names if name in GOALS)

    @property
    def reported(self) -> list[str]:
        """The measures that subjects report: no targets, earlier values, goals or other sheets'."""
        return sorted(name for name in self._names if name.partition(".")[0] not in GIVEN)

    @property
    def _names(self) -> frozenset[str]:
        return self.rulebook.measures

    def read(self) -> None:
        """Collect the facts, the earlier ones that a ruling may have to settle among them."""
        goals = {name for name in map(GOALS.get, self.goals) if isinstance(name, str)}
        wanted = {*self.asked, *self.reported, *goals, *self._names.intersection(OPEN)}
        ids = [subject.record_id for subject in self.subjects]
        self.facts = collect(self.year, self.roster.measures, wanted, ids)


def judge(scene: Scene, year: int) -> None:
    """Targets, rulings and proofs for every sheet of `year` that reads records."""
    proofs = Proofs(scene.seed, scene.rows)
    for sheet in _sheets(year):
        sheet.read()
        if sheet.column in TARGET_COLUMNS:
            _targets(scene, sheet)
        _rulings(scene, sheet)
        for subject in sheet.subjects:
            proofs.prove(sheet.rulebook, year, subject.code, sheet.facts[subject.record_id])
        scene.rows.write()


def carry_targets_on(scene: Scene, year: int) -> None:
    """The targets of a running year: those of the year before and a twentieth more, since what they
    would be reckoned from is not known yet."""
    before = db.session.scalars(
        select(Target)
        .where(Target.year == year - 1, Target.origin == Origin.SAMPLE)
        .order_by(Target.id)
    ).all()
    for target in before:
        unit = CATALOGUE.measures[target.measure].unit
        scene.rows.add(
            Target,
            date(year, 3, 15),
            region_id=target.region_id,
            enclave_id=target.enclave_id,
            park_id=target.park_id,
            pairing_id=target.pairing_id,
            year=year,
            measure=target.measure,
            value=rounded(target.value * 21 / 20, unit),
            due_on=last_day(year),
            document=f"{DOCUMENT}（{year}年）",
            responsible_unit=target.responsible_unit,
        )
    scene.rows.write()


def _sheets(year: int) -> Iterator[Sheet]:
    shelved = min(shelf.years(), key=lambda other: (abs(other - year), other))
    for rulebook in shelf.year_set(shelved).rulebooks:
        roster = ROSTERS.get(rulebook.subject)
        if roster is not None:
            yield Sheet(year, rulebook, roster, roster.subjects(year))


def _targets(scene: Scene, sheet: Sheet) -> None:
    for subject in sheet.subjects:
        strength = _strength(scene.seed, subject)
        for name in sheet.asked:
            rng = stream(scene.seed, "target", subject.code, name, sheet.year)
            unit = CATALOGUE.measures[name].unit
            value = _value(sheet, subject, name)
            if value:
                value = value * 100 / max(30, strength + rng.randint(-7, 7))
            else:
                value = Decimal(TYPICAL.get(unit, FEW))
            _target(scene, sheet, subject, name, rounded(value, unit))
        for name in sheet.goals:
            _goal(scene, sheet, subject, name)


def _goal(scene: Scene, sheet: Sheet, subject: Subject, name: str) -> None:
    rng = stream(scene.seed, "goal", subject.code, name, sheet.year)
    given = GOALS[name]
    if isinstance(given, str):
        value = _value(sheet, subject, given) or Decimal(TYPICAL["万元/亩"])
        value = (value * percent(rng, 92, 122)).quantize(Decimal("0.01"))
        value = max(value, Decimal("0.01"))
    else:
        value = given
    if isinstance(given, str) or chance(rng, 60):
        _target(scene, sheet, subject, name, value)


def _target(scene: Scene, sheet: Sheet, subject: Subject, name: str, value: Decimal) -> None:
    scene.rows.add(
        Target,
        date(sheet.year, 3, 15),
        **{sheet.column: subject.record_id},
        year=sheet.year,
        measure=name,
        value=value,
        due_on=last_day(sheet.year),
        document=f"{DOCUMENT}（{sheet.year}年）",
        responsible_unit="示例单位",
    )


def _strength(seed: int, subject: Subject) -> int:
    rng = stream(seed, "strength", subject.code)
    if _is_invented(subject):
        return rng.randint(*WEAK)
    drawn = rng.randint(1, 100)
    for of_hundred, low, high in STRENGTHS:
        if drawn <= of_hundred:
            return rng.randint(low, high)
        drawn -= of_hundred
    raise AssertionError("strengths make up a hundred")


def _is_invented(subject: Subject) -> bool:
    """Whether the subject, or the county that it is for, exists in the sample alone."""
    return any((code or "").startswith(INVENTED) for code in subject.belongs_to[-1:])


def _value(sheet: Sheet, subject: Subject, name: str) -> Decimal | None:
    fact = sheet.facts[subject.record_id].get(name)
    return None if fact is None else fact.number


def rounded(value: Decimal, unit: str) -> Decimal:
    """A target as offices write it: shares to the percent, sums to the 万元, all else whole."""
    if unit == "比例":
        return min(Decimal(1), max(Decimal("0.01"), value.quantize(Decimal("0.01"))))
    if unit.endswith("/亩"):
        return max(Decimal("0.01"), value.quantize(Decimal("0.01")))
    return max(Decimal(1), value.quantize(Decimal(1)))


def _rulings(scene: Scene, sheet: Sheet) -> None:
    """All facts of the years that are over; of the last only what cities have come to."""
    ruled = rulings_of_year(sheet.year, sheet.column)
    for subject in sheet.subjects:
        done = chance(stream(scene.seed, "done", subject.code, sheet.year), DONE_OF_HUNDRED)
        settled = _settled(scene, sheet, subject)
        for name, fact in sorted(sheet.facts[subject.record_id].items()):
            if (subject.record_id, name) in ruled:
                continue
            if name in settled and (fact.value is None or name == "area.planned"):
                _settle(scene, sheet, subject, name, settled[name])
            elif fact.number is None or name not in sheet.reported:
                continue
            elif sheet.year in FULLY_RULED or done or not _waits(scene, sheet, subject, name):
                _rule(scene, sheet, subject, name, fact.number)


def _waits(scene: Scene, sheet: Sheet, subject: Subject, name: str) -> bool:
    rng = stream(scene.seed, "waiting", subject.code, name, sheet.year)
    return name in WAITING and chance(rng, WAITING_OF_HUNDRED)


def _settled(scene: Scene, sheet: Sheet, subject: Subject) -> dict[str, Decimal]:
    """What an assessor would settle by the papers of an enclave, by measure."""
    if sheet.roster.measures is not SubjectKind.ENCLAVE:
        return {}
    enclave = next(e for e in scene.enclaves if e.id == subject.record_id)
    plan = site_plan(scene.seed, enclave)
    paid = _value(sheet, subject, "returns.paid")
    area = _value(sheet, subject, "area.planned")
    left_open = dict(OPEN)
    if area is not None and (area >= LEAST_AREA or _is_invented(subject)):
        # A published figure below the gate is a first phase; a real enclave does not fail by it.
        del left_open["area.planned"]
    return left_open | {
        "capital.agreed": plan.capital / WAN,
        "capital.base": plan.capital / WAN,
        "villages.listed": Decimal(plan.villages),
        **({} if paid is None else {"returns.due": paid}),
    }


def _settle(scene: Scene, sheet: Sheet, subject: Subject, name: str, value: Decimal) -> None:
    levels = (RulingLevel.CITY, RulingLevel.PROVINCE)
    for level in levels if sheet.year in FULLY_RULED else levels[:1]:
        _determine(
            scene,
            sheet,
            subject,
            name,
            level,
            ruling=Ruling.CORRECTED,
            reported=_value(sheet, subject, name),
            value=value,
            reason="示例：按协议文本和往年资料补核",
        )


def _rule(scene: Scene, sheet: Sheet, subject: Subject, name: str, value: Decimal) -> None:
    if decimals(value) > 8:  # more places than a ruling keeps
        return
    rng = stream(scene.seed, "ruling", subject.code, name, sheet.year)
    unit = CATALOGUE.measures[name].unit
    for level, of_hundred in ((RulingLevel.CITY, 4), (RulingLevel.PROVINCE, 2)):
        if level is RulingLevel.PROVINCE and sheet.year not in FULLY_RULED:
            break
        other = (value * percent(rng, 93, 99)).quantize(Decimal(1))
        correctable = unit in ("万元", "人次", "m²") and other not in (0, value)
        corrected = chance(rng, of_hundred) and correctable
        details: dict = {"ruling": Ruling.ACCEPTED}
        if name == REFUSED and _is_invented(subject):
            details = {"ruling": Ruling.REFUSED, "reason": "示例：名单与实际不符，不予认定"}
        elif corrected:
            details = {
                "ruling": Ruling.CORRECTED,
                "value": other,
                "reason": "示例：按凭证日期核减跨年度部分",
            }
        _determine(scene, sheet, subject, name, level, reported=value, **details)


def _determine(
    scene: Scene, sheet: Sheet, subject: Subject, name: str, level: RulingLevel, **details: object
) -> None:
    month, on = (1, 28) if level is RulingLevel.CITY else (2, 26)
    scene.rows.add(
        Determination,
        date(sheet.year + 1, month, on),
        year=sheet.year,
        measure=name,
        level=level,
        origin=Origin.SAMPLE,
        **{sheet.column: subject.record_id},
        **details,
    )
