"""The drawing surface: pages, text, rules and fills, each inside an element of the document.

Everything that reaches the paper goes through `Sheet`, which writes PDF operators itself and
wraps them in marked content, so that the finished file carries a full structure tree. Painting
outside `content` or `artifact` is a programming error and raises RuntimeError.
Lengths are points; the origin is the page's lower left corner.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tracker.engine.typeset.embed import EmbeddedFont
from tracker.engine.typeset.faces import FONT_LOCK, Face, Role, drawable, face, missing_glyphs
from tracker.engine.typeset.information import DocumentInfo
from tracker.engine.typeset.structure import Element, Link, finish

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM

Color = tuple[float, float, float]
BLACK: Color = (0, 0, 0)

rl_config.useA85 = 0  # streams are binary: printable ones are a quarter longer and slow to make


def grey(level: float) -> Color:
    """A grey between 0 (black) and 1 (white)."""
    return (level, level, level)


@dataclass(frozen=True, slots=True)
class Undrawn:
    """A text with `characters` that no face draws: where it stands (heading, row) and its page."""

    text: str
    characters: tuple[str, ...]
    heading: str
    row: str
    page: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Margins in points, and what stands on every page besides the text; A4, upright or
    `landscape`. `decorate` is called with the sheet as each page begins and draws artifacts only.
    """

    top: float = 37 * MM
    left: float = 28 * MM
    right: float = 26 * MM
    bottom: float = 35 * MM
    decorate: Callable[[Sheet], None] | None = None
    landscape: bool = False

    @property
    def page_width(self) -> float:
        return PAGE_HEIGHT if self.landscape else PAGE_WIDTH

    @property
    def page_height(self) -> float:
        return PAGE_WIDTH if self.landscape else PAGE_HEIGHT

    @property
    def width(self) -> float:
        return self.page_width - self.left - self.right

    @property
    def height(self) -> float:
        return self.page_height - self.top - self.bottom


