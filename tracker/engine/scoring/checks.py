"""Refusals that need the rulebook as a whole: sums, orders, and references between its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import pairwise
from typing import Any

from tracker.engine.scoring.exact import Number, places, plain
from tracker.engine.scoring.meaning import Meaning
from tracker.engine.scoring.names import SUBJECTS, current_measure, quoted, whole_of
from tracker.engine.scoring.rulebook import Rulebook
from tracker.engine.scoring.tables import Table
from tracker.engine.scoring.wording import NAMES

MAX_DECIMALS = 6
CAP = "限额(cap)"


def check_whole(
    table: Table, head: dict[str, Any], indicators: list[dict[str, Any]], meaning: Meaning
) -> None:
    """Note the faults of a rulebook whose single tables have been read.

    `head` holds the fields of `Rulebook`, `indicators` those of `Indicator`, each with `where`;
    faulty fields are None.
    """
    _check_head(table, head)
    _check_grades(table, head["grades"])
    _check_lines(table, head["full_marks"], indicators)
    _check_classes(table, head["classes"], indicators, meaning)
    if meaning.points_fit:
        _check_points(table, head["line_decimals"], indicators)
    _check_caps(table, head["caps"], indicators)
    _check_vetoes(table, head)


def named(table: Table, of: str, key: str) -> str:
    """What faults call a key of the tables under the key `of`, as those of `table` are called."""
    return table.words.key(key, NAMES[of].get(key))


def told(table: Table, where: str, message: str) -> None:
    """Note a fault of what is called `where` in the file whose head is `table`."""
    table.fault(f"{where}：{message.lstrip()}" if where else message)


def _check_head(table: Table, head: dict[str, Any]) -> None:
    if head["status"] == "official":
        for key in ("issuer", "document"):
            if not head[key].strip():
                table.fault(
                    f"{table.named(key)}没有填写，{table.named('status').lstrip()}"
                    f"为{table.valued('status', 'official')}时须填写"
                )
    full, decimals = head["full_marks"], head["line_decimals"]
    if full is not None and full <= 0:
        table.fault(f"{table.named('full_marks')}应大于 0，请改正")
    if decimals is not None and not 0 <= decimals <= MAX_DECIMALS:
        table.fault(f"{table.named('line_decimals')}应在 0 与 {MAX_DECIMALS} 之间，请改正")
    keys = ("full_marks", "bonus_cap", *(("deduction_cap",) if table.has("deduction_cap") else ()))
    for key in keys:
        _check_places(table, "", table.named(key), head[key], decimals)
    for number, cap in enumerate(head["caps"], 1):
        where = table.words.table("cap", CAP, number)
        _check_places(table, where, named(table, "cap", "at_most"), cap.at_most, decimals)
    for veto in head["vetoes"]:
        where, what = f"一票否决{quoted(veto.name)}", named(table, "veto", "total_at_most")
        _check_places(table, where, what, veto.total_at_most, decimals)


def _check_places(
    table: Table, where: str, what: str, value: Number | None, decimals: int | None
) -> None:
    if value is None or decimals is None:
        return
    written = places(value)
    assert written is not None, "a number of a file has an end"
    if written > max(decimals, 0):
        most = f"{table.named('line_decimals')}所定的 {decimals} 位"
        told(table, where, f"{what}的小数位数多于{most}，请减少小数位")


def _check_grades(table: Table, grades: tuple) -> None:
    if not grades:
        return
    names = [grade.name for grade in grades if grade.name is not None]
    for name in _repeated(names):
        table.fault(f"等次{quoted(name)}重复，请改名")
    if grades[-1].quota is not None:
        told(
            table,
            f"等次{quoted(grades[-1].name)}",
            f"作为最后的等次，不能有{named(table, 'grade', 'quota')}，请删去",
        )
    limits = [grade.at_least for grade in grades]
    if None in limits:
        return
    for grade, (upper, lower) in zip(grades[1:], pairwise(limits), strict=True):
        if upper <= lower:
            told(
                table,
                f"等次{quoted(grade.name)}",
                f"{named(table, 'grade', 'at_least')}应低于上一等次，请从高到低排列",
            )
    if limits[-1] != 0:
        told(
            table,
            f"等次{quoted(grades[-1].name)}",
            f"作为最后的等次，{named(table, 'grade', 'at_least').lstrip()}应为 0，请改正",
        )


def _check_lines(table: Table, full: Number | None, indicators: list[dict[str, Any]]) -> None:
    for code in _repeated([line["code"] for line in indicators if line["code"] is not None]):
        told(
            table,
            f"指标 {code}",
            f"{named(table, 'indicator', 'code')}重复，请改为不同的编号",
        )
    scored = [line for line in indicators if line["kind"] == "score"]
    if full is None or any(line["points"] is None or line["kind"] is None for line in indicators):
        return
    _check_sum(table, "计分指标的分值", full, [line["points"] for line in scored])
    classes = dict.fromkeys(name for line in scored for name in line["points_by_class"])
    for name in classes:
        points = [line["points_by_class"].get(name, line["points"]) for line in scored]
        if None not in points:
            _check_sum(table, f"{quoted(name)}计分指标的分值", full, points)


def _check_classes(
    table: Table, classes: tuple[str, ...], indicators: list[dict[str, Any]], meaning: Meaning
) -> None:
    known = {meaning.same(name) for name in classes}
    for line in indicators if known else ():
        for name in line["points_by_class"]:
            if name not in known:
                told(
                    table,
                    line["where"],
                    f"{named(table, 'indicator', 'points_by_class')}的类别{quoted(name)}"
                    f"不在{table.named('classes')}中，"
                    f"请改为 {'、'.join(classes)} 之一，或把它列入{table.named('classes')}",
                )


def _check_points(table: Table, decimals: int | None, indicators: list[dict[str, Any]]) -> None:
    """Points finer than the rounding would sum to more than full marks once they are rounded."""
    for line in indicators:
        where = line["where"]
        _check_places(table, where, named(table, "indicator", "points"), line["points"], decimals)
        for name, points in line["points_by_class"].items():
            what = f"{named(table, 'indicator', 'points_by_class')}中{quoted(name)}的分值"
            _check_places(table, where, what, points, decimals)


def _check_sum(table: Table, what: str, full: Number, points: list[Number]) -> None:
    total = sum(points)
    if total != full:
        table.fault(
            f"{what}合计 {plain(total)}，应等于{table.named('full_marks')}{plain(full)}，"
            f"请核对各指标的{named(table, 'indicator', 'points')}"
        )


def _check_caps(table: Table, caps: tuple, indicators: list[dict[str, Any]]) -> None:
    kinds = {line["code"]: line["kind"] for line in indicators}
    seen: set[str] = set()
    lines = named(table, "cap", "lines")
    for number, cap in enumerate(caps, 1):
        where = table.words.table("cap", CAP, number)
        for code in cap.lines:
            if code not in kinds:
                told(table, where, f"{lines}中的指标{quoted(code)}不存在，请核对编号")
            elif code in seen:
                told(table, where, f"{lines}中的指标 {code} 已在限额中，请只保留一处")
            seen.add(code)
        found = {kinds[code] for code in cap.lines if kinds.get(code)}
        if len(found) > 1:
            codes = "、".join(code for code in cap.lines if code in kinds)
            told(
                table,
                where,
                f"{lines}所列的指标 {codes} 类型不同，请按计分、加分、扣分分开设限额",
            )


def _check_vetoes(table: Table, head: dict[str, Any]) -> None:
    grades = [grade.name for grade in head["grades"]]
    for veto in head["vetoes"]:
        if veto.grade is not None and veto.grade not in grades:
            told(
                table,
                f"一票否决{quoted(veto.name)}",
                f"{named(table, 'veto', 'grade')}{quoted(veto.grade)}不在等次中，请改为已列的等次",
            )


def check_measures(
    rulebook: Rulebook, supplied: Collection[str], scored: Collection[str] | None = None
) -> list[str]:
    """List the measures that nobody supplies, with the place that reads them, in Chinese.

    `supplied` are the names of the catalogue; target.X, prior.X and baseline.X come with X.
    `scored` are the subjects with a sheet in the same set (score.X needs X, score.park a park);
    None, for a rulebook on its own, takes any subject of the list.
    """
    faults = []
    for place, measures in rulebook.measures_by_place():
        for name in sorted(measures):
            current = current_measure(name)
            if current.startswith("score."):
                subject = current.partition(".")[2]
                if not scored_subjects(subject, SUBJECTS if scored is None else scored):
                    faults.append(f"{place}：{name} 所需的评分表不在其中，请加入或删去")
            elif current not in supplied:
                faults.append(f"{place}：指标库没有 {name}，请核对名称或先登记")
    return faults


def scored_subjects(subject: str, scored: Collection[str]) -> list[str]:
    """Return the subjects whose totals score.SUBJECT means; score.park covers both kinds, and
    score.SUBJECT.PART some of one kind."""
    wanted = ("park.industrial", "park.tourism") if subject == "park" else (whole_of(subject),)
    return [name for name in wanted if name in scored]


def _repeated(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
