"""Reads what 听证材料 shows: the published card, the snapshots of the stages, the objection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from tracker.core.db import Origin
from tracker.core.quantities.clock import day_of, written
from tracker.core.quantities.printed import amount_words, grouped
from tracker.engine.scoring import Line, score_label
from tracker.papers.common.form import FormHead
from tracker.papers.hearing.model import Behind, File, Hearing, Ruled, Values
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.card import Card, LinePoints, LineState
from tracker.papers.scorecard.facts import in_unit
from tracker.papers.scorecard.page import LastYear, PageFact, PageLine, Peers, page_of_card
from tracker.papers.scorecard.pdf_text import award_words, fact_words, points_words
from tracker.records.determinations.models import RulingLevel
from tracker.records.evidence.service import proofs_of
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.queries import comparable_before, latest_snapshot
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.assessments.standing_rules import status_words
from tracker.year.measures.labels import by_rule_words, words_of
from tracker.year.objections.models import Objection
from tracker.year.objections.queries import line_of, points_of, without_points
from tracker.year.procedure.models import Act, Assessment
from tracker.year.procedure.queries import stage_snapshots

_STAGES = {
    Act.SELF_CLOSED: "自评截止",
    Act.CITY_CLOSED: "初审结束",
    Act.NOTIFIED: "公示",
    Act.FINALISED: "定稿",
}
NONE = "—"


def hearing_of(objection: Objection, printed_at: datetime) -> Hearing:
    """The paper of `objection`, on the card that it is about. Raises KeyError where the published
    snapshot has no such line."""
    snapshot = objection.snapshot
    points = points_of(snapshot)
    sheet = points.sheets[objection.sheet]
    code = objection.subject_code
    card = card_of(points, objection.sheet, code, settled=True)
    earlier = comparable_before(snapshot)
    page = page_of_card(card, points, {}, points_of(earlier) if earlier else None)
    lines = {each.line.code: each for group in page.groups for each in group.lines}
    found = lines[objection.line]
    # A fact that an earlier line shows has its records and files there.
    whole = {f.anchor: f for each in lines.values() for f in each.facts if not f.shown_at}
    facts = [whole[fact.anchor] for fact in found.facts]
    scored, book = sheet.card(code).line(objection.line), sheet.rulebook
    stages = _stages(objection)
    over = objection.over
    return Hearing(
        head=_head(objection, card, printed_at),
        number=objection.id,
        subject=f"{card.subject_name}（{card.subject_kind}）",
        place=objection.region.name,
        line=objection.line_words,
        rules=f"{card.rulebook_title}（{status_words(book.status, book.document)}）",
        status=card.rulebook_status.value,
        clause=found.line.clause,
        rule=found.line.words,
        points=points_words(found.line).replace("\n", "，"),
        explain=found.line.explain,
        levels=tuple(level.label for level in RulingLevel),
        by_level=tuple(_by_level(found, scored, sheet, code, points)),
        stages=tuple(label for label, _ in stages),
        by_stage=tuple(_by_stage(objection, scored, [points_of(each) for _, each in stages])),
        last_year=_last_year(found.last_year, earlier),
        peers=_peers(found.peers, card),
        facts=tuple(_behind(fact) for fact in facts),
        rulings=tuple(_rulings(facts)),
        filed_on=day_of(objection.events[0].at).isoformat() if objection.events else "",
        words=objection.words,
        claims=tuple(
            (_label(each.measure), _words(each.value, _unit(each.measure)))
            for each in objection.claims
        ),
        files=tuple(
            File(link.kind, link.name, day_of(link.linked_at).isoformat(), link.file.sha256)
            for link in proofs_of(objection)
        ),
        state=objection.state.label,
        over=day_of(over.at).isoformat() if over else "",
        reason=over.reason if over else "",
        corrected=tuple(_corrected(objection)),
        snapshot_sha256=snapshot.sha256,
    )


def _head(objection: Objection, card: Card, printed_at: datetime) -> FormHead:
    return FormHead(
        title="申诉听证材料",
        period=_period(objection.assessment),
        subject_code=f"{objection.subject_code}-{objection.line}",
        subject_name=objection.subject_name,
        printed_at=written(printed_at),
        sample=card.sample or objection.origin is Origin.SAMPLE,
    )


def _period(assessment: Assessment) -> str:
    """The year, and whose assessment of it where that is a city's."""
    year, city = f"{assessment.year}年度", assessment.owner_region
    return f"{year} 市考县（{city.name}）" if city is not None else year


def _stages(objection: Objection) -> list[tuple[str, Snapshot]]:
    """The snapshots of the stages, and the latest where it is none of them."""
    year, owner = objection.assessment.year, objection.assessment.owner_region_id
    frozen = stage_snapshots(year, owner)
    found = [(label, frozen[act]) for act, label in _STAGES.items() if act in frozen]
    latest = latest_snapshot(year, owner)
    if latest is not None and all(latest.id != each.id for _, each in found):
        found.append(("最近一次计分", latest))
    return [(f"{label}\n{day_of(each.frozen_at).isoformat()}", each) for label, each in found]


