"""The typefaces on paper: which file draws which role, and which characters can be drawn at all.

Files are opened once a process and only when first needed. Every character is drawn with its
role's face if that has the glyph, else with the full face that ships with the product. What neither
has is refused where it is typed (`missing_glyphs`); where it comes to paper all the same, 〓 stands
for it, and the sheet notes it.
"""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

FONT_FOLDER = Path(__file__).resolve().parents[3] / "static" / "fonts"
FULL_FILE = FONT_FOLDER / "NotoSansSC-400-full.ttf"
GETA = "〓"  # stands on paper for a character that no face can draw

# ReportLab's font objects keep a read position: one document at a time may be written.
FONT_LOCK = threading.RLock()

_RESTRICTED, _BITMAP_ONLY = 0x0002, 0x0200  # OS/2 fsType
_LAYOUT_SPACES = "\n\r\t"
_INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0"
_UNSEEN = {
    "\x00": "空字符",
    "\x0b": "垂直制表符",
    "\x0c": "换页符",
    "\x1b": "转义符",
    "\x7f": "删除符",
    "\xad": "软连字符",
    "\u034f": "组合用连接符",
    "\u061c": "阿拉伯文方向标记",
    "\u115f": "谚文填充符",
    "\u1160": "谚文填充符",
    "\u180e": "蒙古文元音分隔符",
    "\u200b": "零宽空格",
    "\u200c": "零宽不连字",
    "\u200d": "零宽连字",
    "\u200e": "从左至右标记",
    "\u200f": "从右至左标记",
    "\u2028": "行分隔符",
    "\u2029": "段分隔符",
    "\u202a": "从左至右嵌入",
    "\u202b": "从右至左嵌入",
    "\u202c": "方向控制结束",
    "\u202d": "从左至右强制",
    "\u202e": "从右至左强制",
    "\u2060": "词连接符",
    "\u2066": "从左至右隔离",
    "\u2067": "从右至左隔离",
    "\u2068": "首字方向隔离",
    "\u2069": "方向隔离结束",
    "\u3164": "谚文填充符",
    "\ufe0e": "文本样式选择符",
    "\ufe0f": "表情样式选择符",
    "\ufeff": "零宽不换行空格",
    "\uffa0": "半角谚文填充符",
}
_CATEGORIES = {
    "Cc": "控制字符",
    "Cf": "不可见的格式字符",
    "Cn": "未定义的字符",
    "Co": "私用区字符",
    "Cs": "残缺的字符",
    "Mc": "组合用符号",
    "Me": "组合用符号",
    "Mn": "组合用符号",
}
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mc", "Me", "Mn", "Zl", "Zp"})


class Role(StrEnum):
    """What a face is used for. The value ends the name of the environment variable."""

    FANGSONG = "FANGSONG"  # body text, 仿宋
    XIAOBIAOSONG = "XIAOBIAOSONG"  # titles, 小标宋
    KAITI = "KAITI"  # second headings, 楷体
    HEITI = "HEITI"  # first headings and what must stand out, 黑体
    SANS = "SANS"  # tables and small print; always the shipped face


_SHIPPED = {
    Role.FANGSONG: "NotoSerifSC-400-gb2312.ttf",
    Role.XIAOBIAOSONG: "NotoSerifSC-900-gb2312.ttf",
    Role.KAITI: "NotoSerifSC-400-gb2312.ttf",
    Role.HEITI: "NotoSansSC-700-gb2312.ttf",
    Role.SANS: "NotoSansSC-400-gb2312.ttf",
}


class FontError(Exception):
    """A font file that cannot be used; the message is for the operator, in Chinese."""


class Face:
    """One role's face. `widths` maps a character to its advance in 1/1000 of the size; one that
    cannot be drawn has the advance of the 〓 that stands for it."""

    def __init__(self, font: TTFont) -> None:
        self.font = font
        self.widths = _Widths(self)

    def owns(self, char: str) -> bool:
        return ord(char) in self.font.face.charToGlyph

    def measure(self, text: str, size: float) -> float:
        """Width in points of `text` set in `size` points."""
        return sum(map(self.widths.__getitem__, text)) * size / 1000

    def runs(self, text: str) -> Iterator[tuple[TTFont, str]]:
        """Pieces of `text`, each with the font that draws it, spaces of any kind made plain, and
        〓 for each character that no face draws."""
        for font, piece in groupby(drawable(text), self._font_of):
            yield font, "".join(" " if is_space(char) else char for char in piece)

    def _font_of(self, char: str) -> TTFont:
        return self.font if self.owns(" " if is_space(char) else char) else full_face().font


