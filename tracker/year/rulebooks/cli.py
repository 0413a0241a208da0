"""Commands that score and check files without a database, Flask or SQLAlchemy."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import click

from tracker.engine.scoring import (
    ENGINE,
    Facts,
    FactsError,
    Rulebook,
    RulebookError,
    check_set,
    diff_rulebooks,
    engines,
    load_rulebook,
    meaning_of,
    parse_facts,
    result_json,
    score,
)
from tracker.engine.typeset.gate import refused_strings, refused_toml

_PATH = click.Path(path_type=Path)


@click.command("score-file")
@click.argument("rulebook_file", metavar="RULEBOOK.toml", type=_PATH)
@click.argument("facts_file", metavar="FACTS.json", type=_PATH)
@click.option(
    "--engine",
    type=click.Choice(engines()),
    help=f"按哪一版计分引擎评分，供重新计算已冻结的快照；默认为现行的 {ENGINE}。",
)
def score_file(rulebook_file: Path, facts_file: Path, engine: str | None) -> None:
    """按评分细则为事实文件评分，结果以 JSON 输出。"""
    meaning = meaning_of(engine or ENGINE)
    rulebook_text, facts_text = _read(rulebook_file), _read(facts_file)
    faults: list[str] = []
    rulebook = None
    try:
        rulebook = load_rulebook(rulebook_text, meaning)
    except RulebookError as error:
        faults += [f"{rulebook_file}：{fault}" for fault in error.faults]
    try:
        if rulebook is None:
            facts = parse_facts(facts_text, meaning=meaning)
        else:
            facts = parse_facts(facts_text, rulebook.year, rulebook.classes, meaning=meaning)
    except FactsError as error:
        faults += [f"{facts_file}：{fault}" for fault in error.faults]
    if not faults and engine is None:  # what is frozen is computed again as it is
        faults += [f"{rulebook_file}：{each}" for each in _undrawn(rulebook_text)]
        faults += [f"{facts_file}：{each}" for each in refused_strings(json.loads(facts_text))]
    if faults:
        _refuse(faults)
    assert rulebook is not None
    if unread := _unread(rulebook, facts):
        _write("\n".join(unread), err=True)
    with _no_collection():
        found = result_json(score(rulebook, facts))
    _write(json.dumps(found, ensure_ascii=False))


@click.group("rulebook")
def rulebook() -> None:
    """检查、比较评分细则，由 Excel 表转换。"""


@rulebook.command("check")
@click.argument("file", metavar="FILE", type=_PATH)
def check(file: Path) -> None:
    """列出一本评分细则的全部问题。"""
    _load(file)
    if faults := _undrawn(_read(file)):
        _refuse([f"{file}：{fault}" for fault in faults])
    _write("没有发现问题")


@rulebook.command("check-set")
@click.argument("file", metavar="FILE", type=_PATH)
def check_set_file(file: Path) -> None:
    """列出一套评分细则的全部问题，包括循环引用和无人提供的指标。"""
    from tracker.year.measures.names import known_measures

    undrawn = [f"{file}：{fault}" for fault in _undrawn(_read(file))]

    def read(path: str) -> bytes:
        content = (file.parent / path).read_bytes()
        undrawn.extend(f"{path}：{fault}" for fault in _undrawn(content))
        return content

    faults = check_set(_read(file), read, known_measures()) + undrawn
    if faults:
        _refuse(faults)
    _write("没有发现问题")


@rulebook.command("diff")
@click.argument("before", metavar="A", type=_PATH)
@click.argument("after", metavar="B", type=_PATH)
def diff(before: Path, after: Path) -> None:
    """逐条说明两本评分细则的差别。"""
    changes = diff_rulebooks(_load(before), _load(after))
    _write("\n".join(changes) or "两本评分细则没有差别")


@rulebook.command("from-sheet")
@click.argument("file", metavar="FILE.xlsx", type=_PATH)
@click.option("--out", metavar="FILE.toml", type=_PATH, help="写入的文件；不写则显示在屏幕上。")
def from_sheet(file: Path, out: Path | None) -> None:
    """把填好的 Excel 表转为评分细则。"""
    from tracker.year.measures.names import known_measures
    from tracker.year.rulebooks.sheet import SheetError, read_sheet

    try:
        text = read_sheet(_read(file), known_measures())
    except SheetError as error:
        _refuse([f"{file}：{fault}" for fault in error.faults])
    if out is None:
        _write(text.rstrip("\n"))
    else:
        _store(out, text.encode())


@rulebook.command("template")
@click.argument("file", metavar="FILE.xlsx", type=_PATH)
def template(file: Path) -> None:
    """写出填写评分细则用的 Excel 模板，内有一个示例。"""
    from tracker.year.rulebooks.sheet import write_template

    if file.exists():
        _refuse([f"文件 {file} 已存在，请换一个文件名"])
    _store(file, write_template())


def _unread(rulebook: Rulebook, facts: Facts) -> list[str]:
    """Name the measures that no line reads, a slip of the pen among them: their line would be told
    as not reported. They refuse nothing, since the facts of a subject may serve several rulebooks.
    """
    read = rulebook.measures
    given = {name for subject in facts.subjects for name in subject.measures}
    told = []
    for name in sorted(given - read):
        near = get_close_matches(name, read - given, n=1, cutoff=0.8)
        told.append(f"提示：细则没有用到“{name}”" + (f"，是否应为“{near[0]}”" if near else ""))
    return told


@contextmanager
def _no_collection() -> Iterator[None]:
    """Switch the garbage collector off: it would walk a growing result again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, ValueError):
        _refuse([f"文件 {file} 无法读取，请核对路径和权限"])


def _undrawn(content: bytes) -> list[str]:
    # That it is UTF-8 is asked by what reads it.
    return refused_toml(content.decode("utf-8", "ignore"))


def _store(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except (OSError, ValueError):
        _refuse([f"文件 {file} 无法写入，请核对路径和权限"])
    _write(f"已写入 {file}")


def _load(file: Path) -> Rulebook:
    try:
        return load_rulebook(_read(file))
    except RulebookError as error:
        _refuse([f"{file}：{fault}" for fault in error.faults])


def _write(text: str, *, err: bool = False) -> None:
    """Write UTF-8 whatever the terminal's locale says, so that output has the same bytes."""
    click.echo(f"{text}\n".encode(errors="replace"), nl=False, err=err)


def _refuse(faults: list[str]) -> NoReturn:
    """Put every fault on standard error, one a line, and leave with exit code 2."""
    _write("\n".join(" ".join(fault.splitlines()) for fault in faults), err=True)
    raise SystemExit(2)
