"""The one gate for texts that can reach paper, whatever way they come in.

Forms, file names, commands and loaders ask here; what is refused is named, never repaired.
"""

from __future__ import annotations

from tracker.typeset.faces import missing_glyphs, name_characters


def refusal(what: str, text: str) -> str:
    """Why `text`, called `what`, cannot be taken: a sentence that names each character which no
    face can draw, what is not seen by code point and name. "" where nothing stands against it."""
    missing = missing_glyphs(text)
    if not missing:
        return ""
    return f"{what}中的{name_characters(missing)}无法打印，请改用通用规范汉字。"


def refused_lines(text: str) -> list[str]:
    """The refusals of a file's text, each with its line from 1."""
    lines = text.replace("\r\n", "\n").split("\n")
    return [fault for n, line in enumerate(lines, 1) if (fault := refusal(f"第 {n} 行", line))]
