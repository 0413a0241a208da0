"""What a year asks: targets with what was done of them, their division, and the goals of plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms.validators import Optional

from tracker.accounts.models import User
from tracker.accounts.permissions import Permission
from tracker.assessments.queries import latest_snapshot
from tracker.assessments.scored import scored
from tracker.db import db
from tracker.determinations.models import RulingLevel
from tracker.enclaves.models import Enclave
from tracker.indicators.models import PlanGoal
from tracker.pages.measured import (
    check_measure,
    measure_field,
    measure_words,
    measured,
    of_record,
    unit_of,
)
from tracker.pairings.models import Pairing
from tracker.parks.models import Park
from tracker.regions.models import Region, RegionLevel
from tracker.regions.scopes import everybodys, is_province, places, set_above
from tracker.regions.subjects import (
    OneSubject,
    load_subject,
    subject_column,
    subject_filter,
    subject_of,
    subject_scope,
)
from tracker.targets import service
from tracker.targets.models import SUBJECT_COLUMNS, Target
from tracker.targets.queries import Decomposition, unbalanced
from tracker.web.access import requires
from tracker.web.figures import figure
from tracker.web.forms import Form, Required
from tracker.web.kit import (
    Action,
    Blocked,
    Column,
    Field,
    Filter,
    Kind,
    Section,
    Show,
    blocked_page,
    form_of,
    in_year,
    looks,
    one_of,
    record_blueprint,
    this_year,
    through,
)
from tracker.web.kit.fields import NumberField
from tracker.web.kit.kinds import Choices, name_of
from tracker.web.period import selected_year, show
from tracker.web.plausibility import FigureFacts, figure_doubts
from tracker.web.transactions import writes

PLACES = 6
_BELOW = {RegionLevel.PROVINCE: RegionLevel.CITY, RegionLevel.CITY: RegionLevel.COUNTY}


class MeasuredField(NumberField):
    """A figure in the unit of a measure; a share is typed in per cent."""

    def in_unit(self, unit: str) -> None:
        """Read and write in `unit` from now on."""
        self.percent = unit == "比例"
        self.places = PLACES - 2 if self.percent else PLACES


class TargetForm(
    OneSubject,
    form_of(
        Target,
        (
            ("对象", SUBJECT_COLUMNS),
            ("任务", ("year", "measure", "value", "due_on")),
            ("来自", ("document", "responsible_unit", "parent_id")),
        ),
        future=("due_on",),
        help={
            "region_id": "地方、飞地、产业园、结对关系只选一项。",
            "document": "下达任务的文件名和文号。",
            "parent_id": "由省、市任务分解而来的，选上一级的任务。",
        },
        measure=measure_field("指标", SUBJECT_COLUMNS, required=True),
        value=MeasuredField(
            "任务数",
            [Required()],
            places=PLACES,
            description="以所选指标的单位计，见指标名后的括号；比例按百分数填，例如 85。",
        ),
    ),
):
    """What is asked of whom, in the unit of the measure."""

    def process(self, formdata=None, obj=None, data=None, **options: Any) -> None:
        """Read the figure in the unit of the measure that comes with it."""
        formdata = self.meta.wrap_formdata(self, formdata)
        name = formdata.get("measure", "") if formdata else getattr(obj, "measure", "")
        self.value.in_unit(unit_of(name))
        super().process(formdata, obj, data, **options)

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field, then the measure of the subject, and the task above."""
        good = super().validate(extra_validators)
        good = check_measure(self) and good
        return self._fits_above() and good

    def _fits_above(self) -> bool:
        above = db.session.get(Target, self.parent_id.data) if self.parent_id.data else None
        if above is None:
            return True
        place = db.session.get(Region, self.region_id.data) if self.region_id.data else None
        if (above.year, above.measure) != (self.year.data, self.measure.data):
            said = "上级任务的年度和指标须与本任务相同。"
        elif place is None or above.region_id != place.parent_id:
            said = "上级任务须是直接上一级地方的任务。"
        else:
            return True
        self.add_error("parent_id", said)
        return False


def find_done(targets: Sequence[Target]) -> None:
    """What was done of `targets` by the latest snapshot of their years; see `done_of`."""
    reported = {year: _reported_in(year) for year in {target.year for target in targets}}
    for target in targets:
        target.done = reported[target.year].get((_code_of(target), target.measure))


def done_of(target: Target) -> Decimal | None:
    """What the latest snapshot has of the target's measure, in its unit; None without any."""
    if not hasattr(target, "done"):
        find_done([target])
    return target.done


def _reported_in(year: int) -> Mapping[tuple[str, str], Decimal]:
    snapshot = latest_snapshot(year)
    return _reported(snapshot.sha256, snapshot.content) if snapshot else {}


