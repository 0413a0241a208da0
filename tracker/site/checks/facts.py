"""What is missing, out of order or left aside of projects, enclaves and parks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import QUARTER_NAMES, quarter_before, quarter_begin, quarter_end
from tracker.core.quantities.printed import trimmed
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger import stalled
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import ASKED, MEANINGS, Item
from tracker.records.operations.models import OperatingFigure
from tracker.records.parks.models import Park, ParkKind
from tracker.records.projects.models import PartnerView, Project, ProjectStage
from tracker.records.quarters.noughts import without_investment
from tracker.records.submissions.checking import Asked, Fault
from tracker.site.checks.scope import (
    enclaves_at_work,
    own_enclaves,
    own_parks,
    own_projects,
    running,
    to_cell,
    to_row,
)
from tracker.web.kit.words import label_of
from tracker.year.measures.counting import left_out_of

# Whose quarters are reported: of a park of the 2025 tasks nobody asks for them.
_REPORTING = (ParkKind.INDUSTRIAL, ParkKind.TOURISM)
# What grows as long as it stands: its figure is of all that was done until then.
_GROWING = (Item.LAND_SUPPLIED, Item.LAND_DEVELOPED)
_OF_ENCLAVES = ("kind", "signed_on", "total_capital")
_STAGES = ("planned_on", "negotiated_on", "signed_on", "started_on", "completed_on")
_ORDERS = (_STAGES, ("started_on", "in_production_on"), ("signed_on", "terminated_on"))
# A stage that is not reached without the one before it.
_BEFORE = {
    "started_on": "signed_on",
    "completed_on": "started_on",
    "in_production_on": "started_on",
}
_SITES = ("signed_on", "started_on", "completed_on", "in_use_on")


def _projects(asked: Asked, *conditions: Any) -> Sequence[Project]:
    statement = select(Project).where(own_projects(asked), running(asked), *conditions)
    statement = statement.options(joinedload(Project.partner)).order_by(Project.name, Project.id)
    return db.session.scalars(statement).all()


def _to_edit(project: Project) -> dict[str, Any]:
    return {"endpoint": "projects.edit", "values": {"project_id": project.id}}


def _to_read(project: Project) -> dict[str, Any]:
    return {"endpoint": "projects.detail", "values": {"project_id": project.id}}


def _enclave_page(enclave: Enclave) -> dict[str, Any]:
    return {"endpoint": "enclaves.edit", "values": {"enclave_id": enclave.id}}


# -- what is missing


def without_total(asked: Asked) -> Iterator[Fault]:
    """Projects that were signed and of which nobody said how much they cost."""
    wanted = (Project.total_investment.is_(None), Project.signed_on <= asked.last)
    for project in _projects(asked, Project.in_scope.is_not(False), *wanted):
        yield Fault(project.name, "已签约，未填总投资", **_to_edit(project))


def without_basics(asked: Asked) -> Iterator[Fault]:
    """Enclaves that lack what every rulebook asks first."""
    lacking = or_(*(getattr(Enclave, name).is_(None) for name in _OF_ENCLAVES))
    living = or_(Enclave.closed_on.is_(None), Enclave.closed_on > asked.first)
    statement = select(Enclave).where(own_enclaves(asked), living, lacking)
    for enclave in db.session.scalars(statement.order_by(Enclave.code)):
        missing = [label_of(Enclave, n) for n in _OF_ENCLAVES if getattr(enclave, n) is None]
        yield Fault(enclave.name, f"未填{'、'.join(missing)}", **_enclave_page(enclave))


def _sites(asked: Asked, quarter: int) -> Iterator[Enclave | Park]:
    """The sites whose figures of the quarter are due."""
    at_work = select(Enclave).where(enclaves_at_work(asked, quarter)).order_by(Enclave.code)
    yield from db.session.scalars(at_work)
    first, last = quarter_begin(asked.year, quarter), quarter_end(asked.year, quarter)
    parks = select(Park).where(
        own_parks(asked),
        Park.kind.in_(_REPORTING),
        Park.approved_on <= last,
        or_(Park.closed_on.is_(None), Park.closed_on > first),
    )
    yield from db.session.scalars(parks.order_by(Park.code))


Figures = dict[tuple[type, int, int, int], dict[Item, Decimal]]


def _figures(asked: Asked) -> Figures:
    """(enclave or park, its number, year, quarter) → item → value, of this year and the last."""
    mine = or_(
        OperatingFigure.enclave_id.in_(select(Enclave.id).where(own_enclaves(asked))),
        OperatingFigure.park_id.in_(select(Park.id).where(own_parks(asked))),
    )
    years = OperatingFigure.year.in_((asked.year - 1, asked.year))
    found: Figures = defaultdict(dict)
    for each in db.session.scalars(select(OperatingFigure).where(mine, years)):
        site = (Enclave, each.enclave_id) if each.enclave_id else (Park, each.park_id)
        found[(*site, each.year, each.quarter)][each.item] = each.value
    return found


def _by_site(asked: Asked) -> Iterator[tuple[int, Enclave | Park, dict[Item, Decimal], dict]]:
    """(quarter, site, its figures, those of the quarter before) of all that are due."""
    found = _figures(asked)
    for quarter in asked.quarters:
        for site in _sites(asked, quarter):
            of = type(site), site.id
            now = found.get((*of, asked.year, quarter), {})
            yield quarter, site, now, found.get((*of, *quarter_before(asked.year, quarter)), {})


def _to_figure(
    asked: Asked, quarter: int, site: Enclave | Park, item: Item | None = None
) -> dict[str, Any]:
    """The grid at the cell of an item of a site, or at its row; the site's own page where the place
    has no grid."""
    name = "enclave" if isinstance(site, Enclave) else "park"
    if not asked.place.code:
        return {"endpoint": f"{name}s.detail", "values": {f"{name}_id": site.id}}
    if item is None:
        return to_row(asked, quarter, f"{name}_figures", f"{name}-{site.id}")
    return to_cell(asked, quarter, f"{name}-{site.id}.figure.{item.value}")


def without_figures(asked: Asked) -> Iterator[Fault]:
    """Sites at work of which a quarter has no figure at all."""
    for quarter, site, now, _ in _by_site(asked):
        if not now:
            yield Fault(
                site.name,
                f"{QUARTER_NAMES[quarter]}没有一项运营数据",
                **_to_figure(asked, quarter, site),
            )


def items_dropped(asked: Asked) -> Iterator[Fault]:
    """Items that the quarter before has and the quarter lacks, of sites that have others."""
    for quarter, site, now, before in _by_site(asked):
        lacking = [item for item in ASKED if item in before and item not in now]
        if now and lacking:
            names = "、".join(item.label for item in lacking)
            said = f"上季报了{names}，{QUARTER_NAMES[quarter]}没有报"
            yield Fault(site.name, said, **_to_figure(asked, quarter, site, lacking[0]))


def stocks_falling(asked: Asked) -> Iterator[Fault]:
    """What can only grow and is less than the quarter before."""
    for quarter, site, now, before in _by_site(asked):
        for item in _GROWING:
            if item in now and item in before and now[item] < before[item]:
                unit = MEANINGS[item].unit
                said = (
                    f"{QUARTER_NAMES[quarter]}累计{item.label} {trimmed(now[item])} {unit}，"
                    f"少于上季的 {trimmed(before[item])} {unit}"
                )
                yield Fault(site.name, said, **_to_figure(asked, quarter, site, item))


# -- stages


def out_of_order(asked: Asked) -> Iterator[Fault]:
    """Days of stages that run backwards."""
    for project in _projects(asked):
        for order in _ORDERS:
            yield from _backwards(project, order, project.name, _to_edit(project))
    for enclave in db.session.scalars(select(Enclave).where(own_enclaves(asked))):
        yield from _backwards(enclave, _SITES, enclave.name, _enclave_page(enclave))


def _backwards(
    record: Any, names: Sequence[str], name: str, page: dict[str, Any]
) -> Iterator[Fault]:
    known = [(each, getattr(record, each)) for each in names if getattr(record, each) is not None]
    for (before, first), (after, second) in pairwise(known):
        if second < first:
            model = type(record)
            said = f"{label_of(model, after)} {second} 早于{label_of(model, before)} {first}"
            yield Fault(name, said, **page)


def skipped(asked: Asked) -> Iterator[Fault]:
    """Stages without the one that they rest on."""
    for project in _projects(asked):
        for name, before in _BEFORE.items():
            if getattr(project, name) is not None and getattr(project, before) is None:
                said = f"已填{label_of(Project, name)}，未填{label_of(Project, before)}"
                yield Fault(project.name, said, **_to_edit(project))


def not_yet(asked: Asked) -> Iterator[Fault]:
    """Stages that are said to be reached on a day that has not come."""
    names = ("signed_on", "started_on", "completed_on", "in_production_on", "terminated_on")
    later = or_(*(getattr(Project, name) > today() for name in names))
    for project in _projects(asked, later):
        for name in names:
            on: date | None = getattr(project, name)
            if on is not None and on > today():
                said = f"{label_of(Project, name)} {on} 还没有到"
                yield Fault(project.name, said, **_to_edit(project))


def standing_still(asked: Asked) -> Iterator[Fault]:
    """Projects that were signed long ago and not begun, or begun and without progress."""
    for key, (words, condition) in stalled.CONDITIONS.items():
        projects = _projects(asked, condition(asked.year))
        known: Collection[int] = ()
        if key == stalled.NO_PROGRESS:
            known = without_investment([project.id for project in projects], asked.year)
        for project in projects:
            said = f"{words}，各季都报完成投资为 0" if project.id in known else words
            page = _to_read(project)
            if key == stalled.NO_PROGRESS and len(asked.quarters) == 1 and asked.place.code:
                field = f"money.{EntryKind.COMPLETED_INVESTMENT.value}"
                page = to_cell(asked, asked.quarters[0], f"project-{project.id}.{field}")
            yield Fault(project.name, said, **page)


# -- what does not count


def uncounted(asked: Asked) -> Iterator[Fault]:
    """Industrial projects that the county's count, or its supporter's, does not look at."""
    if asked.enclave is not None:
        return
    for each in left_out_of(asked.place.id, asked.year):
        project = each.project
        if project.terminated_on is None and project.stage is not ProjectStage.PLANNED:
            said = f"不计入 {asked.year} 年度{each.label}：{each.reason}"
            yield Fault(project.name, said, **_to_edit(project))


def disputed(asked: Asked) -> Iterator[Fault]:
    """Projects on which the partner does not agree."""
    for project in _projects(asked, Project.partner_view == PartnerView.DISPUTED):
        partner = project.partner.name if project.partner else "协作方"
        said = f"{partner}有异议：{project.partner_note}"
        answer = project.owner_answer
        said += f"；本县答复：{answer}" if answer else "；本县还没有答复"
        yield Fault(project.name, said, **_to_read(project))
