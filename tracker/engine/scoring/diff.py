"""What changed between two rulebooks, line by line, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from tracker.engine.scoring.exact import plain
from tracker.engine.scoring.expressions import Expression
from tracker.engine.scoring.method import Method
from tracker.engine.scoring.methods import RULES
from tracker.engine.scoring.names import SUBJECTS
from tracker.engine.scoring.rendering import Labels, formula
from tracker.engine.scoring.rulebook import Indicator, Part, Rulebook, Veto

_HEAD = {
    "code": "编号",
    "year": "考核年度",
    "title": "标题",
    "subject": "对象",
    "status": "性质",
    "issuer": "制定单位",
    "document": "文号",
    "full_marks": "满分",
    "line_decimals": "小数位数",
    "bonus_cap": "加分封顶",
    "deduction_cap": "扣分封顶",
    "tie_break": "并列次序",
    "classes": "类别",
}
_LINE = {
    "group": "一级指标",
    "name": "名称",
    "clause": "条款",
    "words": "公式",
    "points": "分值",
    "points_by_class": "分类分值",
    "kind": "类型",
    "data_source": "数据来源",
    "evidence": "佐证材料",
    "applies": "适用条件",
    "absent": "不适用时",
    "missing": "缺数据时",
    "combine": "组合方式",
}
_PARAMETERS = {key: name for rule in RULES.values() for key, name in rule.parameters.items()}
_WORDS = {
    "designed": "示例",
    "official": "正式",
    "score": "计分",
    "bonus": "加分",
    "deduction": "扣分",
    "spread": "分摊",
    "full": "计满分",
    "zero": "计 0 分",
    "block": "不可计分",
    "sum": "相加",
    "max": "取最高",
    "min": "取最低",
    "at_least": "达到",
    "above": "高于",
    "at_most": "不超过",
    "below": "低于",
    **SUBJECTS,
}
_CODED = {"status", "subject", "kind", "absent", "missing", "combine", "direction"}


def diff_rulebooks(before: Rulebook, after: Rulebook, labels: Labels | None = None) -> list[str]:
    """Describe in Chinese what changed, one sentence an item; empty if nothing did.

    Lines are matched by code, grades and vetoes by name; sources and caps as wholes. With the
    `labels` of measures expressions are written with them, without them as the file has them.
    """
    changes = _fields("", before, after, _HEAD, labels)
    changes += _listed(
        "来源", [_source(s) for s in before.sources], [_source(s) for s in after.sources]
    )
    changes += _named(
        "等次",
        {grade.name: _grade(grade) for grade in before.grades},
        {grade.name: _grade(grade) for grade in after.grades},
    )
    changes += _lines(before.indicators, after.indicators, labels)
    changes += _listed("限额", [_cap(c) for c in before.caps], [_cap(c) for c in after.caps])
    changes += _named(
        "一票否决",
        {veto.name: _veto(veto, labels) for veto in before.vetoes},
        {veto.name: _veto(veto, labels) for veto in after.vetoes},
    )
    return changes


def _lines(
    before: Sequence[Indicator], after: Sequence[Indicator], labels: Labels | None
) -> list[str]:
    old = {line.code: line for line in before}
    new = {line.code: line for line in after}
    changes = [
        f"删去指标 {code}「{line.name}」({plain(line.points)} 分)"
        for code, line in old.items()
        if code not in new
    ]
    for code, line in new.items():
        if code not in old:
            changes.append(f"新增指标 {code}「{line.name}」({plain(line.points)} 分)：{line.words}")
            continue
        where = f"指标 {code}「{line.name}」："
        changes += _fields(where, old[code], line, _LINE, labels)
        changes += _methods(where, old[code], line, labels)
    kept_before = [code for code in old if code in new]
    kept_after = [code for code in new if code in old]
    if kept_before != kept_after:
        changes.append(f"指标次序改为 {'、'.join(kept_after)}")
    return changes


def _fields(
    where: str, before: Any, after: Any, names: Mapping[str, str], labels: Labels | None
) -> list[str]:
    changes = []
    for key, label in names.items():
        earlier = _words(getattr(before, key), key, labels)
        later = _words(getattr(after, key), key, labels)
        if earlier != later:
            changes.append(f"{where}{label}由「{earlier}」改为「{later}」")
    return changes


def _named(label: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    changes = [f"删去{label}「{name}」" for name in before if name not in after]
    for name, text in after.items():
        if name not in before:
            changes.append(f"新增{label}「{name}」：{text}")
        elif before[name] != text:
            changes.append(f"{label}「{name}」由「{before[name]}」改为「{text}」")
    return changes


def _listed(label: str, before: Sequence[str], after: Sequence[str]) -> list[str]:
    changes = [f"删去{label}：{text}" for text in before if text not in after]
    return changes + [f"新增{label}：{text}" for text in after if text not in before]


def _source(source: Any) -> str:
    return " ".join(filter(None, (source.title, source.url, source.date and str(source.date))))


def _grade(grade: Any) -> str:
    text = f"{plain(grade.at_least)} 分起"
    return text if grade.quota is None else f"{text}，至多占 {plain(grade.quota * 100)}%"


def _cap(cap: Any) -> str:
    return f"{'、'.join(cap.lines)} 合计至多 {plain(cap.at_most)} 分"


def _veto(veto: Any, labels: Labels | None) -> str:
    return "，".join([_words(veto.when, "", labels), *veto_effects(veto)])


def veto_effects(veto: Veto) -> list[str]:
    """What follows from a veto, in Chinese; empty where it is only named on the scorecard."""
    parts = []
    if veto.grade is not None:
        parts.append(f"至多{veto.grade}")
    if veto.total_at_most is not None:
        parts.append(f"总分至多 {plain(veto.total_at_most)}")
    if veto.no_bonus:
        parts.append("不计加分")
    if veto.unranked:
        parts.append("不参加排名")
    return parts


def _methods(where: str, before: Indicator, after: Indicator, labels: Labels | None) -> list[str]:
    """Compare methods: parameter by parameter where the methods are the same, else as wholes."""
    same = [part.method.name for part in before.parts] == [part.method.name for part in after.parts]
    if not same or (before.combine is None) != (after.combine is None):
        texts = ["；".join(method_words(line, labels)) for line in (before, after)]
        return [f"{where}计分方法由「{texts[0]}」改为「{texts[1]}」"]
    changes = []
    for number, (old, new) in enumerate(zip(before.parts, after.parts, strict=True), 1):
        place = where if after.combine is None else f"{where}第 {number} 部分的"
        if after.combine is not None and old.points != new.points:
            changes.append(f"{place}分值由「{plain(old.points)}」改为「{plain(new.points)}」")
        for key, value in new.method.params.items():
            earlier, later = (_words(side, key, labels) for side in (old.method.params[key], value))
            if earlier != later:
                changes.append(f"{place}{_PARAMETERS[key]}由「{earlier}」改为「{later}」")
    return changes


def method_words(line: Indicator, labels: Labels | None = None) -> list[str]:
    """The method of a line with its parameters, or those of its parts with their points."""
    if line.combine is None:
        return [_method(line.parts[0].method, labels)]
    return [_part(part, labels) for part in line.parts]


def _part(part: Part, labels: Labels | None) -> str:
    return f"{plain(part.points)} 分 {_method(part.method, labels)}"


def _method(method: Method, labels: Labels | None) -> str:
    params = [
        f"{_PARAMETERS[key]} {_words(value, key, labels)}"
        for key, value in method.params.items()
        if value is not None and value is not False
    ]
    return f"{method.rule.title}({'，'.join(params)})"


def _words(value: Any, key: str, labels: Labels | None = None) -> str:
    """Write any value of a rulebook for a reader."""
    if value is None or value == "" or (isinstance(value, tuple | dict) and not value):
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | Fraction):
        return plain(value)
    if isinstance(value, Expression):
        return value.text if labels is None else formula(value, labels)
    if isinstance(value, str):
        return _WORDS.get(value, value) if key in _CODED else value
    if isinstance(value, Mapping):
        pairs = [(_PARAMETERS.get(name, name), item) for name, item in value.items()]
        return "，".join(
            f"{name} {_words(item, '', labels)}" for name, item in pairs if item is not None
        )
    return "，".join(
        f"[{_words(item, '', labels)}]"
        if isinstance(item, tuple | Mapping)
        else _words(item, "", labels)
        for item in value
    )