@lru_cache(maxsize=4)
def _reported(sha256: str, content: bytes) -> Mapping[tuple[str, str], Decimal]:
    sheets = scored(sha256, content).document["sheets"].values()
    return {
        (subject["code"], name): Decimal(value)
        for sheet in sheets
        for subject in sheet["facts"][RulingLevel.COUNTY.value]["subjects"]
        for name, value in subject["measures"].items()
    }


def _code_of(target: Target) -> str | None:
    subject = subject_of(target)
    if isinstance(subject, Pairing):
        sides = (subject.supporter.code, subject.recipient.code, subject.scheme.value)
        return "-".join(str(side) for side in sides)
    return subject.code


def _share(target: Target) -> Markup | str:
    done = done_of(target)
    if done is None or not target.value:
        return looks.NOTHING
    return figure((done / target.value * 100).quantize(Decimal("0.1")), "%")


def _parts(target: Target) -> Mapping[str, object] | None:
    if not target.parts:
        return None
    statement = (
        select(Target)
        .where(Target.parent_id == target.id)
        .options(*TARGETS.load)
        .order_by(Target.id)
    )
    parts = list(db.session.scalars(statement).unique())
    find_done(parts)
    return {
        "division": Decomposition(target, parts),
        "kind": TARGETS,
        "measured": measured,
        "done_of": done_of,
        "subject_of": subject_of,
    }


def _above(user: User, target: Target | None) -> Choices:
    """(id, words) of the targets of the province and its cities: those that can be divided."""
    statement = (
        select(Target)
        .join(Region, Region.id == Target.region_id)
        .where(TARGETS.scope.seen(user), Region.level.in_(_BELOW))
        .options(joinedload(Target.region))
        .order_by(Target.year.desc(), Region.code, Target.measure)
    )
    found = db.session.scalars(statement)
    return [(each.id, f"{each.year} {_name(each)}") for each in found if each is not target]


def _name(target: Target) -> str:
    return f"{name_of(subject_of(target))} {measure_words(target.measure)}"


def _not_to_divide(user: User, target: Target) -> Blocked | None:
    if target.region is None or target.region.level not in _BELOW:
        return Blocked("只有省、设区市的任务可以分解。")
    return Blocked("已经分解，见下面的“分解”；可逐项修改。") if target.parts else None


def _measures_asked(user: User) -> Choices:
    names = db.session.scalars(select(Target.measure).distinct())
    return sorted(((name, str(measure_words(name))) for name in names), key=lambda pair: pair[1])


def _doubts(target: Target | None, parent: None, values: Mapping[str, Any]) -> list[str]:
    year, measure = values["year"], values["measure"]
    before = db.session.scalar(
        select(Target.value).where(
            *(getattr(Target, name) == values.get(name) for name in SUBJECT_COLUMNS),
            Target.year == year - 1,
            Target.measure == measure,
        )
    )
    unit = unit_of(measure)
    percent = 100 if unit == "比例" else 1
    return figure_doubts(
        FigureFacts(
            "任务数",
            values["value"] * percent,
            "%" if unit == "比例" else unit,
            before * percent if before is not None else None,
            f"{year - 1} 年任务",
        )
    )


