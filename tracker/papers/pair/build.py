"""From a snapshot to the sheet of one pair (结对情况表)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tracker.core.quantities.figure import Figure, added
from tracker.engine.scoring import folded
from tracker.papers.common.head import DRAFT, PaperKind, Stamp
from tracker.papers.enclave.build import returns_of
from tracker.papers.reports.determined import RECIPIENT_FACTS, SUPPORTER_FACTS, differing, wan
from tracker.papers.reports.heads import head_of
from tracker.papers.reports.members import member_of
from tracker.papers.reports.model import Exchanged, PairReport, ProjectRow, SiteRow, project_sum
from tracker.papers.reports.words import day_words, frozen_within, money
from tracker.papers.scorecard.build import frozen_at_words
from tracker.records.exchanges.models import Field, InstitutionKind, TrainingPurpose
from tracker.year.assessments.scored import ScoredSnapshot

NOTHING = "无登记"
Frozen = Mapping[str, Any]


def pairs_of(snapshot: ScoredSnapshot) -> Mapping[str, Frozen]:
    """What was frozen of the pairs, by code; see `tracker.year.assessments.pair_sums`."""
    return snapshot.document.get("annex", {}).get("pairs", {})


def pair_report(snapshot: ScoredSnapshot, code: str, stamp: Stamp = DRAFT) -> PairReport:
    """The sheet of the pair with that code; raises KeyError for one that was not frozen."""
    frozen = pairs_of(snapshot)[code]
    supporter, recipient = frozen["supporter"], frozen["recipient"]
    subjects = ("pair", "county.supporter", "county.recipient")
    sheets = [sheet for name in subjects if (sheet := snapshot.sheet_of(name))]
    year = int(snapshot.document["year"])
    rows = tuple(_rows(frozen["projects"]))
    on = frozen_at_words(snapshot.document)[:10]
    within = frozen_within(year, on)
    return PairReport(
        head=head_of(
            snapshot,
            PaperKind.PAIR,
            (code, f"{supporter['name']}—{recipient['name']}"),
            stamp,
            title="山海协作结对情况表",
            sample=frozen["sample"],
            sheets=sheets,
        ),
        scheme=frozen["scheme"],
        since=frozen["since"],
        supporter=supporter["name"],
        recipient=recipient["name"],
        supporter_score=member_of(snapshot, "county.supporter", supporter["code"]),
        recipient_score=member_of(snapshot, "county.recipient", recipient["code"]),
        pair_score=member_of(snapshot, "pair", code),
        aid=_sum(frozen["money"].get("aid_sent")),
        funds=project_sum(rows, "funds"),
        exchanged=tuple(_exchanged(frozen, within=within)),
        project_words=_project_words(frozen, year, f"截至{day_words(on)}" if within else "年末"),
        projects=rows,
        sites=tuple(_sites(snapshot, frozen)),
        differing=tuple(_differing(snapshot, frozen)),
    )


def _differing(snapshot: ScoredSnapshot, frozen: Frozen) -> Iterator[tuple[str, ...]]:
    """What the cards of both sides count with another value than the records say that the sheet
    adds up; a side's fact is of all its pairs."""
    sides = (("supporter", SUPPORTER_FACTS), ("recipient", RECIPIENT_FACTS))
    for side, names in sides:
        sheet, about = snapshot.sheet_of(f"county.{side}"), frozen[side]
        for of in differing(snapshot, sheet, about["code"], names):
            yield f"{about['name']}：{of.label}", of.reported, of.counted, of.reason


def _exchanged(frozen: Frozen, *, within: bool) -> Iterator[Exchanged]:
    yield from _money(frozen)
    yield from _people(frozen, within=within)
    visits = frozen["visits"]
    yield Exchanged(
        "往来",
        "高层互访",
        _number(visits["supporter"], "次", "赴受援方 "),
        _number(visits["recipient"], "次", "赴支援方 "),
    )
    yield Exchanged("往来", "联席会议", _number(frozen["meetings"], "次"), None)
    yield Exchanged("往来", "联合活动", _number(frozen["events"], "次"), None)


def _money(frozen: Frozen) -> Iterator[Exchanged]:
    def sums(**words: str) -> str:
        found = [
            f"{lead} {money(_sum(of))}（{of['count']} 笔）"
            for kind, lead in words.items()
            if (of := frozen["money"].get(kind))
        ]
        return "，".join(found) or NOTHING

    received = sums(aid_received="到账", aid_used="使用")
    yield Exchanged("资金", "援建资金", sums(aid_sent="拨付"), received)
    yield Exchanged("资金", "社会帮扶资金", sums(social_aid="捐赠"), "")
    yield Exchanged("资金", "土地指标调剂", sums(land_quota="资金"), None)
    sales = frozen["sales"]
    words = f"{money(_sum(sales))}（{sales['count']} 笔）" if sales else NOTHING
    yield Exchanged("资金", "消费帮扶", f"采购和帮销 {words}" if sales else words, "")


def _sum(of: Frozen | None) -> Figure | None:
    """A sum as it was frozen; that of sales, which are no entries of the ledger, has no sign."""
    return None if of is None else wan(of["amount"], of.get("precision", ""))


