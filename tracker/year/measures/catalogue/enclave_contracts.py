"""Measures of what an enclave's contract promises, and what it owes for the year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sqlalchemy import Row, Select, or_, select

from tracker.core.quantities.days import first_day, last_day
from tracker.core.quantities.units import in_wan
from tracker.records.enclaves.agreements import AgreementDocument, EnclaveAgreement
from tracker.records.enclaves.models import CapitalBase, Enclave, ReturnTerm, TermKind
from tracker.records.enclaves.returns import Receipt, term_of
from tracker.records.ledger.models import EntryKind
from tracker.records.ledger.returns import SHARED_IN, Contract, DueUnknownError, due
from tracker.records.villages.models import VillageStake
from tracker.year.measures.catalogue.enclaves import enclave_measure, entries, own
from tracker.year.measures.catalogue.site_readings import quotient, ranked, reports_of_enclaves
from tracker.year.measures.declare import Made, NotReportedError, Reading, Rows
from tracker.year.measures.made import ONLY_PROOF, Share, only, shares
from tracker.year.measures.readings import yes_or_no

CONFIRMED = "约定以经合同另一方或者省级确认的为准。"
NO_TERMS = "未填报返利约定，或者约定尚未经合同另一方确认"


def _terms() -> Select:
    """The terms in force: what the other side has not confirmed binds nobody."""
    found = select(
        ReturnTerm.enclave_id.label("subject_id"),
        ReturnTerm.id.label("record_id"),
        ReturnTerm.kind,
        ReturnTerm.rate,
        ReturnTerm.capital_base,
        ReturnTerm.amount,
        ReturnTerm.starts_on,
        ReturnTerm.ends_on,
    )
    return found.where(ReturnTerm.confirmed_at.is_not(None))


def _capital() -> Select:
    return select(
        Enclave.id.label("subject_id"),
        Enclave.id.label("record_id"),
        Enclave.village_capital,
        Enclave.total_capital,
    )


def _runs(term: Row, year: int) -> bool:
    return (term.starts_on or date.min) <= last_day(year) and (
        term.ends_on or date.max
    ) >= first_day(year)


def _owed_by(rows: Rows, year: int) -> list[Share]:
    """The terms that run in `year`, what they share in on their own days, and the capital that
    they run on. Where none runs, the contract that promises nothing for the year."""
    running = [row for row in rows["return_terms"] if _runs(row, year)]
    received = [
        Share(table, row, row.amount)
        for table in ("ledger_entries", "ledger_entries#tax")
        for row in rows[table]
        if any(t.kind is SHARED_IN[row.kind] and _covers(t, row.day) for t in running)
    ]
    on_capital = any(row.kind is TermKind.RATE_ON_CAPITAL for row in running)
    capital = shares("enclaves", rows["enclaves"]) if on_capital else []
    days = shares("return_terms", running, lambda row: _days(row, year))
    return [*days, *received, *capital] if running else shares("return_terms", rows["return_terms"])


def _days(term: Row, year: int) -> int:
    start = max(term.starts_on or date.min, first_day(year))
    return (min(term.ends_on or date.max, last_day(year)) - start).days + 1


def _owes_nothing(rows: Rows, year: int) -> Callable[[str, Row], str]:
    """Why a row has no part in what is owed; what was never agreed has no days to be beside."""
    agreed = {term.kind for term in rows["return_terms"]}

    def why(table: str, row: Row) -> str:
        if table == "return_terms":
            return f"约定的期间不在{year}年"
        kind = TermKind.RATE_ON_CAPITAL if table == "enclaves" else SHARED_IN[row.kind]
        on = {TermKind.RENT_SHARE: "按租金分成", TermKind.TAX_SHARE: "按税收分成"}.get(
            kind, "按本金计算"
        )
        if kind not in agreed:
            return f"没有{on}的约定"
        if table == "enclaves":
            return f"{on}的约定期间不在{year}年"
        return f"不在{on}的期间内"

    return why


@enclave_measure(
    "returns.due",
    label="当年应付返利",
    unit="万元",
    definition="按合同逐段计算：约定收益率、固定金额、保底按天数占当年天数折算（闰年366天）；"
    "租金、税收分成按该段内台账收到的租金、地方留存计算；保底为同期各项之下限。四舍五入到分。"
    "约定的期间都不在当年的为0；没有登记约定，按本金计算而没有填报所取的出资，或者有租金、税收分成而当年"
    "台账没有租金、地方留存的为未报。" + CONFIRMED,
    records="飞地：返利约定、出资；台账：租金、地方留存",
)
def returns_due(year: int) -> Reading:
    def value(rows: Rows) -> Made:
        terms = [term_of(row) for row in rows["return_terms"]]
        if not terms:
            raise NotReportedError(NO_TERMS)
        receipts = [
            Receipt(SHARED_IN[r.kind], r.day, r.amount)
            for r in (*rows["ledger_entries"], *rows["ledger_entries#tax"])
        ]
        enclave = rows["enclaves"][0]
        contract = Contract(terms, enclave.village_capital, enclave.total_capital)
        try:
            owed = in_wan(due(contract, year, receipts))
        except DueUnknownError as error:
            raise NotReportedError(str(error)) from None
        return Made(owed, _owed_by(rows, year), why=_owes_nothing(rows, year))

    return Reading(
        {
            "return_terms": _terms(),
            "enclaves": _capital(),
            "ledger_entries": entries(EntryKind.RENT, year),
            "ledger_entries#tax": entries(EntryKind.RETAINED_TAX, year),
        },
        value,
    )


@enclave_measure(
    "capital.base",
    label="计算收益率的本金",
    unit="万元",
    definition="合同按村集体出资约定的取村集体出资，按总出资约定的取总出资；"
    "两种都有的取村集体出资；没有约定收益率的，取村集体出资，未单列或者为零的取总出资。没有填报的为未报。"
    + CONFIRMED,
    records="飞地：返利约定、出资",
)
def capital_base(year: int) -> Reading:
    def value(rows: Rows) -> Made:
        enclave = rows["enclaves"][0]
        bases = {r.capital_base for r in rows["return_terms"] if r.capital_base}
        if CapitalBase.VILLAGES in bases:
            capital = enclave.village_capital
        elif CapitalBase.TOTAL in bases:
            capital = enclave.total_capital
        else:
            capital = enclave.village_capital or enclave.total_capital
        if capital is None:
            raise NotReportedError("未填报出资")
        agreed = [row for row in rows["return_terms"] if row.capital_base]
        made = shares("enclaves", [enclave]) + shares("return_terms", agreed)
        return Made(in_wan(capital), made, why=lambda *_: "没有约定本金")

    return Reading({"enclaves": _capital(), "return_terms": _terms()}, value)


@enclave_measure(
    "rate.agreed",
    label="约定收益率",
    unit="比例",
    definition="当年有效的约定收益率，有几项的取最后生效（起始日期最晚）的一项；"
    "当年没有约定收益率（如固定金额、保底）的为0，由评分细则取默认值；没有登记返利约定的为未报。"
    + CONFIRMED,
    records="飞地：返利约定",
    nought="未约定",
)
def rate_agreed(year: int) -> Reading:
    def why(_: str, row: Row) -> str:
        if row.kind is not TermKind.RATE_ON_CAPITAL:
            return f"约定的是{row.kind.label}，不是收益率"
        return "此后另有约定收益率生效" if _runs(row, year) else f"约定的期间不在{year}年"

    def value(rows: Rows) -> Made | int:
        if not rows["return_terms"]:
            raise NotReportedError(NO_TERMS)
        rates = [
            r for r in rows["return_terms"] if r.kind is TermKind.RATE_ON_CAPITAL and _runs(r, year)
        ]
        if not rates:
            return 0
        # Not as the database orders days: one may put an empty day last, another first.
        last = max(rates, key=lambda row: (row.starts_on or date.min, row.record_id))
        return replace(only(last.rate, "return_terms", last), why=why)

    return Reading({"return_terms": _terms()}, value)


@enclave_measure(
    "contract.year_share",
    label="当年合同期占全年的比例",
    unit="比例",
    definition="当年有返利约定（不论哪一种）的天数÷当年天数（闰年366天），以小数计，四舍五入到8位小数；"
    "几项约定重叠的日子只算一次，没有起始日期的自年初起算，没有截止日期的算到年末。没有登记返利约定的为未报。",
    records="飞地：返利约定",
)
def year_share(year: int) -> Reading:
    first, last = first_day(year), last_day(year)

    def value(rows: Rows) -> Made:
        if not rows["return_terms"]:
            raise NotReportedError(NO_TERMS)
        running = [row for row in rows["return_terms"] if _runs(row, year)]
        days = {
            day
            for row in running
            for day in range(
                max(row.starts_on or first, first).toordinal(),
                min(row.ends_on or last, last).toordinal() + 1,
            )
        }
        share = quotient(len(days), (last - first).days + 1)
        made = shares("return_terms", running or rows["return_terms"], lambda row: 1)
        return Made(share, made, why=lambda *_: f"约定的期间不在{year}年")

    return Reading({"return_terms": _terms()}, value)


@enclave_measure(
    "contract.return_clause",
    label="是否有书面返利条款",
    unit="是否",
    definition="登记了返利约定的为1；登记了共建协议文本而没有返利约定的为0；都没有登记的为未报。"
    + CONFIRMED,
    records="飞地：返利约定；共建协议：文本",
)
def return_clause(year: int) -> Reading:
    texts = select(
        EnclaveAgreement.enclave_id.label("subject_id"), AgreementDocument.id.label("record_id")
    ).join(EnclaveAgreement, EnclaveAgreement.id == AgreementDocument.agreement_id)

    def value(rows: Rows) -> Made:
        terms = [("return_terms", row) for row in rows["return_terms"]]
        documents = [("agreement_documents", row) for row in rows["agreement_documents"]]
        if terms:
            # The text that says so proves it as well as the entry of what it says.
            site = [("enclaves", row) for row in rows["enclaves"]]
            return only(1, *terms[0], *terms[1:], *documents, *site, why="登记了返利约定即为“是”")
        if not documents:
            raise NotReportedError("没有登记返利约定，也没有登记共建协议文本")
        made = shares("agreement_documents", rows["agreement_documents"])
        return Made(0, made, why=lambda *_: ONLY_PROOF)

    statements = {"return_terms": _terms(), "agreement_documents": texts}
    return Reading({**statements, "enclaves": own(Enclave.id)}, value)


@enclave_measure(
    "contract.share_list",
    label="是否有村参股名单",
    unit="是否",
    definition="登记了年末仍在参股的村的为1；没有登记的，已报送第四季度季报或年报的为0，否则为未报。",
    records="村参股；报送",
)
def share_list(year: int) -> Reading:
    last = last_day(year)
    stakes = select(
        VillageStake.enclave_id.label("subject_id"), VillageStake.id.label("record_id")
    ).where(
        or_(VillageStake.joined_on.is_(None), VillageStake.joined_on <= last),
        or_(VillageStake.left_on.is_(None), VillageStake.left_on > last),
    )

    def value(rows: Rows) -> Made:
        made = [share for t in found for share in shares(t, rows[t])]
        if not made:
            raise NotReportedError("没有登记参股的村")
        listed = yes_or_no(bool(rows["village_stakes"]))
        site = [("enclaves", row) for row in rows["enclaves"]]
        return Made(listed, made, site, lambda *_: ONLY_PROOF)

    found = ranked({"village_stakes": stakes, "filings": reports_of_enclaves(year)})
    return Reading({**found, "enclaves": own(Enclave.id)}, value)


@enclave_measure(
    "contract.conversion_clause",
    label="固定期满是否有转换条款",
    unit="是否",
    definition="固定收益、固定金额或保底约定了截止日的，次日起有后续约定为1，没有为0；"
    "都没有截止日的，不需转换，为1。没有登记约定的为未报。" + CONFIRMED,
    records="飞地：返利约定",
)
def conversion_clause(year: int) -> Reading:
    floating = (TermKind.RENT_SHARE, TermKind.TAX_SHARE)

    def value(rows: Rows) -> int:
        terms = rows["return_terms"]
        if not terms:
            raise NotReportedError(NO_TERMS)
        ends = [t.ends_on for t in terms if t.kind not in floating and t.ends_on]
        return yes_or_no(all(any(_covers(t, _next(end)) for t in terms) for end in ends))

    return Reading({"return_terms": _terms()}, value)


def _covers(term: Row, day: date) -> bool:
    return (term.starts_on or date.min) <= day <= (term.ends_on or date.max)


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