TARGETS = Kind(
    "targets",
    Target,
    "年度任务",
    view=Permission.TARGETS_VIEW,
    edit=Permission.TARGETS_EDIT,
    scope=subject_scope(Target, set_above),
    name=_name,
    load=load_subject(Target),
    load_detail=(joinedload(Target.parent).joinedload(Target.region), joinedload(Target.source)),
    prepare=find_done,
    columns=(
        Column("measure", look=measure_words, sort=True),
        subject_column(phone=True),
        Column("value", look=of_record, phone=True),
        Column("done", "已完成", value=done_of, look=of_record, phone=True),
        Column("share", "完成率", value=_share, look=lambda words, t: words, show=Show.DESK),
        Column("year", sort=True, show=Show.WIDE),
        Column("due_on", sort=True, show=Show.DESK),
        Column("responsible_unit", show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        this_year(Target.year),
        subject_filter(Target),
        Filter(
            "measure",
            "指标",
            _measures_asked,
            lambda name: Target.measure == name if name else None,
        ),
        one_of(Target.origin, "来源"),
    ),
    search=(
        through(Target.region_id, Region.name),
        through(Target.enclave_id, Enclave.name),
        through(Target.park_id, Park.name),
        Target.document,
        Target.responsible_unit,
    ),
    search_label="地方、飞地、产业园、文件或责任单位",
    order="measure",
    subline=(Field("origin", look=looks.origin),),
    groups=(
        (
            "任务",
            (
                Field("subject", "对象", value=subject_of, look=looks.link),
                "year",
                Field("measure", look=measure_words),
                Field("value", look=of_record),
                Field("done", "已完成", value=done_of, look=of_record),
                Field("share", "完成率", value=_share, look=lambda words, target: words),
                "due_on",
                "responsible_unit",
                "document",
                "parent",
                "source",
            ),
        ),
    ),
    sections=(Section("分解", "targets/parts.html", _parts, "parts"),),
    actions=(
        Action(
            "分解",
            "list-numbers",
            Permission.TARGETS_EDIT,
            lambda target: url_for("targets.divide", target_id=target.id),
            _not_to_divide,
            fits=lambda user, target: target.region is not None and target.region.level in _BELOW,
        ),
    ),
    form=TargetForm,
    choices={"region_id": places, "parent_id": _above},
    defaults=lambda user, parent: {"year": selected_year()},
    doubts=_doubts,
    list_template="targets/list.html",
    empty="这里将列出下达给地方、飞地、产业园和结对的年度任务。由省级考核人员登记。",
)

_SIGNS = {">": "> ", ">=": "≥ ", "<": "< ", "<=": "≤ ", "≈": "≈ "}


def _goal(text: str, goal: PlanGoal) -> str:
    """A plan's goal in its own words, with the sign that they stand for."""
    return f"{_SIGNS.get(goal.operator or '', '')}{text}{goal.unit}"


PLAN_GOALS = Kind(
    "plan_goals",
    PlanGoal,
    "规划目标",
    view=Permission.TARGETS_VIEW,
    scope=everybodys(),
    name=lambda goal: goal.indicator,
    columns=(
        Column("indicator", sort=True),
        Column("scope", sort=True),
        Column("year", sort=True),
        Column("text", look=_goal),
        Column("kind", show=Show.DESK),
        Column("plan", show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(in_year(PlanGoal.year), one_of(PlanGoal.kind)),
    search=(PlanGoal.indicator, PlanGoal.scope, PlanGoal.plan, PlanGoal.group),
    search_label="指标、范围或规划",
    order="indicator",
    groups=(
        (
            "目标",
            (
                "plan",
                "scope",
                "group",
                "number",
                "indicator",
                "kind",
                "year",
                Field("text", look=_goal),
            ),
        ),
    ),
    menu="targets.index",
    list_template="targets/list.html",
    empty="这里将列出规划和方案提出的目标，随公开资料载入。",
)

bp = record_blueprint(TARGETS)
blueprints = (bp, record_blueprint(PLAN_GOALS))
for _each in blueprints:
    _each.context_processor(lambda: {"unbalanced_targets": _unbalanced, "measured": measured})


def _unbalanced() -> list[Decomposition]:
    """The divided targets of the year that do not add up, for those who divide them."""
    return unbalanced(selected_year()) if is_province(current_user) else []


@bp.route("/<id:target_id>/divide", methods=["GET", "POST"])
@writes
@requires(Permission.TARGETS_EDIT)
def divide(target_id: int) -> ResponseReturnValue:
    """Divide the province's task among cities, or a city's among its counties."""
    whole = TARGETS.get(current_user, target_id) or abort(404)
    show(whole.year)
    blocked = TARGETS.blocked(current_user, whole)
    if blocked is not None:
        return blocked_page(TARGETS, whole, None, blocked)
    blocked = _not_to_divide(current_user, whole)
    if blocked is not None:
        return blocked_page(TARGETS, whole, None, blocked, status=409)
    below = _regions_below(whole.region)
    form = _division_form(whole, below)()
    if form.validate_on_submit():
        parts = {place: form[f"part-{place.id}"].data for place in below}
        try:
            made = service.divide(whole, {p: v for p, v in parts.items() if v is not None})
        except service.TargetError as error:
            form.form_errors.append(str(error))
        if not form.errors:
            flash(f"已分解到 {len(made)} 个地方。", "success")
            return redirect(f"{TARGETS.address(whole)}#parts")
    status = 422 if form.is_submitted() else 200
    page = render_template("targets/divide.html", form=form, kind=TARGETS, whole=whole)
    return page, status


def _regions_below(above: Region) -> list[Region]:
    statement = (
        select(Region)
        .where(
            Region.parent_id == above.id,
            Region.level == _BELOW[above.level],
            Region.abolished_on.is_(None),
        )
        .order_by(Region.code)
    )
    return list(db.session.scalars(statement))


def _division_form(whole: Target, below: Sequence[Region]) -> type[Form]:
    """A field for each place below; in per cent for a share."""
    share = unit_of(whole.measure) == "比例"
    fields = {
        f"part-{place.id}": NumberField(
            place.name,
            [Optional()],
            places=PLACES - 2 if share else PLACES,
            percent=share,
        )
        for place in below
    }
    return type("DivisionForm", (Form,), fields)
