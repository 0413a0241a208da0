"""What stands in the way of making a paper final (定稿), in words for the assessor."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.engine.scoring import ENGINE, Scorecard
from tracker.papers.catalogue import PaperRef
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing.models import PaperIssue
from tracker.records.accounts.owners import of_owner
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.procedure.queries import final_snapshot, stage_of

NAMED = 3


def why_not_on(issue: PaperIssue) -> str:
    """Why no more papers of `issue` can be made; "" where they can: in a year that was worked on
    anew since, its snapshot is not the final one any more. Years that were never opened, as issues
    from before there were stages have, are gone on with."""
    year, owner = issue.year, issue.owner_region_id
    stage = stage_of(year, owner)
    if stage is None:
        return ""
    final = final_snapshot(year, owner)
    if final is None:
        return (
            f"{year}年度的考核已重新处理，现在是“{of_owner(stage.label, owner)}”阶段，"
            "这次签发的快照不再是定稿的，"
            "没有生成的不再签发。请重新定稿以后，写明原因重新签发。"
        )
    if final.id != issue.snapshot_id:
        return f"{year}年度已按另一份快照重新定稿，没有生成的不再签发。请写明原因重新签发。"
    return ""


def snapshot_reasons(snapshot: ScoredSnapshot) -> list[str]:
    """Why no paper of the snapshot can be made final; empty if some can."""
    reasons = []
    if snapshot.document["column"] != RulingLevel.PROVINCE.value:
        reasons.append("本年度尚无省级核定，得分未经复核。请先核定事实，再重新计分。")
    if snapshot.document["engine"] != ENGINE:
        reasons.append(
            f"快照由计分引擎 {snapshot.document['engine']} 冻结，现为 {ENGINE}。请重新计分。"
        )
    return reasons


def paper_reasons(snapshot: ScoredSnapshot, ref: PaperRef) -> list[str]:
    """Why this paper cannot be made final; empty if it can.

    A scorecard needs all its lines scored or accepted as gaps, and each of its own facts decided by
    the province as the records are now, one by one or, where the city decided, by its review of the
    card: rulings on other subjects are no decision on this one. A report about
    several subjects needs the same of each card that it rests on.
    """
    if ref.kind is PaperKind.SCORECARD:
        sheet = snapshot.sheets[ref.sheet]
        return list(_card_reasons(sheet, sheet.card(ref.subject_code)))
    unfinished = [
        card.subject.name
        for sheet, card in _cards_behind(snapshot, ref)
        if any(_card_reasons(sheet, card))
    ]
    if not unfinished:
        return []
    return [f"所依据的评分表有 {len(unfinished)} 份不能定稿：{_some(unfinished, '份')}。"]


def _cards_behind(
    snapshot: ScoredSnapshot, ref: PaperRef
) -> Iterator[tuple[ScoredSheet, Scorecard]]:
    """The cards that a report rests on: those of its regions and of its subject; all of them for
    the province."""
    for sheet in snapshot.sheets.values():
        for card in sheet.result.scorecards:
            if ref.kind is PaperKind.PROVINCE or _about(sheet, card, ref):
                yield sheet, card


def _about(sheet: ScoredSheet, card: Scorecard, ref: PaperRef) -> bool:
    if ref.kind in (PaperKind.ENCLAVE, PaperKind.PAIR):
        return card.subject.code == ref.subject_code
    region = sheet.frozen["subjects"][card.subject.code]["region_id"]
    return region is not None and int(region) in ref.region_ids


def _card_reasons(sheet: ScoredSheet, card: Scorecard) -> Iterator[str]:
    code = card.subject.code
    gaps = sheet.gaps(code)
    lacking = [line for line in card.lines if line.state == "unscorable"]
    unscorable = [f"{e.code} {e.indicator.name}" for e in lacking if e.code not in gaps]
    if unscorable:
        yield f"{len(unscorable)} 项指标不可计分：{_some(unscorable, '项')}。"
    if card.undecided:
        yield f"一票否决未能判定：{_some(list(card.undecided), '项')}。"
    if not card.complete and not lacking and not card.undecided:
        yield "评分表不完整。"
    undetermined = set(sheet.frozen["undetermined"].get(code, ()))
    if undetermined:
        yield f"{len(undetermined)} 项事实各级都没有核定。"
    taken_over = set(sheet.taken_over(code))
    if taken_over and sheet.review(code) is None:
        yield f"{len(taken_over)} 项事实省级尚未核定，沿用初审，也没有复核。"
    if changed := set(sheet.changed(code)) - taken_over:
        yield f"{len(changed)} 项事实裁定后记录有变，须由省级重新核定。"


def _some(names: list[str], unit: str) -> str:
    more = len(names) - NAMED
    return "、".join(names[:NAMED]) + (f"等 {len(names)} {unit}" if more > 0 else "")
