"""Measures of both sides: visits, joint meetings, and what was filed on time."""

from __future__ import annotations

from sqlalchemy import Select, select

from tracker.core.quantities.clock import today
from tracker.core.quantities.days import first_day, last_day
from tracker.records.exchanges.models import JointMeeting, Visit
from tracker.records.submissions.models import Filing, FilingKind, days_late
from tracker.year.measures.catalogue.counties import county_measure
from tracker.year.measures.catalogue.paired import records_of
from tracker.year.measures.declare import Made, NotReportedError, Reading, Rows
from tracker.year.measures.made import distinct, only
from tracker.year.measures.readings import yes_or_no
from tracker.year.measures.reported import NOUGHT_IF_FILED, nought_if_filed


def _visits(year: int) -> Select:
    return records_of(Visit, year, None, Visit.visited_on.label("day")).where(
        Visit.visited_on.between(first_day(year), last_day(year))
    )


def _meetings(year: int) -> Select:
    return records_of(JointMeeting, year, None, JointMeeting.met_on.label("day")).where(
        JointMeeting.met_on.between(first_day(year), last_day(year))
    )


@county_measure(
    "exchanges.visits",
    label="高层互访和联席会议次数",
    unit="次",
    definition="当年与结对方开展的、由县级党政主要负责人带队的互访和联席会议次数，以注明日期的会议纪要为准；"
    "同一天的互访和联席会议计一次，同一天与几个结对方一起开展的也计一次。" + NOUGHT_IF_FILED,
    records="高层互访、联席会议；报送",
)
def visits(year: int) -> Reading:
    statements = {"visits": _visits(year), "joint_meetings": _meetings(year)}

    def days(rows: Rows) -> Made:
        same = "与已计入的在同一天"
        return distinct(rows, statements, lambda row: row.day, same=same)

    return nought_if_filed(year, statements, days, nothing=f"没有登记{year}年的互访和联席会议")


@county_measure(
    "exchanges.joint_meeting",
    label="是否召开联席会议",
    unit="是否",
    definition="当年与结对方召开过联席会议的为1，没有为0，以会议纪要为准。" + NOUGHT_IF_FILED,
    records="联席会议；报送",
)
def joint_meeting(year: int) -> Reading:
    def held(rows: Rows) -> Made:
        first, *others = sorted(rows["joint_meetings"], key=lambda row: (row.day, row.record_id))
        again = (("joint_meetings", row) for row in others)
        return only(1, "joint_meetings", first, *again, why="召开一次即为“是”，已有一次")

    statements = {"joint_meetings": _meetings(year)}
    return nought_if_filed(year, statements, held, nothing=f"没有登记{year}年的联席会议")


def _on_time(kind: FilingKind, year: int) -> Reading:
    filings = select(
        Filing.region_id.label("subject_id"),
        Filing.id.label("record_id"),
        Filing.due_on.label("due_on"),
        Filing.filed_at.label("filed_at"),
    ).where(Filing.region_id.is_not(None), Filing.year == year, Filing.kind == kind)

    def value(rows: Rows) -> int:
        if not rows["filings"]:
            raise NotReportedError(f"没有登记{year}年{kind.label}的报送")
        filing = rows["filings"][0]
        if filing.filed_at is not None:
            return yes_or_no(days_late(filing.due_on, filing.filed_at) <= 0)
        if today() <= filing.due_on:
            raise NotReportedError(f"{kind.label}尚未报送，期限为{filing.due_on}")
        return 0

    return Reading({"filings": filings}, value)


def _declare_report(kind: FilingKind, what: str, due: str) -> None:
    county_measure(
        f"reports.{kind.value}",
        label=f"{kind.label}是否按时报送",
        unit="是否",
        definition=f"{what}在规定日期{due}前（含当日，按北京时间）报送的为1，"
        "迟报或过期没有报送的为0；没有登记应报送的，或未到期而没有报送的，为未报。",
        records="报送：期限、报送时刻",
    )(lambda year: _on_time(kind, year))


_declare_report(FilingKind.PLAN, "当年山海协作年度计划", "")
for _kind in (FilingKind.Q1, FilingKind.Q2, FilingKind.Q3, FilingKind.Q4):
    _declare_report(_kind, _kind.label, "（默认季后10日）")
