"""飞地年度表: from an `EnclaveReport` to its file, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.core.quantities.figure import Figure, added
from tracker.core.quantities.precision import AT_LEAST, AT_MOST
from tracker.engine.typeset.boxes import Align, Box, Paragraph, Space
from tracker.engine.typeset.figures import KeyFigure, KeyFigures
from tracker.engine.typeset.table import Row, Table
from tracker.papers.common.looks import (
    BOLD,
    CELL,
    FIGURE,
    GAP,
    HEADING,
    NOTE,
    SENTENCE,
    SHADE,
    SMALL,
    SUBHEADING,
    SUBJECT,
    TITLE,
    UNDER_TITLE,
    cell,
    header,
    numbered_table,
    plain_table,
)
from tracker.papers.common.printing import print_paper
from tracker.papers.common.proof import proof
from tracker.papers.reports import parts
from tracker.papers.reports.model import (
    EnclaveReport,
    Measured,
    PaymentRow,
    ReturnRow,
    TenantRow,
    VillageRow,
)
from tracker.papers.reports.words import (
    NONE,
    column,
    frozen_within,
    joined,
    money,
    money_column,
    percent,
)

_LEAD = replace(NOTE, keep_with_next=True)
_TIGHT = replace(SMALL, color=CELL.color)
_TIGHT_FIGURE = replace(_TIGHT, align="right")
_TIGHT_NUMBER = replace(SMALL, align="center")


def enclave_pdf(report: EnclaveReport) -> bytes:
    """The sheet as a file; raises as `print_paper` does."""
    return print_paper(report.head, boxes(report))


def boxes(report: EnclaveReport) -> Iterator[Box]:
    """What stands on the paper, in order."""
    head = report.head
    yield Paragraph(head.full_title, TITLE)
    yield Paragraph(head.subject_name, SUBJECT)
    kind = f"{report.kind} · {report.direction}"
    yield Paragraph(" · ".join((kind, report.place)), UNDER_TITLE)
    yield Space(10)
    yield _key_figures(report)
    yield Space(8)
    for words in _sentences(report):
        yield Paragraph(words, SENTENCE)
    if report.score and report.score.standing.cause:
        yield Paragraph(f"评分表{report.score.standing.cause}。", SENTENCE)
    yield Paragraph("基本情况", HEADING)
    yield _pairs_table(report.basics)
    yield from _contract(report)
    yield from _returns(report)
    yield from _villages(report)
    yield from _operations(report)
    yield from parts.differing_facts(report.differing)
    rulebook = [("评分细则", report.rulebook)] if report.rulebook else []
    yield from proof(head, rulebook)


def _year(report: EnclaveReport) -> ReturnRow | None:
    return next((row for row in report.returns if row.year == report.head.year), None)


def _key_figures(report: EnclaveReport) -> KeyFigures:
    score = report.score
    figures = list(_return_figures(report) if report.returns else _site_figures(report))
    if score is None:
        figures.append(KeyFigure("得分", "无评分表", ""))
    else:
        label = "得分" if score.standing.complete else "已计得分"
        figures.append(KeyFigure(label, parts.total_words(score.standing), ""))
        figures.append(
            KeyFigure(
                "等次",
                parts.grade_words(score.standing),
                parts.place_words(score) if score.standing.complete else "待数据齐全",
            )
        )
    return KeyFigures(figures)


def _return_figures(report: EnclaveReport) -> Iterator[KeyFigure]:
    year = _year(report)
    amounts = (
        ("当年应付返利", year.due if year else None),
        ("当年到账返利", year.paid if year else None),
    )
    for label, amount in amounts:
        words = NONE if amount is None else money(amount)
        value, _, exact = words.partition("（")
        yield KeyFigure(label, value, f"（{exact}" if exact else "")
    if report.villages or report.listed:
        received = sum(village.received is not None for village in report.villages)
        listed = report.listed if report.listed is not None else len(report.villages)
        of = f"名单 {len(report.villages)} 个，" if len(report.villages) != listed else ""
        yield KeyFigure("参股村", f"{listed} 个", f"{of}有到账记录 {received} 个")


def _site_figures(report: EnclaveReport) -> Iterator[KeyFigure]:
    """What stands in place of returns where the contract knows none."""
    for of in report.figures[:2]:
        (value,) = column([of.value])
        yield KeyFigure(of.label, value, of.unit)
    yield KeyFigure("入驻企业", f"{len(report.tenants)} 家", "")


def _sentences(report: EnclaveReport) -> Iterator[str]:
    year = _year(report)
    if year is None:
        yield f"{report.head.year}年没有返利约定，台账中也没有返利记录。"
        return
    if year.due is not None and year.paid is None and year.due.value:
        # Nothing on record is not nothing paid.
        yield f"{year.year}年应付返利 {money(year.due)}，{_amount(year)}。"
        return
    if year.due is None:
        reason = f"：{year.reason}" if year.reason else ""
        yield joined([f"{year.year}年应付返利无法计算{reason}", _amount(year)])
        return
    owing = year.due if year.paid is None else year.due - year.paid
    if owing.value > 0 and frozen_within(year.year, report.head.made_on):
        # What is due by the year's end is no debt before.
        due = f"{year.year}年全年应付返利 {money(year.due)}"
        yield joined([due, f"至冻结日{_amount(year)}", "年度还没有结束"])
        return
    state = _owing(owing) if year.due.value else ""
    yield joined([f"{year.year}年应付返利 {money(year.due)}", _amount(year), state])


def _owing(owing: Figure) -> str:
    """What is still owed. Of what was paid only as a bound or roughly, no more is said than that
    allows."""
    left = owing.value
    amount = money(Figure(abs(left), owing.unit))
    if owing.precision == AT_MOST:
        return f"尚欠不超过 {amount}" if left > 0 else "已足额到账"
    if owing.precision == AT_LEAST:
        return f"至少尚欠 {amount}" if left > 0 else "是否足额到账尚不能确定"
    about = "约" if owing.precision else ""
    if not left:
        return f"{about and '大致'}已足额到账"
    return f"{about}尚欠 {amount}" if left > 0 else f"{about}超出应付 {amount}"


def _amount(row: ReturnRow) -> str:
    """What was paid; a year of which the ledger holds nothing is not known to have had nothing."""
    return f"到账 {money(row.paid)}" if row.paid is not None else "到账未报"


def _pairs_table(rows: Sequence[tuple[str, str]]) -> Table:
    return Table(
        [76, 366],
        None,
        [
            Row([cell(label, replace(CELL), heads="Row"), cell(words, CELL)])
            for label, words in rows
        ],
        before=GAP,
    )


def _contract(report: EnclaveReport) -> Iterator[Box]:
    yield Paragraph("合同约定", HEADING)
    for number, words in enumerate(report.terms, 1):
        yield Paragraph(f"{number}. {words}", NOTE)
    if not report.terms:
        yield Paragraph("没有登记返利约定。", NOTE)
    if report.agreement:
        yield Paragraph("共建协议", SUBHEADING)
        yield _pairs_table(report.agreement)
    if report.documents:
        yield Paragraph("协议文件", SUBHEADING)
        yield plain_table(("类别", "名称", "文号", "签订日期"), (70, 216, 90, 66), report.documents)


def _returns(report: EnclaveReport) -> Iterator[Box]:
    yield Paragraph("返利应付与到账", HEADING)
    if not report.returns:
        yield Paragraph("没有应付的年份，台账中也没有返利记录。", NOTE)
    else:
        titles = ("年份", "应付（万元）", "到账（万元）", "到账减应付（万元）", "说明")
        aligns: Sequence[Align] = ("left", "right", "right", "right", "left")
        rows = list(_return_rows(report.returns))
        yield plain_table(titles, (50, 84, 84, 84, 140), rows, aligns)
    if report.payments:
        yield Paragraph(f"{report.head.year}年各笔返利", SUBHEADING)
        yield _payment_table(report.payments)
    if report.money:
        yield Paragraph(f"{report.head.year}年台账", SUBHEADING)
        heads = ("科目", "金额（万元）", "笔数")
        yield numbered_table(heads, (176, 160, 76), report.money, ("left", "right", "right"))


def _return_rows(found: Sequence[ReturnRow]) -> Iterator[list[str]]:
    due = money_column([row.due for row in found])
    paid = money_column([row.paid for row in found])
    differences = money_column(
        [None if row.due is None or row.paid is None else row.paid - row.due for row in found]
    )
    for at, row in enumerate(found):
        words = row.reason or ("" if row.paid is not None else "台账无记录")
        yield [f"{row.year}", due[at], paid[at], differences[at], words]


def _payment_table(found: Sequence[PaymentRow]) -> Table:
    amounts = money_column([*(of.amount for of in found), added(of.amount for of in found)])
    rows = [
        [of.on, of.due_on, of.kept, amount, of.villages, of.voucher]
        for of, amount in zip(found, amounts, strict=False)
    ]
    titles = ("到账日期", "应付日期", "期限", "金额（万元）", "惠及村数", "凭证")
    aligns: Sequence[Align] = ("left", "left", "left", "right", "right", "left")
    total = ["合计", "", "", amounts[-1], "", ""] if len(rows) > 1 else ()
    return numbered_table(titles, (62, 62, 54, 78, 50, 106), rows, aligns, total)


def _villages(report: EnclaveReport) -> Iterator[Box]:
    if not report.villages and report.listed is None:
        return
    yield Paragraph("参股村", HEADING)
    yield Paragraph(_village_words(report), _LEAD if report.villages else NOTE)
    if report.villages:
        yield _village_table(report.villages)


def _village_words(report: EnclaveReport) -> str:
    number = len(report.villages)

    def total(name: str, what: str, none: str) -> str:
        amounts = (getattr(village, name) for village in report.villages)
        known = [amount for amount in amounts if amount is not None]
        # A sum says whose it is; of what nobody has recorded there is none.
        of = "" if len(known) == number else f"（有记录的 {len(known)} / {number} 个村）"
        return f"{what} {money(added(known))}{of}" if known else none

    listed = "" if report.listed is None else f"登记参股村 {report.listed} 个"
    if not report.villages:
        return joined([listed, "没有登记村名单"])
    weak = sum(village.weak is True for village in report.villages)
    unsaid = sum(village.weak is None for village in report.villages)
    year = f"{report.head.year}年"
    words = joined(
        [
            listed,
            f"名单所列 {number} 个，其中薄弱村 {weak} 个（名后加*）"
            + (f"，{unsaid} 个未填报是否薄弱" if unsaid else ""),
            total("capital", "出资合计", "没有登记各村出资"),
            total("received", f"{year}到村", f"{year}没有到村记录"),
            total("received_before", "以前年度到村", "以前年度没有到村记录"),
        ]
    )
    reckoned = sum(village.by_capital for village in report.villages)
    if reckoned == number:
        words += "各村没有登记份额，表中按出资计算。"
    elif reckoned:
        words += f"{reckoned} 个村没有登记份额，表中按出资计算。"
    return f"{words}表中金额单位为万元。"


def _village_table(villages: Sequence[VillageRow]) -> Table:
    """Two villages a row, numbered: 序号 · 村 · 出资 · 份额 · 当年到账; what nobody has of capital
    and share takes no room."""
    received = [village.received for village in villages]
    whole = added(received)
    *amounts, total = money_column([*received, whole])
    columns = [("当年到账", 46, amounts)]
    if any(village.share is not None for village in villages):
        columns.insert(0, ("份额", 36, [percent(village.share, 2) for village in villages]))
    if any(village.capital is not None for village in villages):
        columns.insert(0, ("出资", 40, money_column([village.capital for village in villages])))
    titles = ["序号", "村", *(title for title, _, _ in columns)]
    own = [width for _, width, _ in columns]
    widths = [29, 192 - sum(own), *own]
    numbered = [
        [
            cell(str(at + 1), _TIGHT_NUMBER),
            cell(village.name + ("*" if village.weak else ""), _TIGHT, heads="Row"),
            *(cell(words[at], _TIGHT_FIGURE) for _, _, words in columns),
        ]
        for at, village in enumerate(villages)
    ]
    nobody = [cell("") for _ in titles]
    rows = [
        Row([*numbered[at], *(numbered[at + 1] if at + 1 < len(numbered) else nobody)])
        for at in range(0, len(numbered), 2)
    ]
    if whole is not None and len(villages) > 1:
        rows[-1].keep = True
        label = cell("当年到账合计", replace(_TIGHT, role=BOLD.role), 2 * len(titles) - 1, "Row")
        rows.append(Row([label, cell(total, replace(_TIGHT_FIGURE, role=BOLD.role))], fill=SHADE))
    return Table(widths * 2, header(*titles, *titles), rows, before=GAP)


def _operations(report: EnclaveReport) -> Iterator[Box]:
    if not (report.spaces or report.figures or report.tenants):
        return
    yield Paragraph("空间、运行和入驻企业", HEADING)
    if report.spaces:
        yield Paragraph("空间", SUBHEADING)
        titles = ("约定或交付", "数量", "日期", "应交付日期")
        yield _by_unit(report.spaces, titles, (110, 110, 96, 96), named=False)
    if report.figures:
        yield Paragraph(f"{report.head.year}年主要指标", SUBHEADING)
        yield _by_unit(report.figures, ("指标", "数值"), (240, 172), named=True)
    if report.tenants:
        yield Paragraph(f"入驻企业 {len(report.tenants)} 家", SUBHEADING)
        yield _tenant_table(report.tenants)


def _by_unit(
    found: Sequence[Measured], titles: Sequence[str], shares: Sequence[float], *, named: bool
) -> Table:
    """Figures under a row for each unit (`named` by what they are of, else for each matter): none
    stands above another of another unit, and points stand under each other."""
    groups: dict[str, list[Measured]] = {}
    for of in found:
        groups.setdefault(of.unit if named else f"{of.label}（{of.unit}）", []).append(of)
    rows: list[Row] = []
    number = 0
    for group, members in groups.items():
        label = f"单位：{group}" if named else group
        rows.append(parts.group_row(label, len(titles) + 1))
        for of, value in zip(members, column([of.value for of in members]), strict=True):
            number += 1
            first, *rest = (of.label, *of.notes) if named else of.notes
            rows.append(
                Row(
                    [
                        cell(str(number), _TIGHT_NUMBER),
                        cell(first, heads="Row"),
                        cell(value, FIGURE),
                        *(cell(words) for words in rest),
                    ]
                )
            )
    return Table([30, *shares], header("序号", *titles), rows, before=GAP)


def _tenant_table(found: Sequence[TenantRow]) -> Table:
    known = [of.area for of in found if of.area is not None]
    areas = column([*(of.area for of in found), added(known)])
    rows = [[of.name, of.span, area, of.marks] for of, area in zip(found, areas, strict=False)]
    titles = ("企业", "入驻日期", "面积（m²）", "类别")
    missing = len(found) - len(known)
    label = f"合计（已登记面积的 {len(known)} 家）" if missing else "合计"
    total = [label, "", areas[-1], ""] if known and len(rows) > 1 else ()
    aligns: Sequence[Align] = ("left", "left", "right", "left")
    return numbered_table(titles, (176, 104, 66, 66), rows, aligns, total)
