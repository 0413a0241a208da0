"""What made the difference between two snapshots: which facts and rules, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.assessments.scored import ScoredSnapshot
from tracker.scoring import changes, line_words, sheet_words


def change_words(before: ScoredSnapshot, after: ScoredSnapshot) -> Iterator[str]:
    """Lines of text: each sheet whose points changed, its lines and what changed them."""
    measures = {**before.document["measures"], **after.document["measures"]}
    labels = {name: about["label"] for name, about in measures.items()}
    units = {name: about["unit"] for name, about in measures.items()}
    for code, sheet in after.sheets.items():
        if code not in before.sheets:
            yield f"【{sheet.rulebook.title}】新增的评分表"
            continue
        found = changes(before.sheets[code].result, sheet.result)
        if not found:
            continue
        yield f"【{sheet.rulebook.title}】"
        yield from (f"  规则：{rule}" for rule in found.rules)
        for changed in found.sheets:
            yield f"  {sheet_words(changed)}"
            yield from (f"    {line_words(line, labels, units)}" for line in changed.lines)
    for code in before.sheets:
        if code not in after.sheets:
            yield f"【{before.sheets[code].rulebook.title}】不再评分"
