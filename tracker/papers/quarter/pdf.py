"""The forms on paper: A4 across, to be signed and sealed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tracker.core.quantities.figure import YES_NO, YUAN, Figure, added
from tracker.core.quantities.printed import grouped, rounded_share
from tracker.engine.typeset.boxes import Box, Paragraph, Space
from tracker.engine.typeset.table import Cell, Row, Table
from tracker.papers.common.form import FormHead, SignatureLines, print_form
from tracker.papers.common.looks import (
    BOLD,
    BOLD_FIGURE,
    CELL,
    FIGURE,
    GAP,
    SHADE,
    SMALL,
    SOURCE,
    STATE,
    SUBHEADING,
    TITLE,
    UNDER_TITLE,
    aligned,
    cell,
    header,
)
from tracker.papers.quarter.model import (
    CorrectionLine,
    EnclaveLine,
    Flow,
    ProjectLine,
    QuarterForm,
    TaskForm,
    TaskLine,
)
from tracker.papers.reports.words import column, money_column

MISSING = "未报"

_STAGES = ("签约", "开工", "竣工", "投产")
_ENCLAVE = ("飞地名称", "类型", "飞入地")
_TASK_LEFT = ("任务", "单位", "目标值", "已完成", "完成率", "完成时限")
_TASK_RIGHT = ("责任单位", "上级任务", "依据文件", "责任人签字")

_SECTION = replace(SUBHEADING, tag="H2", outline=1)
_NOTE = replace(SOURCE, space_before=6)
_LAST_NOTE = replace(_NOTE, keep_with_next=True)  # nobody signs an empty page
_DAY = replace(CELL, align="center", size=8.5)
_NONE = replace(STATE, align="right")
_NUMBER = 32.0  # the width of 序号
_EMPTY = cell("")


def _spans(*titles: str) -> Iterator[str]:
    """The headings of flows."""
    for title in titles:
        yield f"{title}\n本季"
        yield f"{title}\n本年累计"


_PROJECT = ("项目名称", "计划总投资", *_STAGES, *_spans("到位资金", "完成投资"))
_PROJECT_WIDTHS = (150, 66, 56, 56, 56, 56, 64, 68, 64, 68)


def quarter_pdf(form: QuarterForm) -> bytes:
    """季度报送表 as a file; raises as `print_form` does."""
    return print_form(form.head, _quarter(form))


def task_pdf(form: TaskForm) -> bytes:
    """年度任务清单 as a file; raises as `print_form` does."""
    return print_form(form.head, _tasks(form))


def _front(head: FormHead, under: str) -> Iterator[Box]:
    yield Paragraph(head.full_title, TITLE)
    yield Paragraph(under, UNDER_TITLE)
    yield Space(6)


def _signed() -> Iterator[Box]:
    yield Space(14)
    yield SignatureLines(["填报人", "审核人", "单位盖章", "日期"])


def _quarter(form: QuarterForm) -> Iterator[Box]:
    after = f"　　更正后（{form.corrected[0].booked_on}）" if form.corrected else ""
    unit = f"填报单位：{form.head.subject_name}　　金额单位：万元{after}"
    yield from _front(form.head, unit)
    yield from _section(
        "一、协作项目",
        _PROJECT,
        _PROJECT_WIDTHS,
        [_project(line) for line in form.projects],
        "截至季末，本年没有落在本地的协作项目的记录。",
        lambda of: [
            *_sums(line.total for line in of.projects),
            *(_EMPTY for _ in _STAGES),
            *_flow_sums([(line.funds, line.completed) for line in of.projects], 2),
        ],
        form,
    )
    if form.partnered:
        yield Paragraph("对方县登记、本县为协作方的项目（计入对方县，不计入本表合计）", _LAST_NOTE)
        lines = [_project(line) for line in form.partnered]
        yield from _section("", _PROJECT, _PROJECT_WIDTHS, lines, "")
    yield from _section(
        "二、飞地",
        (*_ENCLAVE, *_spans("完成投资"), "本年应付返利", *_spans("实付返利")),
        (164, 64, 80, 72, 72, 96, 72, 72),
        [
            [
                cell(line.name, heads="Row"),
                cell(line.kind),
                cell(line.host),
                *_flows(line.completed),
                _due(line),
                *_flows(line.paid),
            ]
            for line in form.enclaves
        ],
        "截至季末没有以本地为飞出地的飞地的记录。",
        lambda of: [
            _EMPTY,
            _EMPTY,
            *_flow_sums([(line.completed,) for line in of.enclaves], 1),
            *_sums(line.due for line in of.enclaves),
            *_flow_sums([(line.paid,) for line in of.enclaves], 1),
        ],
        form,
    )
    yield from _section(
        "三、产业园",
        ("产业园名称", "类型", "协作方", *_spans("到位资金", "基础设施投资", "税收")),
        (146, 84, 66, 64, 64, 70, 70, 60, 60),
        [
            [
                cell(line.name, heads="Row"),
                cell(line.kind),
                cell(line.partner),
                *_flows(line.funds, line.infrastructure, line.tax),
            ]
            for line in form.parks
        ],
        "截至季末没有产业园的记录。",
        lambda of: [
            _EMPTY,
            _EMPTY,
            *_flow_sums([(line.funds, line.infrastructure, line.tax) for line in of.parks], 3),
        ],
        form,
    )
    yield from _section(
        "四、援建资金和社会帮扶",
        ("结对方", "结对类别", *_spans("援建资金", "资金使用", "社会帮扶")),
        (130, 104, 74, 78, 74, 78, 74, 78),
        [
            [
                cell(line.partner, heads="Row"),
                cell(line.scheme),
                *_flows(line.received, line.used, line.social),
            ]
            for line in form.aid
        ],
        "本季没有结对关系的记录。",
        lambda of: [
            _EMPTY,
            *_flow_sums([(line.received, line.used, line.social) for line in of.aid], 3),
        ],
        form,
    )
    exchanged = form.exchanges
    earlier = {of.label: of for of in form.before.exchanges} if form.before else {}
    columns: list[list[Any]] = [
        [of.quarter for of in exchanged],
        [of.year for of in exchanged],
        [(then := earlier.get(of.label)) and then.quarter for of in exchanged],
        [(then := earlier.get(of.label)) and then.year for of in exchanged],
    ]
    yield from _section(
        "五、交流交往",
        ("事项", "单位", "本季", "本年累计", "上年同季", "上年同期累计"),
        (232, 70, 95, 95, 95, 95),
        [
            [
                cell(line.label, heads="Row"),
                cell("万元" if line.unit == "元" else line.unit),
                *figures,
            ]
            for line, *figures in zip(
                exchanged, *(_counts(values) for values in columns), strict=True
            )
        ],
        "",
    )
    yield from _corrections(
        "本期更正（已锁定期间的，计入款项发生的年度，不计入本季）", form.corrections
    )
    yield from _corrections("锁定以后的更正（以上为更正后的数）", form.corrected)
    yield Paragraph(_counted(form), _LAST_NOTE)
    yield from _signed()


def _corrections(title: str, lines: Sequence[CorrectionLine]) -> Iterator[Box]:
    if lines:
        yield from _section(
            title,
            ("对象", "类型", "发生日期", "原金额", "更正后", "计入年度", "更正日", "理由"),
            (150, 80, 66, 70, 70, 54, 66, 130),
            [
                [
                    cell(line.name, heads="Row"),
                    cell(line.kind),
                    _day(line.day),
                    _money(line.was),
                    cell("冲销", _DAY) if line.now is None else _money(line.now),
                    cell(str(line.day.year), _DAY),
                    _day(line.booked_on),
                    cell(line.reason, SMALL),
                ]
                for line in lines
            ],
            "",
        )


def _project(line: ProjectLine) -> list[Cell]:
    return [
        Cell([Paragraph(line.name, CELL), Paragraph(_about(line), SMALL)], heads="Row"),
        _money(line.total),
        *(_day(on) for on in (line.signed_on, line.started_on)),
        *(_day(on) for on in (line.completed_on, line.in_production_on)),
        *_flows(line.funds, line.completed),
    ]


def _about(line: ProjectLine) -> str:
    said = [f"{line.owner}登记" if line.owner else "", line.category]
    if line.terminated_on is not None:
        said.append(f"{line.terminated_on.isoformat()} 终止")
    return "，".join(filter(None, (*said, line.shared)))


def _due(line: EnclaveLine) -> Cell:
    if line.due is None:
        return cell(line.reason, SMALL)
    note = [Paragraph(line.reason, replace(SMALL, align="right"))] if line.reason else []
    return Cell([Paragraph(_words(line.due), FIGURE), *note])


def _counted(form: QuarterForm) -> str:
    words = "金额按已提交的台账汇总，更正的只计更正后的数；“未报”表示没有记录，不同于 0。"
    if form.before:
        words += "上年同期为上年同一季度和上年初至该季末，按现有记录汇总，所含项目不必相同。"
    if form.drafts:
        words += f"本季尚有 {form.drafts} 笔台账草稿未提交，未计入本表。"
    return words


def _tasks(form: TaskForm) -> Iterator[Box]:
    yield from _front(form.head, f"责任主体：{form.head.subject_name}")
    values = aligned([_value(line.value) for line in form.tasks])
    yield from _section(
        "",
        (*_TASK_LEFT, *_TASK_RIGHT),
        (140, 44, 66, 66, 46, 60, 96, 106, 90, 70),
        [
            [
                cell(line.task, heads="Row"),
                cell(_unit(line.value.unit), _DAY),
                value,
                done,
                cell(_share(line), FIGURE),
                _day(line.due_on, "未定"),
                cell(line.responsible or "未定"),
                cell(line.parent, SMALL),
                cell(line.document, SMALL),
                cell(""),
            ]
            for line, value, done in zip(form.tasks, values, _dones(form.tasks), strict=True)
        ],
        "本年没有下达的任务。",
    )
    words = (
        f"“已完成”按截至 {form.head.printed_at} 的记录计算，未经核定；"
        "“未报”表示没有可计算的记录，不同于 0。"
    )
    yield Paragraph(words, _LAST_NOTE)
    yield from _signed()


def _section(
    title: str,
    heads: Sequence[str],
    shares: Sequence[float],
    rows: Sequence[Sequence[Cell]],
    none: str,
    total: Callable[[QuarterForm], Sequence[Cell]] | None = None,
    form: QuarterForm | None = None,
) -> Iterator[Box]:
    """A numbered table under its title; `total` makes of a form the cells of a row of sums behind
    the first column: of more rows than one, and of the same quarter of the year before."""
    if title:
        yield Paragraph(title, _SECTION)
    if not rows:
        yield Paragraph(none, _NOTE)
        return
    lines = [Row([cell(str(at), _DAY), *cells]) for at, cells in enumerate(rows, 1)]
    if total and form and (len(rows) > 1 or form.before):
        lines[-1].keep = True
        sums = cell("合计（只计已报的）", BOLD, colspan=2, heads="Row")
        lines.append(Row([sums, *total(form)], keep=bool(form.before), fill=SHADE))
    if total and form and form.before:
        same = cell("上年同期合计", CELL, colspan=2, heads="Row")
        lines.append(Row([same, *total(form.before)], fill=SHADE))
    yield Table([_NUMBER, *shares], header("序号", *heads), lines, before=GAP)


def _sums(amounts: Iterable[Figure | None]) -> Iterator[Cell]:
    yield cell(_words(added(amounts)), BOLD_FIGURE)


def _flow_sums(lines: Sequence[Sequence[Flow]], columns: int) -> Iterator[Cell]:
    """The sums of what was reported, under the columns of the flows of each line."""
    for flows in zip(*lines, strict=True) if lines else [()] * columns:
        yield from _sums(flow.quarter for flow in flows)
        yield from _sums(flow.year for flow in flows)


def _flows(*flows: Flow) -> Iterator[Cell]:
    for flow in flows:
        yield _money(flow.quarter)
        yield _money(flow.year)


def _money(amount: Figure | None) -> Cell:
    return _missing() if amount is None else cell(_words(amount), FIGURE)


def _words(amount: Figure | None) -> str:
    if amount is None:
        return MISSING
    (words,) = money_column([amount])
    return words


def _missing() -> Cell:
    return cell(MISSING, _NONE)


def _day(on: date | None, missing: str = "—") -> Cell:
    return cell(missing if on is None else on.isoformat(), _DAY)


def _counts(values: Sequence[Figure | None]) -> list[Cell]:
    """A column of numbers and of money, points under each other."""
    words = [
        _words(value) if value is None or value.unit == YUAN else _value(value) for value in values
    ]
    return [
        _missing() if value is None else found
        for value, found in zip(values, aligned(words), strict=True)
    ]


def _unit(unit: str) -> str:
    return {"比例": "%", YES_NO: ""}.get(unit, unit)


def _value(of: Figure) -> str:
    if of.unit == YES_NO:
        return "是" if of.value else "否"
    (words,) = column([of.bare()])
    return words


def _dones(lines: Sequence[TaskLine]) -> list[Cell]:
    words = [MISSING if of.done is None else _value(of.done) for of in lines]
    return [
        _undone(line) if line.done is None else found
        for line, found in zip(lines, aligned(words), strict=True)
    ]


def _undone(line: TaskLine) -> Cell:
    if not line.reason:
        return _missing()
    return Cell([Paragraph(MISSING, _NONE), Paragraph(line.reason, SMALL)])


def _share(line: TaskLine) -> str:
    """How much of a target is reached; "" where that means nothing."""
    whole = line.value.value
    if line.done is None or not whole or line.value.unit == YES_NO:
        return ""
    share = rounded_share(line.done.value / whole)
    return f"{grouped(str(share))}%"
