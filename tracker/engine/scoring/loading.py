"""Loading a rulebook of format 1: text to `Rulebook`, or every fault at once."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import Any

from tracker.engine.scoring.canonical import digest
from tracker.engine.scoring.checks import check_whole
from tracker.engine.scoring.exact import plain
from tracker.engine.scoring.expressions import CONDITION
from tracker.engine.scoring.meaning import CURRENT, Meaning
from tracker.engine.scoring.methods import DEDUCTS, read_method
from tracker.engine.scoring.names import SUBJECTS, measure_of, quoted
from tracker.engine.scoring.rulebook import (
    Cap,
    Grade,
    Indicator,
    Part,
    Rulebook,
    RulebookError,
    Source,
    Veto,
)
from tracker.engine.scoring.tables import Table
from tracker.engine.scoring.wording import AS_TYPED, NAMES, Wording

MAX_BYTES = 2_000_000
MAX_CLASS = 40
"""The most characters of a class's name: what lists and papers have room for."""

_CODE = re.compile(r"[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*")
_POSITION = re.compile(r"line (\d+), column (\d+)")


def load_rulebook(
    text: str | bytes, meaning: Meaning = CURRENT, words: Wording = AS_TYPED
) -> Rulebook:
    """Read a rulebook from the text of its TOML file (bytes are UTF-8).

    `meaning` is that of the engine that froze it, for the text in a snapshot: what a later engine
    refuses, it does not. `words` says how faults call the keys: as they are typed, each with its
    name, where nothing else is given.

    Raises RulebookError with all faults, each with the indicator's code and what to do.
    """
    return rulebook_of(parse_toml(text), meaning, words)


def rulebook_of(
    data: dict[str, Any], meaning: Meaning = CURRENT, words: Wording = AS_TYPED
) -> Rulebook:
    """As `load_rulebook`, from the values of a file as `parse_toml` gives them."""
    faults: list[str] = []
    rulebook = _read(Table(data, "", faults, NAMES[""], words), data, meaning)
    if faults:
        raise RulebookError(faults)
    assert rulebook is not None
    return rulebook


def parse_toml(text: str | bytes) -> dict[str, Any]:
    """Parse TOML with numbers read exactly. Raises RulebookError with one Chinese fault."""
    if len(text) > MAX_BYTES:
        raise RulebookError([f"文件超过 {MAX_BYTES // 1_000_000} MB，请核对是否选错文件"])
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise RulebookError(["文件不是 UTF-8 编码，请另存为 UTF-8"]) from None
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except RecursionError:
        raise RulebookError(["TOML 套叠过深，请核对括号"]) from None
    except (ValueError, ArithmeticError) as error:
        position = _POSITION.search(str(error))
        place = f"第 {position[1]} 行第 {position[2]} 列" if position else "文件末尾或某个数字"
        raise RulebookError([f"TOML 语法有误({place})，请检查该处的引号、等号、括号"]) from None


def _read(table: Table, data: dict[str, Any], meaning: Meaning) -> Rulebook | None:
    faults = table.faults
    if table.integer("format") not in (1, None):
        table.fault(f"{table.named('format')}应为 1，请核对文件")
    codes = _line_codes(data)
    head: dict[str, Any] = {
        "code": table.text("code"),
        "year": table.integer("year"),
        "title": table.text("title"),
        "subject": table.choice("subject", tuple(SUBJECTS)),
        "status": table.choice("status", ("designed", "official")),
        "issuer": table.text("issuer", required=False, blank=True) or "",
        "document": table.text("document", required=False, blank=True) or "",
        "full_marks": table.number("full_marks", required=True),
        "line_decimals": table.integer("line_decimals", required=False),
        "bonus_cap": table.points("bonus_cap", None),
    }
    if not table.has("line_decimals"):
        head["line_decimals"] = 2
    has_limit = table.has("deduction_cap")
    limit = table.points("deduction_cap", None)
    head["deduction_cap"] = limit if has_limit else head["full_marks"]
    head["tie_break"] = _tie_break(table, codes)
    head["classes"] = _classes(table, meaning)
    head["sources"] = tuple(_source(row) for row in table.tables("source", "来源(source)"))
    head["grades"] = tuple(_grade(row) for row in table.tables("grade", "等次(grade)"))
    indicators = [_indicator(row, meaning) for row in table.tables("indicator", "指标(indicator)")]
    head["caps"] = tuple(_cap(row) for row in table.tables("cap", "限额(cap)", required=False))
    head["vetoes"] = tuple(
        _veto(row, codes) for row in table.tables("veto", "一票否决(veto)", required=False)
    )
    table.finish()
    check_whole(table, head, indicators, meaning)
    if faults:
        return None
    lines = tuple(_finished(line) for line in indicators)
    return Rulebook(**head, indicators=lines, sha256=digest(data), meaning=meaning)


