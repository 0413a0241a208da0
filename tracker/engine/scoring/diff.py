"""What changed between two rulebooks, line by line, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from tracker.engine.scoring.exact import Number, plain
from tracker.engine.scoring.expressions import Expression
from tracker.engine.scoring.method import Method
from tracker.engine.scoring.methods import RULES
from tracker.engine.scoring.rendering import Labels, formula
from tracker.engine.scoring.rulebook import Indicator, Part, Rulebook, Veto
from tracker.engine.scoring.wording import NAMES, VALUES

_HEAD = (
    *("code", "year", "title", "subject", "status", "issuer", "document", "full_marks"),
    *("line_decimals", "bonus_cap", "deduction_cap", "tie_break", "classes"),
)
_LINE = (
    *("group", "name", "clause", "words", "points", "points_by_class", "kind", "data_source"),
    *("evidence", "applies", "absent", "missing", "combine"),
)
_CODED = {
    **VALUES,
    **{
        column.key: {code: label for label, code in column.choices.items()}
        for rule in RULES.values()
        for column in rule.columns
        if column.choices
    },
}

_OF_LINE = tuple((key, NAMES["indicator"][key]) for key in _LINE)


def diff_rulebooks(before: Rulebook, after: Rulebook, labels: Labels | None = None) -> list[str]:
    """Describe in Chinese what changed, one sentence an item; empty if nothing did.

    Lines are matched by code, grades and vetoes by name; sources and caps as wholes. With the
    `labels` of measures expressions are written with them, without them as the file has them.
    """
    changes = _fields("", before, after, [(key, NAMES[""][key]) for key in _HEAD], labels)
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
        where = _where(code, line.name)
        changes += _fields(where, old[code], line, _OF_LINE, labels)
        changes += _methods(where, old[code], line, labels)
    kept_before = [code for code in old if code in new]
    kept_after = [code for code in new if code in old]
    if kept_before != kept_after:
        changes.append(f"指标次序改为 {'、'.join(kept_after)}")
    return changes


def _fields(
    where: str, before: Any, after: Any, names: Iterable[tuple[str, str]], labels: Labels | None
) -> list[str]:
    changes = []
    for key, label in names:
        earlier = _words(getattr(before, key), key, labels)
        later = _words(getattr(after, key), key, labels)
        if earlier != later:
            changes.append(f"{where}{_altered(label, earlier, later)}")
    return changes


def _altered(label: str, earlier: str, later: str) -> str:
    return f"{label}由「{earlier}」改为「{later}」"


def points_altered(line: str, name: str, earlier: Number, later: Number) -> str:
    """How `diff_rulebooks` says that a line has other points."""
    words = _altered(NAMES["indicator"]["points"], plain(earlier), plain(later))
    return f"{_where(line, name)}{words}"


def _where(code: str, name: str) -> str:
    return f"指标 {code}「{name}」："


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
                changes.append(f"{place}{new.method.rule.names[key]}由「{earlier}」改为「{later}」")
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
        _said(method.rule.names[key], _words(value, key, labels))
        for key, value in method.params.items()
        if value is not None and value is not False
    ]
    return f"{method.rule.title}（{'，'.join(params)}）"


def _said(name: str, words: str) -> str:
    return f"{name}{'' if words.startswith('「') else ' '}{words}"


def _words(value: Any, key: str, labels: Labels | None = None) -> str:
    """Write any value of a rulebook for a reader."""
    if value is None and key == "combine":
        return "只用一种方法"
    if value is None or value == "" or (isinstance(value, tuple | dict) and not value):
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | Fraction):
        return plain(value)
    if isinstance(value, Expression):
        return value.text if labels is None else formula(value, labels)
    if isinstance(value, str):
        return _CODED.get(key, {}).get(value, value)
    if isinstance(value, Mapping):
        pairs = [(NAMES["items"].get(name, name), item) for name, item in value.items()]
        return "，".join(
            _said(name, _words(item, "", labels)) for name, item in pairs if item is not None
        )
    return "，".join(
        f"[{_words(item, '', labels)}]"
        if isinstance(item, tuple | Mapping)
        else _words(item, "", labels)
        for item in value
    )