def _by_level(
    found: PageLine, scored: Line, sheet: ScoredSheet, code: str, points: ScoredSnapshot
) -> Iterator[Values]:
    yield Values("得分", tuple(_award(each) for each in found.line.columns))
    levels = list(RulingLevel)
    ruled = levels[: levels.index(sheet.column) + 1]
    for name in scored.inputs:
        values = [
            _told(_value(sheet, code, level, scored, name), name, points, sheet, code)
            if level in ruled
            else NONE
            for level in levels
        ]
        yield Values(_label(name, points), tuple(values))


def _award(points: LinePoints) -> str:
    words = award_words(points.award, points.state, points.unreported, points.zero_by_rule)
    return "\n".join(filter(None, (words, points.note)))


def _value(sheet: ScoredSheet, code: str, level: RulingLevel, line: Line, name: str) -> Any:
    return sheet.card(code, level).line(line.code).env.get(name)


def _by_stage(
    objection: Objection, scored: Line, stages: Sequence[ScoredSnapshot]
) -> Iterator[Values]:
    sheets = [each.sheet_of(objection.subject) for each in stages]
    lines = [
        line_of(sheet, objection.subject_code, objection.line) if sheet is not None else None
        for sheet in sheets
    ]
    awards = [
        NONE if line is None else without_points(line) or grouped(str(line.award)) for line in lines
    ]
    yield Values("得分", tuple(awards))
    for name in scored.inputs:
        values = [
            NONE
            if line is None or sheet is None
            else _told(line.env.get(name), name, stage, sheet, objection.subject_code)
            for line, sheet, stage in zip(lines, sheets, stages, strict=True)
        ]
        yield Values(_label(name, stages[0]) if stages else name, tuple(values))


def _behind(fact: PageFact) -> Behind:
    return Behind(
        label=fact.row.label,
        value=" ".join(fact_words(fact.row)),
        records=tuple(each.words for each in (*fact.records, *fact.more_records, *fact.uncounted)),
        reason=fact.row.reason,
        files=tuple(File(each.kind, each.name, each.on, each.sha256) for each in fact.files),
    )


def _rulings(facts: Sequence[PageFact]) -> Iterator[Ruled]:
    for fact in facts:
        for ruling in fact.rulings:
            before, after = (
                "未报" if value is None else amount_words(value)[-1].strip("()")
                for value in (ruling.reported, ruling.value)
            )
            what = f"{ruling.ruling}：{before} → {after}"
            yield Ruled(ruling.label, ruling.by, ruling.on, what, ruling.reason, ruling.stands)


def _last_year(last: LastYear | None, earlier: Snapshot | None) -> str:
    if earlier is None:
        return "没有可比的上年评分表。"
    if last is None:
        return f"{earlier.year} 年度没有这一条。"
    state = LineState(last.state)
    said = award_words(last.award, state, last.unreported, last.zero_by_rule)
    got = f"得 {said} 分" if state is LineState.SCORED else said
    words = f"{last.year} 年度满分 {grouped(last.points)} 分，{got}".replace("\n", "，")
    if not last.same:
        return f"{words}；细则已调整，两年不直接比较。"
    why = f"：{last.why.removesuffix('。')}" if last.why else ""
    return f"{words}{why}。"


def _peers(peers: Peers | None, card: Card) -> str:
    if peers is None:
        return "没有同类对象可以比较。"
    place = f"，本表列第 {peers.place}" if peers.place else "，本表没有得分"
    return (
        f"{card.class_name or '同类'} {peers.count} 个有得分的对象，平均 {grouped(peers.mean)} 分，"
        f"最高 {grouped(peers.best)} 分{place}。"
    )


def _corrected(objection: Objection) -> Iterator[tuple[str, str]]:
    said = objection.answer
    for made in said.rulings if said is not None else ():
        measure = made.determination.measure
        yield _label(measure), _words(made.value, _unit(measure))


def _label(name: str, points: ScoredSnapshot | None = None) -> str:
    if name.startswith("score."):
        return score_label(name)
    about = points.document["measures"].get(name) if points else None
    known = words_of(name)
    return about["label"] if about else known.label if known else name


def _unit(name: str, points: ScoredSnapshot | None = None) -> str:
    if name.startswith("score."):
        return "分"
    about = points.document["measures"].get(name) if points else None
    known = words_of(name)
    return about["unit"] if about else known.unit if known else ""


def _told(value: Any, name: str, points: ScoredSnapshot, sheet: ScoredSheet, code: str) -> str:
    """A fact of a card, and whether it rests on no record."""
    words = _words(value, _unit(name, points))
    return words + by_rule_words(sheet.undone(code, name, value))


def _words(value: Any, unit: str) -> str:
    if value is None:
        return "未报"
    return amount_words(in_unit(Fraction(value), unit))[-1].strip("()")
