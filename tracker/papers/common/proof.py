"""The verification block at the end of a paper: number, digests, and the code to check it by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.core.quantities.printed import digest_words
from tracker.engine.typeset.boxes import Box, Columns, Paragraph, Stack
from tracker.engine.typeset.figures import QrCode
from tracker.engine.typeset.table import Row, Table
from tracker.papers.common.head import LAYOUT, PaperHead
from tracker.papers.common.looks import BOLD, GAP, HEADING, SOURCE, cell

_PROMISE = (
    "本件由冻结的快照生成。编号与文件摘要和系统中所存一致的，即为原件；"
    "细则与事实不变，重新计分的结果也不变。"
)


def proof(head: PaperHead, rulebooks: Sequence[tuple[str, str]]) -> Iterator[Box]:
    """`rulebooks` are further rows (label, value) about the rules that the paper rests on."""
    yield Paragraph("核验信息", HEADING)
    yield _table(head, rulebooks)
    words = Paragraph(_PROMISE, SOURCE)
    if not head.verify_text:
        yield Stack([words], space_before=8)
        return
    address = Paragraph(f"核验：{head.verify_text}", SOURCE)
    code = QrCode(head.verify_text, "核验二维码，内容为：" + head.verify_text)
    yield Stack([Columns([Stack([words, address]), code], [340, 90])], space_before=8)


def _table(head: PaperHead, rulebooks: Sequence[tuple[str, str]]) -> Table:
    entries = [
        ("编号", head.number or f"{head.status.value}，不编号"),
        ("取代", f"本件取代 {head.supersedes}" if head.supersedes else ""),
        *rulebooks,
        ("冻结时间", head.made_on),
        ("快照摘要", digest_words(head.snapshot_sha256)),
        *((label, digest_words(digest)) for label, digest in head.digests.items()),
        ("引擎与版式", f"计分引擎 {head.engine}，版式 {LAYOUT}"),
    ]
    shown = [(label, value) for label, value in entries if value]
    # Held together, so that the number and the digests stand on one page wherever they fit.
    rows = [
        Row([cell(label, BOLD, heads="Row"), cell(value)], keep=(label, value) != shown[-1])
        for label, value in shown
    ]
    table = Table([90, 352], None, rows, before=GAP)
    table.keep_with_next = True  # the code to check it by stands below
    return table