class _Widths(dict[str, float]):
    """Advances looked up once a character."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._face = face

    def __missing__(self, char: str) -> float:
        drawn = " " if is_space(char) else drawable(char)
        if self._face.owns(drawn):
            width = self._face.font.face.getCharWidth(ord(drawn))
        else:
            width = full_face().widths[drawn]
        self[char] = width
        return width


def face(role: Role) -> Face:
    """The face of a role, opened on first use.

    Raises FontError if an operator's file (environment variable FONT_ + role) is unusable.
    """
    named = "" if role is Role.SANS else os.environ.get(f"FONT_{role}", "").strip()
    with FONT_LOCK:
        return _named(role, named)


def full_face() -> Face:
    """The shipped face with every glyph of 通用规范汉字表."""
    with FONT_LOCK:
        return _open(FULL_FILE, "")


def check_faces() -> None:
    """Open every role's file, so that a bad one is known at start. Raises FontError."""
    for role in Role:
        face(role)


def missing_glyphs(text: str) -> tuple[str, ...]:
    """The characters of `text` that cannot be printed, each once, in order of appearance.

    Refused besides those without a glyph: control characters but line breaks and tabs, bidi
    controls, zero-width and other invisible characters, combining marks (without shaping they
    would be misplaced), private use, unassigned code points. Cheap after the first call.
    """
    refused = _Verdicts.shared
    return tuple(dict.fromkeys(char for char in text if refused[char]))


def drawable(text: str) -> str:
    """`text` with 〓 for each character that no face can draw."""
    refused = _Verdicts.shared
    if not any(refused[char] for char in text):
        return text
    return "".join(GETA if refused[char] else char for char in text)


def name_characters(characters: tuple[str, ...]) -> str:
    """The characters for a message, with code points, what is not seen by its name as well:
    “𠮷”(U+20BB7)、U+200B(零宽空格)."""
    named = []
    for char in characters:
        visible = unicodedata.category(char)[0] in "LNPS" and char not in _INVISIBLE_LETTERS
        point = f"U+{ord(char):04X}"
        named.append(f"“{char}”({point})" if visible else f"{point}({_unseen(char)})")
    return "、".join(named)


def _unseen(char: str) -> str:
    if char in _UNSEEN:
        return _UNSEEN[char]
    return _CATEGORIES.get(unicodedata.category(char), "不可见的字符")


class _Verdicts(dict[str, bool]):
    """Whether a character is refused, worked out once each."""

    shared: _Verdicts

    def __missing__(self, char: str) -> bool:
        if char in _LAYOUT_SPACES:
            verdict = False
        elif char in _INVISIBLE_LETTERS or unicodedata.category(char) in _REFUSED_CATEGORIES:
            verdict = True
        else:
            verdict = not is_space(char) and ord(char) not in _full_characters()
        self[char] = verdict
        return verdict


_Verdicts.shared = _Verdicts()


def is_space(char: str) -> bool:
    """Whether a character is drawn as a plain space, whatever glyph a face has for it."""
    # The ideographic space has its own width and glyph.
    return char in _LAYOUT_SPACES or (char != "\u3000" and unicodedata.category(char) == "Zs")


@cache
def _full_characters() -> frozenset[int]:
    # fontTools reads the table of characters alone: a tenth of opening the face for drawing.
    from fontTools.ttLib import TTFont as FontFile

    with FontFile(FULL_FILE, lazy=True) as file:
        return frozenset(file.getBestCmap())


@cache
def _named(role: Role, named: str) -> Face:
    return _open(Path(named) if named else FONT_FOLDER / _SHIPPED[role], f"FONT_{role}")


@cache
def _open(path: Path, variable: str) -> Face:
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    shipped = path.parent == FONT_FOLDER
    if shipped and variable:
        return _open(path, "")
    if not shipped:
        _check(path, variable)
    try:
        font = TTFont(f"tracker-{path.stem}", str(path), shapable=False)
    except (TTFError, OSError) as error:
        raise FontError(f"{variable} 指定的字体文件 {path} 无法读取：{error}") from error
    # ReportLab keys embedded files by this name: two faces of one name would be mixed up.
    font.face.name += b"-" + re.sub(r"[^0-9A-Za-z]", "", path.stem).encode()
    return Face(font)


def _check(path: Path, variable: str) -> None:
    """Refuse an operator's file that is not there, not TrueType, or may not be embedded."""
    from fontTools.ttLib import TTFont as FontFile
    from fontTools.ttLib import TTLibError

    try:
        with path.open("rb") as stream, FontFile(stream, lazy=True) as file:
            tables, rights = set(file.keys()), file["OS/2"].fsType
    except FileNotFoundError as error:
        raise FontError(f"{variable} 指定的字体文件 {path} 不存在。") from error
    except (TTLibError, OSError, KeyError) as error:
        raise FontError(f"{variable} 指定的文件 {path} 不是可用的 TrueType 字体。") from error
    if "glyf" not in tables:
        raise FontError(f"{variable} 指定的字体 {path} 不是 TrueType 轮廓(glyf)，请换用 TTF 版本。")
    if rights & (_RESTRICTED | _BITMAP_ONLY):
        raise FontError(
            f"{variable} 指定的字体 {path} 不允许嵌入文档(fsType {rights})，请换用授权版本。"
        )