def _people(frozen: Frozen, *, within: bool) -> Iterator[Exchanged]:
    sides = (_cadres(frozen, side, within=within) for side in ("supporter", "recipient"))
    yield Exchanged("人员", "挂职干部", *sides)
    fields = frozen["specialists"]
    total = sum(int(people) for people in fields.values())
    parts = "、".join(f"{f.label} {fields[f.label]}" for f in Field if f.label in fields)
    words = f"选派 {total} 人次（{parts}）" if fields else NOTHING
    yield Exchanged("人员", "专技人才", words, "")
    trainings = [
        f"{purpose.label} {of['people']} 人次"
        + (f"，其中就业 {of['employed']} 人次" if of["employed"] is not None else "")
        for purpose in TrainingPurpose
        if (of := frozen["trainings"].get(purpose.label))
    ]
    yield Exchanged("人员", "培训", "；".join(trainings) or NOTHING, "")
    partners = [
        f"{kind.label} {number} 对"
        for kind in InstitutionKind
        if int(number := frozen["institutions"][kind.label])
    ]
    yield Exchanged("人员", "学校、医院结对", "，".join(partners) or NOTHING, None)


def _cadres(frozen: Frozen, side: str, *, within: bool) -> str:
    """Who was sent anew, as the pair's page says it, and who was in post, as points count them; in
    a year that still runs, whose term goes on to its end."""
    in_post = f"{'任期至年末' if within else '年末在任'}或任满规定期限"
    sent = frozen.get("cadres_sent", {}).get(side)  # older snapshots do not say
    found = [("新派", sent), (in_post, frozen["cadres"][side])]
    words = [f"{lead} {people} 人" for lead, people in found if people is not None]
    return "，".join(words) if any(int(people or 0) for _, people in found) else NOTHING


def _number(number: str | int, unit: str, lead: str = "") -> str:
    return f"{lead}{number} {unit}" if int(number) else NOTHING


def _project_words(frozen: Frozen, year: int, when: str) -> str:
    if not frozen["projects"]:
        return ""
    sums, rows = frozen["project_sums"], [_project(row) for row in frozen["projects"]]
    signed = [row["signed_on"] for row in frozen["projects"] if row["counted"]]
    others = sum(not row.counted for row in rows)
    words = (
        f"计入当年的产业合作项目 {sums['counted']} 个，其中亿元以上 {sums['large']} 个；"
        f"当年签约 {sum(str(on or '').startswith(f'{year}-') for on in signed)} 个，"
        f"{when}已开工 {sums['started']} 个、已投产 {sums['in_production']} 个。"
        f"当年到位资金 {money(project_sum(rows, 'funds'))}，"
        f"完成投资 {money(project_sum(rows, 'completed'))}。"
    )
    if not others:
        return words
    funds = [project_sum(rows, "funds", counted=counted) for counted in (True, False)]
    words += f"另有 {others} 个不计入当年，金额不在其内"
    if funds[1] is None:
        return f"{words}。"
    return (
        f"{words}，当年到位 {money(funds[1])}；"
        f"评分表的到位资金不分是否计入，两者共 {money(added(funds))}。"
    )


def _rows(projects: Sequence[Frozen]) -> Iterator[ProjectRow]:
    """The projects, those of one name told apart by who invests and when it was signed."""
    names = Counter(folded(row["name"]).casefold() for row in projects)
    for row in projects:
        apart = names[folded(row["name"]).casefold()] > 1
        yield replace(_project(row), name=_told_apart(row)) if apart else _project(row)


def _told_apart(row: Frozen) -> str:
    signed = f"{day_words(row['signed_on'])}签约" if row["signed_on"] else "未填签约日期"
    return f"{row['name']}（{row['investor'] or '未填投资方'}，{signed}）"


def _project(row: Frozen) -> ProjectRow:
    stages = (("投产", "in_production_on"), ("开工", "started_on"), ("签约", "signed_on"))
    reached = next((f"{row[name]} {word}" for word, name in stages if row[name]), "")
    return ProjectRow(
        name=row["name"],
        investor=row["investor"],
        total=wan(row["total"]),
        funds=wan(row["funds"]),
        completed=wan(row["completed"]),
        stage=reached,
        counted=row["counted"],
    )


def _sites(snapshot: ScoredSnapshot, frozen: Frozen) -> Iterator[SiteRow]:
    enclaves = snapshot.document["annex"]["enclaves"]
    year = int(snapshot.document["year"])
    for code in frozen["enclaves"]:
        enclave = enclaves[code]
        returns = next((of for of in returns_of(snapshot, code) if of.year == year), None)
        yield SiteRow(
            name=enclave["name"],
            kind=enclave["kind"] or "飞地",
            place=f"{enclave['origin']} · {enclave['host']}",
            due=returns.due if returns else None,
            paid=returns.paid if returns else None,
            score=member_of(snapshot, "enclave.", code),
        )
    for park in frozen["parks"]:
        score = member_of(snapshot, "park.", park["code"])
        yield SiteRow(park["name"], park["kind"], frozen["recipient"]["name"], None, None, score)
