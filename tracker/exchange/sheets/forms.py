"""The form that hands in a workbook."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from wtforms import FileField

from tracker.exchange.sheets.archive import MOST_BYTES
from tracker.web.forms import Form
from tracker.web.tables import visible

NAME_LENGTH = 80
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WorkbookForm(Form):
    """A workbook that was made from the template."""

    file = FileField(
        "填好的工作簿",
        description=f"由模板填写的 .xlsx，不超过 {MOST_BYTES // 1024 // 1024} MB。",
        render_kw={"accept": f".xlsx,{_XLSX}"},
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.file.flags.required = True

    def validate(self, extra_validators: dict | None = None) -> bool:
        """That there is a file, and not too large a one; what it is, is found out apart."""
        good = super().validate(extra_validators)
        if not getattr(self.file.data, "filename", ""):
            self.add_error("file", "请选择填好的工作簿。")
            return False
        return good

    def content(self) -> bytes | None:
        """The bytes that were handed in; None for too many or none, which the form then says."""
        data: Any = self.file.data
        found: bytes = data.read(MOST_BYTES + 1)
        if not found:
            self.add_error("file", "文件是空的，请重新选择。")
            return None
        if len(found) > MOST_BYTES:
            most = MOST_BYTES // 1024 // 1024
            self.add_error("file", f"文件超过 {most} MB，请核对是否选错，或分几次导入。")
            return None
        return found

    def file_name(self) -> str:
        """What the file is called, without folders and what cannot be seen."""
        data: Any = self.file.data
        name = visible(PurePosixPath(data.filename.replace("\\", "/")).name).strip(" .")
        return name[-NAME_LENGTH:] or "工作簿.xlsx"