class Sheet:
    """A document under way. Draw, then call `finish` once for the bytes."""

    def __init__(self, info: DocumentInfo, frame: Frame) -> None:
        self.info = replace(
            info,
            title=drawable(info.title),
            author=drawable(info.author),
            subject=drawable(info.subject),
            extra={key: drawable(value) for key, value in info.extra.items()},
        )
        self.frame = frame
        # Where one is: the last heading, the words of the row and the paragraph under way.
        self.heading = self.row = self.whole = ""
        self._undrawn: dict[tuple[str, str], Undrawn] = {}
        self.page = 0
        self.top = 0.0  # where the next box goes
        self._root = Element("Document")
        self._open = [self._root]
        self._painting = False
        self._marks = 0
        self._outline_level = -1
        self._faces: dict[Role, Face] = {}
        self._fonts: dict[TTFont, EmbeddedFont] = {}
        self._fill: Color = BLACK
        self._stroke: Color = BLACK
        self._buffer = io.BytesIO()
        base = self.face(Role.SANS).font
        with FONT_LOCK:
            pdfmetrics.registerFont(base)
        self._canvas = Canvas(
            self._buffer,
            pagesize=(frame.page_width, frame.page_height),
            invariant=1,
            pageCompression=1,
            initialFontName=base.fontName,
            lang="zh-CN",
        )
        self._canvas.setTitle(self.info.title)
        self._begin_page()

    # Pages

    @property
    def room(self) -> float:
        """Height left on this page."""
        return self.top - self.frame.bottom

    @property
    def at_top(self) -> bool:
        return self.top > self.frame.page_height - self.frame.top - 0.01

    def next_page(self) -> None:
        self._canvas.showPage()
        self._begin_page()

    def _begin_page(self) -> None:
        self.page += 1
        self.top = self.frame.page_height - self.frame.top
        self._marks = 0
        self._fill = self._stroke = BLACK
        if self.frame.decorate:
            with self.artifact():
                self.frame.decorate(self)

    def finish(self) -> bytes:
        """The whole file: tagged, dated by `info`, equal bytes for equal drawing."""
        with FONT_LOCK:
            if self._outline_level >= 0:
                self._canvas.showOutline()
            self._canvas.showPage()
            for font in self._fonts.values():
                font.add_objects(self._canvas._doc)
            self._canvas.save()
        return finish(self._buffer.getvalue(), self._root, self.info)

    # Structure

    @contextmanager
    def element(self, role: str, **attributes: str | int) -> Iterator[Element]:
        """A new element (H1, P, Table, TD …) within the present one.

        `alt` is a figure's text; `scope` ("Column" or "Row") a heading cell's; `colspan` a cell's.
        """
        with self.within(self.add(role, **attributes)) as made:
            yield made

    def add(self, role: str, **attributes: str | int) -> Element:
        """A new element within the present one, to be filled later with `within`."""
        if "alt" in attributes:
            attributes["alt"] = drawable(str(attributes["alt"]))
        made = Element(role, dict(attributes))
        self._open[-1].kids.append(made)
        return made

    @contextmanager
    def within(self, element: Element) -> Iterator[Element]:
        self._open.append(element)
        try:
            yield element
        finally:
            self._open.pop()

    @contextmanager
    def content(self) -> Iterator[None]:
        """What is painted here is content of the present element."""
        element = self._open[-1]
        element.kids.append((self.page - 1, self._marks))
        mark = f"/{element.role} <</MCID {self._marks}>> BDC"
        self._marks += 1
        yield from self._marked(mark)

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is painted here is decoration: rules, fills, page furniture."""
        yield from self._marked("/Artifact BMC")

    def link(self, box: tuple[float, float, float, float], to: str, words: str) -> None:
        """Let `box` (left, bottom, right, top) lead to the named place `to`, as part of the present
        element (a Link); `words` say where that is. Names are given where files are bound."""
        self._open[-1].kids.append(Link(self.page - 1, box, to, drawable(words)))

    def _marked(self, mark: str) -> Iterator[None]:
        if self._painting:
            raise RuntimeError("marked content does not nest")
        self._canvas.addLiteral(mark)
        self._painting = True
        try:
            yield
        finally:
            self._painting = False
            self._canvas.addLiteral("EMC")

    def bookmark(self, title: str, level: int, y: float) -> None:
        """An entry of the outline that leads to height `y` of this page."""
        level = min(level, self._outline_level + 1)
        key = f"b{self.page}-{y:.1f}"
        self._canvas.bookmarkPage(key, fit="XYZ", left=0, top=y + 20, zoom=0)
        self._canvas.addOutlineEntry(drawable(title), key, level, closed=False)
        self._outline_level = level

    # Paint

    def face(self, role: Role) -> Face:
        if role not in self._faces:
            self._faces[role] = face(role)
        return self._faces[role]

    def text(
        self,
        x: float,
        y: float,
        text: str,
        role: Role,
        size: float,
        color: Color = BLACK,
        spacing: float = 0,
        turned: tuple[float, float] | None = None,
    ) -> None:
        """One run of text from `x` on the base line `y`, `spacing` points added between
        characters; `turned` is the cosine and sine of the direction of writing.

        What no face draws is drawn as 〓 and told by `undrawn`.
        """
        if not text:
            return
        used = self.face(role)
        matrix = f"1 0 0 1 {x:.2f} {y:.2f}"
        if turned:
            cosine, sine = turned
            matrix = f"{cosine:.4f} {sine:.4f} {-sine:.4f} {cosine:.4f} {x:.2f} {y:.2f}"
        code = ["BT", f"{matrix} Tm"]
        if spacing:
            code.append(f"{spacing:.4f} Tc")
        if missing := missing_glyphs(self.whole or text):
            self._note(self.whole or text, missing)
            text = drawable(text)
        for font, shown in self._shown(used, text):
            code.append(f"/{font.name} {size:g} Tf <{shown}> Tj")
        if spacing:
            code.append("0 Tc")
        code.append("ET")
        self._paint(" ".join(code), fill=color)

    @property
    def undrawn(self) -> tuple[Undrawn, ...]:
        """What was drawn as 〓 so far, each text once a row."""
        return tuple(self._undrawn.values())

    def _note(self, text: str, characters: tuple[str, ...]) -> None:
        made = Undrawn(text, characters, self.heading, self.row, self.page)
        self._undrawn.setdefault((text, self.row), made)

    def _shown(self, used: Face, text: str) -> list[tuple[EmbeddedFont, str]]:
        """Runs of one font each, the characters as the document's codes."""
        own = self._embedded(used.font)
        try:
            return [(own, "".join(map(own.codes.__getitem__, text)))]
        except KeyError:  # a space of another kind, or a character of the full face
            runs = [(self._embedded(font), piece) for font, piece in used.runs(text)]
            return [(font, "".join(map(font.codes.__getitem__, piece))) for font, piece in runs]

    def _embedded(self, font: TTFont) -> EmbeddedFont:
        if font not in self._fonts:
            self._fonts[font] = EmbeddedFont(font, f"F{len(self._fonts) + 1}")
        return self._fonts[font]

    def fill(self, x: float, y: float, width: float, height: float, color: Color) -> None:
        """A filled rectangle with its lower left corner at x, y."""
        self._paint(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re f", fill=color)

    def fill_all(self, boxes: list[tuple[float, float, float, float]], color: Color) -> None:
        """Many rectangles (x, y, width, height) as one shape, without seams between them."""
        path = " ".join(f"{x:.3f} {y:.3f} {w:.3f} {h:.3f} re" for x, y, w, h in boxes)
        self._paint(f"{path} f", fill=color)

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, thick: float, color: Color = BLACK
    ) -> None:
        """A straight line `thick` points wide."""
        path = f"{thick:.2f} w {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S"
        self._paint(path, stroke=color)

    def frame_box(
        self, x: float, y: float, width: float, height: float, thick: float, color: Color = BLACK
    ) -> None:
        """The outline of a rectangle."""
        path = f"{thick:.2f} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S"
        self._paint(path, stroke=color)

    def _paint(self, code: str, fill: Color | None = None, stroke: Color | None = None) -> None:
        if not self._painting:
            raise RuntimeError("painting outside of content and artifact")
        if fill is not None and fill != self._fill:
            self._canvas.addLiteral("{:.3g} {:.3g} {:.3g} rg".format(*fill))
            self._fill = fill
        if stroke is not None and stroke != self._stroke:
            self._canvas.addLiteral("{:.3g} {:.3g} {:.3g} RG".format(*stroke))
            self._stroke = stroke
        self._canvas.addLiteral(code)
