"""Breaking Chinese text into lines.

No line starts with a closing mark or ends with an opening one; numbers with their units, Latin
words and addresses stay whole unless they are longer than the line, and are then cut where it
hurts least: between figure and unit, after a slash, beside a number, and only then anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NO_START = frozenset("，。、；：？！）》〉】〕」』”’％%‰…—·℃°′″々～〞｝］＞｡､,.;:?!)]}>")
NO_END = frozenset("（《〈【〔「『“‘([{＜｛［￥＄¥$§#№<")

_UNIT = (
    "亿元|万元|百分点|平方米|平方公里|公里|个月|人次|千元|亿|万|元|亩|分|项|名|年|月|日|号|条|人|"
    "个|家|次|户|村|天|倍|级|位|页|吨|岁|㎡"
)
_LATIN = "!-~\u00a1-\u024f−±≥≤≈℃‰"
_TOKENS = (
    # Numbers with what counts them; words and addresses; dashes; spaces; all else one by one.
    re.compile(
        rf"(?:第 ?(?=\d))?[{_LATIN}]+(?:(?<=[\d%])[ \u00a0]?(?:{_UNIT}))?|—+|…+|[ \u00a0\t]+|.",
        re.S,
    ),
    # An address falls apart after its separators, though not inside 2024/07.
    re.compile(
        rf"[{_LATIN}]+?(?:(?<=[/?&=_#])(?!\d)|(?![{_LATIN}]))|—+|…+|[ \u00a0\t]+|.",
        re.S,
    ),
    re.compile(r"[≥≤≈±−+-]?\d(?:[\d,.:/-]*\d)?[%‰℃]?|—+|…+|[ \u00a0\t]+|.", re.S),
)
_LAST_GLUED = len(_TOKENS)  # then numbers whole at the cost of a mark at a line's start
_SINGLE = _LAST_GLUED + 1  # and at last every character for itself


_EPSILON = 1e-6
_LONE, _SPARE = 2, 6  # a last line of one character and its mark; clusters in the line before


@dataclass(frozen=True, slots=True)
class Line:
    """One set line: its text without the space at its end, its width, and whether it is the
    last of its paragraph (and so never stretched)."""

    text: str
    width: float
    last: bool


def break_text(
    text: str, width: float, advances: Mapping[str, float], size: float, indent: float = 0
) -> tuple[Line, ...]:
    """Break `text` into lines no wider than `width` points, the first shorter by `indent`.

    `advances` maps a character to its width in 1/1000 of `size`. Line breaks in the text are
    kept. A line can be too wide only where a single character is. An empty text is one empty
    line.
    """
    lines: list[Line] = []
    for paragraph in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        lines += _fill(paragraph, width, advances, size / 1000, indent)
    return tuple(lines)


def _fill(
    text: str, width: float, advances: Mapping[str, float], scale: float, indent: float
) -> list[Line]:
    rows: list[list[str]] = [[]]
    used, room = 0.0, width - indent
    waiting = [(cluster, 0) for cluster in reversed(_clusters(text, 0))]
    while waiting:
        cluster, level = waiting.pop()
        bare = sum(map(advances.__getitem__, cluster.rstrip())) * scale
        if used + bare <= room + _EPSILON or (not rows[-1] and level == _SINGLE):
            rows[-1].append(cluster)
            used += sum(map(advances.__getitem__, cluster)) * scale
        elif bare > width and level < _SINGLE:
            waiting += [(part, level + 1) for part in reversed(_clusters(cluster, level + 1))]
        else:
            rows.append([])
            waiting.append((cluster, level))
            used, room = 0.0, width
    _avoid_lone_end(rows, width, advances, scale)
    return [_line(row, advances, scale, last=row is rows[-1]) for row in rows]


def _avoid_lone_end(
    rows: list[list[str]], width: float, advances: Mapping[str, float], scale: float
) -> None:
    """Bring a companion down to a single character left on the last line."""
    if len(rows) < 2 or len("".join(rows[-1]).strip()) > _LONE or len(rows[-2]) < _SPARE:
        return
    joined = [rows[-2][-1], *rows[-1]]
    if sum(map(advances.__getitem__, "".join(joined).rstrip())) * scale <= width + _EPSILON:
        rows[-1] = joined
        rows[-2] = rows[-2][:-1]


def _line(row: list[str], advances: Mapping[str, float], scale: float, *, last: bool) -> Line:
    text = "".join(row).rstrip()
    return Line(text, sum(map(advances.__getitem__, text)) * scale, last)


def _clusters(text: str, level: int) -> list[str]:
    """What may not be broken at this level; spaces hang on the cluster before them."""
    if level == _SINGLE:
        return list(text)
    if level == _LAST_GLUED:
        return _TOKENS[-1].findall(text)
    return _glue(_TOKENS[level].findall(text))


def _glue(tokens: Iterable[str]) -> list[str]:
    clusters: list[str] = []
    for token in tokens:
        if clusters and _sticks(clusters[-1], token):
            clusters[-1] += token
        else:
            clusters.append(token)
    return clusters


def _sticks(before: str, token: str) -> bool:
    if token.isspace():
        return True
    return token[0] in NO_START or before.rstrip()[-1:] in NO_END
