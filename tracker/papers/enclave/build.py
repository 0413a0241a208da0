"""From a snapshot to the yearly sheet of one enclave (飞地年度表)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tracker.core.quantities.figure import Figure, wan_yuan
from tracker.core.quantities.printed import grouped
from tracker.papers.common.head import DRAFT, PaperKind, Stamp
from tracker.papers.reports.determined import (
    ENCLAVE_FACTS,
    FIGURE_FACTS,
    Counted,
    counted_facts,
    differing,
    same,
    wan,
)
from tracker.papers.reports.heads import head_of
from tracker.papers.reports.means import share
from tracker.papers.reports.members import member_of
from tracker.papers.reports.model import (
    EnclaveReport,
    Measured,
    PaymentRow,
    ReturnRow,
    TenantRow,
    VillageRow,
)
from tracker.papers.reports.words import NONE, exact_money, exact_percent, money, money_column
from tracker.records.enclaves.models import TermKind
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

Frozen = Mapping[str, Any]
UNSAID = "未填报"
_YES_NO = {True: "是", False: "否", None: UNSAID}


def enclaves_of(snapshot: ScoredSnapshot) -> Mapping[str, Frozen]:
    """What was frozen of the enclaves, by code; see `tracker.year.assessments.enclave_years`."""
    return snapshot.document.get("annex", {}).get("enclaves", {})


def sheet_of(snapshot: ScoredSnapshot, code: str) -> ScoredSheet | None:
    """The sheet that scores the enclave; None for one whose kind nobody has said."""
    for sheet in snapshot.sheets.values():
        if sheet.rulebook.subject.startswith("enclave.") and code in sheet.frozen["subjects"]:
            return sheet
    return None


def enclave_report(snapshot: ScoredSnapshot, code: str, stamp: Stamp = DRAFT) -> EnclaveReport:
    """The sheet of the enclave with that code; raises KeyError for one that was not frozen."""
    frozen = enclaves_of(snapshot)[code]
    sheet = sheet_of(snapshot, code)
    facts = counted_facts(sheet, code)
    return EnclaveReport(
        head=head_of(
            snapshot,
            PaperKind.ENCLAVE,
            (code, frozen["name"]),
            stamp,
            title="飞地年度表",
            sample=frozen["sample"],
            sheet=sheet,
        ),
        kind=frozen["kind"] or "未填报类别",
        direction=frozen["direction"],
        place=f"飞出地 {frozen['origin']} · 飞入地 {frozen['host']}",
        score=member_of(snapshot, "enclave.", code),
        basics=tuple(_basics(frozen, facts)),
        terms=tuple(term_words(term) for term in frozen["terms"]),
        agreement=tuple(_agreement(frozen["agreement"])),
        documents=tuple(_documents(frozen["agreement"])),
        returns=returns_of(snapshot, code),
        payments=tuple(_payments(frozen["payments"])),
        money=tuple(_money(frozen["money"])),
        listed=_listed(frozen, facts),
        villages=tuple(_villages(frozen["stakes"])),
        spaces=tuple(map(_space, frozen["spaces"])),
        figures=tuple(
            _measured(snapshot, item, of, facts)
            for item in Item
            if (of := frozen["figures"].get(item.value))
        ),
        tenants=tuple(_tenant(of) for of in frozen["tenants"]),
        differing=tuple(
            (of.label, of.reported, of.counted, of.reason)
            for of in differing(snapshot, sheet, code)
        ),
        rulebook=f"{sheet.rulebook.title}（{sheet.rulebook.code}）" if sheet else "",
    )


def returns_of(snapshot: ScoredSnapshot, code: str) -> tuple[ReturnRow, ...]:
    """The years of returns of an enclave, the latest first. That of the snapshot is what its card
    counts, with what contract and ledger say beside it where that is something else."""
    facts = counted_facts(sheet_of(snapshot, code), code)
    year, rows = int(snapshot.document["year"]), []
    for of in enclaves_of(snapshot)[code]["returns"]:
        paid = wan(of["paid"], of["precision"])
        row = ReturnRow(int(of["year"]), wan(of["due"]), paid, of["reason"])
        rows.append(_as_counted(row, facts) if row.year == year else row)
    if all(row.year != year for row in rows):
        row = _as_counted(ReturnRow(year, None, None, ""), facts)
        if (row.due, row.paid) != (None, None):
            rows.insert(0, row)
    return tuple(rows)


def _as_counted(row: ReturnRow, facts: Mapping[str, Counted]) -> ReturnRow:
    words = [row.reason] if row.reason else []
    for name, what in (("due", "合同应付"), ("paid", "台账到账")):
        fact, own = facts.get(ENCLAVE_FACTS[name]), getattr(row, name)
        if fact is None:
            continue
        value = wan(fact.value)
        if (None if value is None else value.value) == (None if own is None else own.value):
            continue
        said = f"{what} {money(own)}" if own is not None else f"{what}未知"
        now = "不计" if value is None else f"计 {money(value)}"
        words.append(f"{said}，{fact.by}{now}" + (f"：{fact.reason}" if fact.reason else ""))
        counted: dict[str, Any] = {name: value}
        row = replace(row, **counted)
        if name == "due" and fact.value is not None and row.reason in words:
            words.remove(row.reason)
    return replace(row, reason="；".join(words))


def _listed(frozen: Frozen, facts: Mapping[str, Counted]) -> int | None:
    fact = facts.get(ENCLAVE_FACTS["villages"])
    value = fact.value if fact else frozen["villages"]
    return None if value is None else int(Decimal(value))


def _flag(frozen: Frozen, name: str, facts: Mapping[str, Counted]) -> str:
    """是, 否 or 未填报 as the card counts it, with what the record says where that is not so."""
    said, fact = _YES_NO[frozen[name]], facts.get(ENCLAVE_FACTS[name])
    if fact is None:
        return said
    counted = UNSAID if fact.value is None else _YES_NO[bool(Decimal(fact.value))]
    if said in (counted, UNSAID):
        return counted
    why = f"，{fact.reason}" if fact.reason else ""
    return f"{counted}（{fact.by}；填报为{said}{why}）"


def _capital_words(frozen: Frozen, facts: Mapping[str, Counted]) -> Iterator[str]:
    total, fact = frozen["total_capital"], facts.get(ENCLAVE_FACTS["total_capital"])
    if fact is not None and not same(fact.value, total):
        said = "未填报" if total is None else f"填报 {money(wan(total))}"
        now = "不计" if fact.value is None else money(wan(fact.value))
        yield f"总出资 {now}（{fact.by}；{said}）"
    elif total is not None:
        yield f"总出资 {money(wan(total))}"
    if frozen["village_capital"] is not None:
        yield f"其中村集体 {money(wan(frozen['village_capital']))}"


def _basics(frozen: Frozen, facts: Mapping[str, Counted]) -> Iterator[tuple[str, str]]:
    yield "省级平台", frozen["platform"] or UNSAID
    days = (
        ("签约", "signed_on"),
        ("开工", "started_on"),
        ("建成", "completed_on"),
        ("投用", "in_use_on"),
        ("关闭", "closed_on"),
    )
    reached = "，".join(f"{frozen[name]} {word}" for word, name in days if frozen[name])
    yield "进展", reached or UNSAID
    if frozen["began_as"] and frozen["began_as"] != frozen["kind"]:
        yield "原类别", frozen["began_as"]
    sizes = (("土地", "area_mu", "亩"), ("建筑面积", "floor_m2", "m²"))
    known = [
        f"{word} {grouped(frozen[name])} {unit}"
        for word, name, unit in sizes
        if frozen[name] is not None
    ]
    yield "规模", "，".join(known) or UNSAID
    yield "出资", "，".join(_capital_words(frozen, facts)) or UNSAID
    flags = (
        ("村参股名单", "has_share_list"),
        ("书面返利条款", "has_return_clause"),
        ("资金台账", "has_fund_ledger"),
        ("村务公开", "has_village_disclosure"),
    )
    said = [(word, _flag(frozen, name, facts)) for word, name in flags]
    if any(words != UNSAID for _, words in said) or any(
        ENCLAVE_FACTS[name] in facts for _, name in flags
    ):
        yield "资料", "，".join(f"{word} {words}" for word, words in said)


def term_words(term: Frozen) -> str:
    """A promise in a sentence: 按村集体出资的 10% 计，2018-01-01 至 2022-12-31。"""
    kinds = {kind.label: kind for kind in TermKind}
    kind = kinds[term["kind"]]
    if kind is TermKind.RATE_ON_CAPITAL:
        what = f"约定收益率：每年按{term['capital_base']}的 {exact_percent(term['rate'])} 支付"
    elif kind is TermKind.FIXED_SUM:
        what = f"固定金额：每年支付 {exact_money(wan_yuan(term['amount']))}"
    elif kind is TermKind.GUARANTEED_MINIMUM:
        what = f"保底：每年合计不低于 {exact_money(wan_yuan(term['amount']))}"
    else:
        of = "租金" if kind is TermKind.RENT_SHARE else "地方留存税收"
        what = f"{kind.label}：{of}的 {exact_percent(term['rate'])}"
    start = term["starts_on"] or "合同起始"
    end = f"至 {term['ends_on']}" if term["ends_on"] else "起，未约定截止"
    words = [f"{what}，{start} {end}"]
    words += [f"来源：{term['source']}"] if term["source"] else []
    words += [term["note"].rstrip("。")] if term["note"] else []
    return "；".join(words) + "。"


def _agreement(agreement: Frozen | None) -> Iterator[tuple[str, str]]:
    if agreement is None:
        return
    start, end = agreement["starts_on"] or UNSAID, agreement["ends_on"] or "未约定截止"
    yield "共建期限", f"{start} 至 {end}"
    yield "共建方式", agreement["building_mode"] or UNSAID
    yield "双方职责", agreement["duties"] or UNSAID
    shares = (("飞出地", "origin_cost_share"), ("飞入地", "host_cost_share"))
    costs = [
        f"{who} {exact_percent(agreement[name])}"
        for who, name in shares
        if agreement[name] is not None
    ]
    yield "费用分担", "，".join(costs) or UNSAID
    staff = agreement["full_time_staff"]
    operator = agreement["operator"] or UNSAID
    yield "运营", operator + (f"，专职人员 {staff} 人" if staff is not None else "")
    splits = "；".join(_split(split) for split in agreement["splits"])
    yield "税收分成", splits or UNSAID


def _split(split: Frozen) -> str:
    span = f"至 {split['to_year']}年" if split["to_year"] else "年起"
    parts = (("飞出地", "origin_share"), ("飞入地", "host_share"))
    words = "、".join(f"{who} {exact_percent(split[name])}" for who, name in parts)
    return f"{split['from_year']}{span} {words}"


def _documents(agreement: Frozen | None) -> Iterator[tuple[str, ...]]:
    for of in agreement["documents"] if agreement else ():
        yield of["kind"], of["title"], of["number"], of["signed_on"] or UNSAID


def _payments(found: list[Frozen]) -> Iterator[PaymentRow]:
    for of in found:
        on_time = of["due_on"] is None or of["on"] <= of["due_on"]
        yield PaymentRow(
            on=of["on"],
            due_on=of["due_on"] or NONE,
            kept=("按期" if on_time else "逾期") if of["due_on"] else "未登记期限",
            amount=wan_yuan(of["amount"], of["precision"]),
            villages=NONE if of["villages"] is None else str(of["villages"]),
            voucher=of["voucher"] or NONE,
        )


def _measured(
    snapshot: ScoredSnapshot, item: Item, of: Frozen, facts: Mapping[str, Counted]
) -> Measured:
    """A figure of the year; where the card reads it, by the card's name and with its value."""
    name, factor = FIGURE_FACTS.get(item, ("", Decimal(1)))
    fact = facts.get(name)
    if fact is None:
        return Measured(of["label"], of["unit"], _in(of["unit"], of["value"]))
    value = None if fact.value is None else Figure(Decimal(fact.value) / factor, of["unit"])
    return Measured(snapshot.document["measures"][name]["label"], of["unit"], value)