def _line_codes(data: dict[str, Any]) -> frozenset[str]:
    """Collect the codes of the lines before reading, for line.CODE and share.CODE."""
    rows = data.get("indicator")
    found = (
        [row.get("code") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    )
    return frozenset(code for code in found if isinstance(code, str))


def _tie_break(table: Table, codes: frozenset[str]) -> tuple:
    values = table.get("tie_break", required=False)
    if values is None:
        return ()
    if not isinstance(values, list):
        table.fault(f'{table.named("tie_break")}应为数组，请写成 [ "base" ] 的样子')
        return ()
    return tuple(
        table.as_expression(value, f"{table.named('tie_break')}第 {number} 项", "number", codes)
        for number, value in enumerate(values, 1)
    )


def _classes(table: Table, meaning: Meaning) -> tuple[str, ...]:
    found = _texts(table, "classes", "跨越发展类")
    if table.has("classes") and table.data["classes"] == []:
        table.fault(f"{table.named('classes')}为空，请列出类别，不分类的请删去")
    for name in found:
        if len(name) > MAX_CLASS:
            table.fault(f"{table.named('classes')}中{quoted(name)}超过 {MAX_CLASS} 字，请改短")
    if len({meaning.same(name) for name in found}) < len(found):
        table.fault(f"{table.named('classes')}中有重复的类别，请只保留一个")
    return found


def _source(table: Table) -> Source:
    source = Source(
        table.text("title"), table.text("url", required=False, blank=True) or "", table.date("date")
    )
    table.finish()
    return source


def _grade(table: Table) -> Grade:
    grade = Grade(
        table.text("name"), table.number("at_least", required=True), table.number("quota")
    )
    if grade.quota is not None and not 0 < grade.quota <= 1:
        table.fault(f"{table.named('quota')}应大于 0、不超过 1，请改正")
    table.finish()
    return grade


def _indicator(table: Table, meaning: Meaning) -> dict[str, Any]:
    """Read one indicator into a mapping of the fields of `Indicator`; faulty fields are None."""
    code = table.text("code")
    if code is not None:
        if _CODE.fullmatch(code):
            table.where = f"指标 {code}"
        else:
            table.fault(
                f"{table.named('code')}{quoted(code)}只能由字母、数字组成，用点连接，请改正"
            )
            code = None
    line: dict[str, Any] = {"code": code, "where": table.where}
    line["name"] = table.text("name")
    for key in ("group", "clause", "words"):
        line[key] = table.text(key, blank=True)
    line["points"] = table.points("points", None, default=None)
    line["points_by_class"] = _points_by_class(table, line["points"], meaning)
    kind = table.choice("kind", ("score", "bonus", "deduction"), "score")
    line["kind"] = kind
    line["data_source"] = table.text("data_source", required=False, blank=True) or ""
    line["evidence"] = _texts(table, "evidence")
    line["applies"] = table.expression("applies", CONDITION, required=False)
    if table.has("absent") and kind in ("bonus", "deduction"):
        table.fault(f"{table.named('absent')}只能用于计分指标，请删去")
    line["absent"] = table.choice("absent", ("spread", "full", "zero"), "zero")
    line["missing"] = table.choice("missing", ("block", "zero"), "block")
    if line["missing"] == "zero" and kind == "deduction":
        table.fault(
            f"扣分指标的{table.named('missing')}不能为{table.valued('missing', 'zero')}，请删去"
        )
    _methods(table, line)
    table.finish()
    return line


def _methods(table: Table, line: dict[str, Any]) -> None:
    """Read `method`, or `combine` and its parts."""
    line["combine"], line["parts"] = None, ()
    if not table.has("combine"):
        if table.has("part"):
            part, combine = table.named("part"), table.named("combine")
            table.fault(f"有{part}而无{combine}，请补上{combine}或删去{part}")
            table.skip("part")
        method: Any = read_method(table, line["points"], line["kind"], in_part=False)
        line["parts"] = (Part(line["points"], method),)
        return
    line["combine"] = table.choice("combine", ("sum", "max", "min"))
    if table.has("method"):
        table.fault(f"{table.named('method')}与{table.named('combine')}只能用一个，请删去另一个")
        table.skip()
    if line["kind"] == "deduction":
        table.fault(f"扣分指标不能用{table.named('combine')}，请改用一种方法（{DEDUCTS}）")
    parts = []
    for row in table.tables("part", "部分(part)"):
        for key in ("applies", "absent", "missing"):
            if row.has(key):
                row.fault(f"部分中不能有{row.named(key)}，请移到指标上")
                row.skip(key)
        points = row.points("points", None, default=None)
        kind = "score" if line["kind"] == "deduction" else line["kind"]
        of_part: Any = read_method(row, points, kind, in_part=True)
        row.finish()
        parts.append(Part(points, of_part))
    line["parts"] = tuple(parts)
    _part_points(table, line)


def _part_points(table: Table, line: dict[str, Any]) -> None:
    points = [part.points for part in line["parts"]]
    whole, combine = line["points"], line["combine"]
    if whole is None or None in points or not points:
        return
    if combine == "sum" and sum(points) != whole:
        table.fault(f"各部分分值合计 {plain(sum(points))}，应等于分值 {plain(whole)}，请改正")
    if combine in ("max", "min") and max(points) > whole:
        table.fault(f"部分的分值 {plain(max(points))} 高于指标分值 {plain(whole)}，请改小")


def _points_by_class(table: Table, points: Any, meaning: Meaning) -> dict[str, Any]:
    value = table.get("points_by_class", required=False)
    if value is None:
        return {}
    if not isinstance(value, dict):
        table.fault(
            f'{table.named("points_by_class")}应为一张表，请写成 {{ "生态发展类" = 20 }} 的样子'
        )
        return {}
    if points == 0:
        table.fault(
            f"{table.named('points')}为 0 时不能有{table.named('points_by_class')}，"
            f"请删去或改正{table.named('points')}"
        )
    where = f"{table.where}：{table.named('points_by_class').lstrip()}"
    inner = Table(value, where, table.faults, words=table.words)
    if len({meaning.same(name) for name in value}) < len(value):
        inner.fault("有重复的类别，请只保留一个")
    return {meaning.same(name): inner.points(name, None) for name in value}


def _texts(table: Table, key: str, example: str = "银行回单") -> tuple[str, ...]:
    value = table.get(key, required=False)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(x, str) and x.strip() for x in value):
        table.fault(f'{table.named(key)}应为一组文字，请写成 [ "{example}" ] 的样子')
        return ()
    return tuple(value)


def _cap(table: Table) -> Cap:
    cap = Cap(_texts(table, "lines"), table.points("at_most", None, default=None))
    if not table.has("lines"):
        table.fault(f"缺少{table.named('lines')}，请补上")
    elif table.data["lines"] == []:
        table.fault(f"{table.named('lines')}为空，请填写指标编号")
    table.finish()
    return cap


def _veto(table: Table, codes: frozenset[str]) -> Veto:
    name = table.text("name")
    if name is not None:
        table.where = f"一票否决{quoted(name)}"
    veto = Veto(
        name,
        table.expression("when", CONDITION, codes=codes),
        table.text("grade", required=False),
        table.points("total_at_most", None) if table.has("total_at_most") else None,
        table.flag("no_bonus"),
        table.flag("unranked"),
    )
    table.finish()
    return veto


def _finished(line: dict[str, Any]) -> Indicator:
    names: dict[str, None] = {}
    for part in line["parts"]:
        for expression in part.method.expressions:
            names.update(dict.fromkeys(expression.names))
    fields = {key: value for key, value in line.items() if key != "where"}
    reads = tuple(name for name in names if measure_of(name) == name)
    return Indicator(**fields, names=frozenset(names), reads=reads)
