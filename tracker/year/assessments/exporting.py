"""A snapshot as files by which anybody computes its cards again, without the database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.scored import ScoredSnapshot
from tracker.year.assessments.snapshots import facts_file, rulebook_path

_NO_NAME = re.compile(r"[^\w.-]+")


def exported(points: ScoredSnapshot, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of a snapshot (`content`: its bytes), each a name and its bytes: the document whose
    sha256 names it, a rulebook and the facts of the three columns for each sheet in the order in
    which sheets are scored, and what to do with them."""
    document = points.document
    whole = f"snapshot-{document['year']}-{points.sha256[:12]}.json"
    yield whole, content
    lines = []
    for number, (code, sheet) in enumerate(points.sheets.items(), 1):
        name = f"{number:02d}-{_NO_NAME.sub('_', code)}"
        yield f"{name}.toml", document["set"]["files"][rulebook_path(points, sheet)].encode()
        for level in RulingLevel:
            facts = json.dumps(facts_file(sheet, level), ensure_ascii=False, indent=1)
            yield f"{name}-{level.value}.json", f"{facts}\n".encode()
        lines.append(
            f"{name}　{sheet.rulebook.title}，{len(sheet.result.scorecards)} 个对象，"
            f"文书以{sheet.column.label}一栏为准"
        )
    yield "说明.txt", "\n".join(_words(points, whole, lines)).encode() + b"\n"


def _words(points: ScoredSnapshot, whole: str, lines: list[str]) -> Iterator[str]:
    document = points.document
    columns = "、".join(f"{level.value} {level.label}" for level in RulingLevel)
    yield f"{document['year']}年度快照，摘要（SHA-256）{points.sha256}"
    yield f"核对摘要：sha256sum {whole}"
    yield f"每种评分表有一本细则（.toml）和三栏事实（.json：{columns}）。"
    engine = document["engine"]
    yield f"计分：tracker score-file 细则.toml 事实.json --engine {engine}"
    yield "另一个程序：python3 recompute.py 细则.toml 事实.json（随源代码，docs/recompute.py）"
    yield "下级评分表得分的均值（score. 开头）已写在事实里；除不尽的写到十位小数。"
    yield ""
    yield from lines