def _space(of: Frozen) -> Measured:
    """土地（亩） is what the kind is called: its unit stands in brackets."""
    what, _, unit = of["kind"].removesuffix("）").partition("（")
    notes = (of["step"], of["on"], of["due_on"] or NONE)
    return Measured(what, unit, _in(unit, of["quantity"]), notes)


def _in(unit: str, value: str | None) -> Figure | None:
    return None if value is None else Figure(Decimal(value), unit)


def _money(sums: Frozen) -> Iterator[tuple[str, ...]]:
    found = [of for kind in EntryKind if (of := sums.get(kind.value))]
    amounts = money_column([wan(of["amount"], of["precision"]) for of in found])
    for of, amount in zip(found, amounts, strict=True):
        yield of["label"], amount, str(of["count"])


def _villages(stakes: list[Frozen]) -> Iterator[VillageRow]:
    whole = sum((Fraction(_capital(of) or 0) for of in stakes), Fraction(0))
    times = Counter(f"{of['town']}{of['name']}" for of in stakes)
    for of in stakes:
        name = f"{of['town']}{of['name']}"
        own = of["share"]
        capital = _capital(of)
        by_capital = own is None and bool(capital)
        if own is None and capital:
            # Without a share of its own a village shares by its capital.
            own = share(Fraction(capital), whole)
        yield VillageRow(
            name=name if times[name] == 1 else f"{name}（{of['code']}）",
            weak=None if of["weak"] is None else bool(of["weak"]),
            capital=wan(capital),
            share=own,
            received=wan(of["received"]),
            received_before=wan(of["received_before"]),
            by_capital=by_capital,
        )


def _capital(of: Frozen) -> str | None:
    return of["agreed"] if of["paid"] is None else of["paid"]


def _tenant(of: Frozen) -> TenantRow:
    marks = [
        word for word, name in (("科技型", "is_technology"), ("规上", "is_above_scale")) if of[name]
    ]
    span = of["moved_in_on"] or UNSAID
    if of["moved_out_on"]:
        span += f"\n{of['moved_out_on']} 迁出"
    return TenantRow(of["name"], span, _in("m²", of["area_m2"]), "、".join(marks))
