"""The forms of sets of rulebooks: a new draft, files to load, a file's text, publishing."""

from __future__ import annotations

from typing import Any

from flask import current_app
from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField

from tracker.core.db import units
from tracker.core.quantities.clock import today
from tracker.core.strangers import BusyError, Slots, UnreadableError, read_apart
from tracker.engine.scoring.loading import MAX_BYTES as MOST_BYTES
from tracker.engine.typeset.gate import refusal
from tracker.web.forms import Form, choice, long_text, offer, text
from tracker.web.tables import visible
from tracker.year.measures.names import known_measures
from tracker.year.rulebooks.models import SetStatus

READING = Slots("rulebooks", 2)
_BUSY = "正在读取其他文件，请稍后再试。"
MOST_FILES = 20
_AHEAD = 2  # years for which rulebooks are made before


class SetForm(Form):
    """A new draft."""

    makes = True

    year = choice("考核年度", coerce=int)
    name = text("名称", 120, required=True, description="例如：2026年度山海协作考核评分细则。")
    status = choice("性质", [(each.value, each.label) for each in SetStatus], coerce=SetStatus)
    document = text("文号", 120, description="性质为正式的须填。")
    base = choice(
        "以哪一套为底",
        required=False,
        empty="空白，逐本载入",
        description="各本细则连同奖项一并复制，年度改为上面所选的年度。",
    )

    def __init__(self, bases: list[tuple[str, str]], **options: object) -> None:
        super().__init__(**options)
        first = today().year + _AHEAD
        offer(self.year, [(each, f"{each} 年度") for each in range(first, first - 8, -1)])
        offer(self.base, bases)

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field, and that what is official has its number."""
        good = super().validate(extra_validators)
        if good and self.status.data is SetStatus.OFFICIAL and not self.document.data:
            self.add_error("document", "性质为正式的须填文号。")
            return False
        return good


class LoadForm(Form):
    """Rulebooks as files."""

    files = MultipleFileField(
        "文件",
        description=f"TOML 或由模板填写的 Excel 表，一次最多 {MOST_FILES} 个，每个不超过 "
        f"{MOST_BYTES // 1_000_000} MB。各有一种考核对象；同一对象已有细则的，以载入的代替。"
        "有一处问题就全部不载入。",
        render_kw={"accept": ".toml,.xlsx"},
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.files.flags.required = True

    def read(self) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
        """The texts by the names of the files, and all faults, each with file and place; nothing of
        either where the form says why. Holds no transaction meanwhile."""
        from tracker.year.rulebooks.received import BOUNDS, read_books

        given = [f for f in self.files.data or () if getattr(f, "filename", "")]
        if not given:
            self.add_error("files", "请选择要载入的文件。")
        if len(given) > MOST_FILES:
            self.add_error("files", f"一次最多 {MOST_FILES} 个文件，所选有 {len(given)} 个。")
        contents = [(_name(each), each.read(MOST_BYTES + 1)) for each in given[:MOST_FILES]]
        for name, content in contents:
            if fault := refusal(f"文件名“{name}”", name):
                self.add_error("files", fault)
            if not content:
                self.add_error("files", f"“{name}”是空的，请重新选择。")
            if len(content) > MOST_BYTES:
                most = MOST_BYTES // 1_000_000
                self.add_error("files", f"“{name}”超过 {most} MB，请核对是否选错。")
        if self.errors:
            return {}, []
        units.afresh()
        try:
            with READING.taken(current_app.config["TRACKER"].instance / "slots"):
                found = read_apart(
                    read_books,
                    *(content for _, content in contents),
                    bounds=BOUNDS,
                    names=[name for name, _ in contents],
                    supplied=sorted(known_measures()),
                )
        except BusyError:
            self.add_error("files", _BUSY)
            return {}, []
        except UnreadableError as error:
            self.add_error("files", str(error))
            return {}, []
        faults = [(each["name"], *fault) for each in found for fault in each["faults"]]
        return {each["name"]: each["text"] for each in found}, faults


class TextForm(Form):
    """A file as text."""

    text = long_text("全文", 400_000, required=True)


class ReasonForm(Form):
    """Why a set replaces the one in force."""

    reason = text("替换理由", 400, description="例如：按省专班意见调整分值。随发布留存。")


def _name(upload: FileStorage) -> str:
    name = (upload.filename or "").replace("\\", "/").rpartition("/")[2]
    return visible(name).strip()[-80:] or "文件"
