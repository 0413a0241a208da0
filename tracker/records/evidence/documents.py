"""Whether a PDF that somebody hands in can be opened, found out by the process that reads
strangers' files: a head of `%PDF` says nothing of what follows it.

What a reader can mend by itself (a table of objects that is off, rubbish behind the end) is mended
here too; one that was cut off is not taken, though some of its pages may still be shown. A file
that lets everybody look and only asks for a password to print or change it, as receipts of banks
do, opens like any other; one that asks for a password to be seen does not.
"""

from __future__ import annotations

import io

import pikepdf

from tracker.core.strangers.bounds import Bounds, Reason, UnreadableError

BOUNDS = Bounds(processor=8, clock=20, memory=512 * 1024 * 1024)
_MOST_PAGES = 20_000
_MENDED = "econstruct"  # qpdf's words where the table of objects was of no use
_WORDS = {
    Reason.ENCRYPTED: "PDF 设有打开密码，审核人无法查看；请取消打开密码后再传。",
    Reason.DAMAGED: "PDF 已损坏或不完整，无法打开；请重新取得或导出后再传。",
    Reason.TOO_MUCH: "PDF 的页数、内容或结构超出可查看的限度；请拆分或重新导出后再传。",
}


def words_of(reason: Reason) -> str:
    """Why a PDF is not taken, for the user."""
    return _WORDS.get(reason, reason.words)


def faults(*pdfs: bytes) -> list[str]:
    """Of each file the reason for which it cannot be opened, "" where it can. For
    `strangers.read_apart`."""
    return [fault(pdf) for pdf in pdfs]


def fault(pdf: bytes) -> str:
    """The reason for which a file cannot be opened; "" where it can. A hostile one may end the
    process."""
    try:
        _open(pdf)
    except UnreadableError as error:
        return error.reason.value
    except pikepdf.PasswordError:
        return Reason.ENCRYPTED.value
    except RecursionError:
        return Reason.TOO_MUCH.value
    except MemoryError:
        raise
    except Exception:  # a crafted file can make the library fail in any way
        return Reason.DAMAGED.value
    return ""


def _open(pdf: bytes) -> None:
    """Look at each page as a viewer comes to it; what is drawn on it is not unpacked."""
    with pikepdf.open(io.BytesIO(pdf), suppress_warnings=True) as file:
        if len(file.pages) > _MOST_PAGES:
            raise UnreadableError(Reason.TOO_MUCH)
        seen = 0
        for page in file.pages:
            seen += 1
            contents = page.obj.get("/Contents")
            if contents is not None:
                _see(contents)
        mended = any(_MENDED in str(warning) for warning in file.get_warnings())
    # It ends within its objects: qpdf finds those that are left, and pages without what is on them.
    cut = mended and pdf.rfind(b"%%EOF") < pdf.rfind(b"endobj")
    if cut or not seen:
        raise UnreadableError(Reason.DAMAGED)


def _see(contents: pikepdf.Object) -> None:
    """Raises where what a page draws is not there."""
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    for part in parts:
        if not isinstance(part, pikepdf.Stream):
            raise UnreadableError(Reason.DAMAGED)
