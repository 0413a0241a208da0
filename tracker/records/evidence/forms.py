"""The forms that hand in files and withdraw them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField

from tracker.records.evidence import contents
from tracker.records.evidence.contents import MOST_PACKED, MOST_UNPACKED
from tracker.web.forms import Form, choice, long_text, offer, text
from tracker.web.tables import visible

MOST_FILES = 10
MOST_TOGETHER = 60 * 1024 * 1024  # bytes of one request
NAME_LENGTH = 200
# Pictures by their type too, so that a phone offers its camera and makes a JPEG of what it has.
ACCEPTED = ",".join(
    (
        *(ending for endings in contents.ENDINGS.values() for ending in endings),
        *(".zip", "image/jpeg", "image/png"),
    )
)


class ProofForm(Form):
    """Files as proof of one record, new ones or one that was handed in before."""

    makes = True

    kind = text(
        "材料类别",
        60,
        required=True,
        description="按评分细则的叫法选填，例如“银行回单”；没有合适的，可自行填写。",
    )
    files = MultipleFileField(
        "文件",
        description="PDF、PNG、JPG、Word、Excel、OFD，每个不超过 "
        f"{contents.LARGEST // 1024 // 1024} MB；一次最多 {MOST_FILES} 个，合计不超过 "
        f"{MOST_TOGETHER // 1024 // 1024} MB。文件多的可压缩成一个 ZIP（最多 {MOST_PACKED} 个文件，"
        f"展开后不超过 {MOST_UNPACKED // 1024 // 1024} MB），其中每个文件各作一份佐证。"
        "PDF 要能直接打开，设有打开密码的不收。"
        "照片（包括 ZIP 里的）中的拍摄位置在保存前去除，画面不变；PDF、Word、Excel、OFD 原样保存，"
        "其中插入的照片可能仍带有拍摄位置。",
        render_kw={"accept": ACCEPTED},
    )
    photos = MultipleFileField(
        "拍照",
        description="用手机当场拍摄，按拍摄时刻命名。",
        render_kw={"accept": "image/jpeg,image/png", "capture": "environment"},
    )
    again = choice(
        "已上传的文件",
        coerce=int,
        required=False,
        empty="不选",
        description="同一份文件证明多条记录的，选它即可，不必重复上传。",
    )

    def offer_again(self, links: Iterable[tuple[int, str]]) -> None:
        """Offer files that were handed in before, by the number of their link."""
        offer(self.again, links)
        if len(self.again.choices) == 1:
            self.files.flags.required = True

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field, then that there is something to hand in, and not too much of it."""
        good = super().validate(extra_validators)
        count = len(self.uploads())
        if not count and not self.again.data:
            self.add_error("files", "请选择要上传的文件，或选一份已上传的文件。")
            return False
        if count > MOST_FILES:
            self.add_error(
                "files", f"一次最多上传 {MOST_FILES} 个文件，现有 {count} 个。请分次上传。"
            )
            return False
        return good

    def uploads(self) -> list[FileStorage]:
        """The files that were chosen, and the pictures that were taken."""
        return [*self.chosen(self.files), *self.chosen(self.photos)]

    @staticmethod
    def chosen(field: MultipleFileField) -> list[FileStorage]:
        """Those of one field."""
        return [file for file in field.data or () if getattr(file, "filename", "")]


class WithdrawForm(Form):
    """Why a proof was wrong."""

    reason = long_text(
        "理由", 500, required=True, description="例如：误传其他年度的回单。理由留在操作记录中。"
    )


def kept_name(given: str, media_type: str) -> str:
    """The name of an uploaded file as it is kept: no folders, nothing invisible, and the ending
    that its content asks for, so that what is downloaded opens as what it is."""
    name = visible(PurePosixPath(given.replace("\\", "/")).name).strip(" .") or "佐证材料"
    endings = contents.ENDINGS[media_type]
    stem, dot, ending = name.rpartition(".")
    if not dot or f".{ending.lower()}" not in endings:
        stem, ending = name, endings[0][1:]
    return f"{stem.strip()[: NAME_LENGTH - len(ending) - 1] or '佐证材料'}.{ending}"
