"""What faults call the keys and words of a rulebook's file: as they stand there, each with its
Chinese name; for a table or a form that has headings in their place, see `Wording`."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.engine.scoring.names import SUBJECTS, quoted

Names = Mapping[str, str]

NAMES: Mapping[str, Names] = {  # of a table, by the key that holds it; "" for the file itself
    "": {
        "format": "格式版本",
        "code": "细则编号",
        "year": "考核年度",
        "title": "名称",
        "subject": "考核对象",
        "status": "性质",
        "issuer": "制定单位",
        "document": "文号",
        "full_marks": "满分",
        "line_decimals": "小数位数",
        "bonus_cap": "加分封顶",
        "deduction_cap": "扣分封顶",
        "tie_break": "并列次序",
        "classes": "类别",
        "source": "依据",
        "grade": "等次",
        "indicator": "指标",
        "cap": "限额",
        "veto": "一票否决",
        "rulebooks": "所含细则",
        "prize": "奖项",
    },
    "source": {"title": "名称", "url": "网址", "date": "日期"},
    "grade": {"name": "等次", "at_least": "最低分", "quota": "名额比例"},
    "indicator": {
        "code": "编号",
        "group": "一级指标",
        "name": "二级指标",
        "clause": "条款",
        "words": "计分说明",
        "points": "分值",
        "points_by_class": "分类分值",
        "kind": "类型",
        "data_source": "数据来源",
        "evidence": "佐证材料",
        "applies": "适用条件",
        "absent": "不适用时",
        "missing": "未报时",
        "method": "计分方法",
        "combine": "组成",
        "part": "部分",
    },
    "part": {
        "points": "分值",
        "method": "计分方法",
        "applies": "适用条件",
        "absent": "不适用时",
        "missing": "未报时",
    },
    "items": {
        "name": "名称",
        "value": "算式",
        "award": "得分",
        "unit": "每个扣分",
        "max": "限额",
    },
    "cap": {"lines": "指标编号", "at_most": "至多"},
    "veto": {
        "name": "名称",
        "when": "条件",
        "grade": "最高等次",
        "total_at_most": "总分至多",
        "no_bonus": "不计加分",
        "unranked": "不参加排名",
    },
    "prize": {
        "subject": "考核对象",
        "class": "类别",
        "name": "名称",
        "ranks": "名次",
        "amount": "金额",
    },
}

VALUES: Mapping[str, Names] = {  # of a key that takes one of several words
    "subject": SUBJECTS,
    "status": {"official": "正式", "designed": "示例"},
    "kind": {"score": "计分", "bonus": "加分", "deduction": "扣分"},
    "absent": {"spread": "分摊", "full": "满分", "zero": "零分"},
    "missing": {"block": "不可计分", "zero": "零分"},
    "combine": {"sum": "几部分相加", "max": "取最高的一部分", "min": "取最低的一部分"},
}


class Wording:
    """How faults call what they are about: as the author of a TOML file typed it, with its name."""

    def key(self, key: str, name: str | None) -> str:
        """What a key is called that means `name`; None for what the format does not know."""
        return f" {key}（{name}）" if name else quoted(key)

    def value(self, value: str, name: str | None) -> str:
        """What one of the words is called that a key takes."""
        return f" {value}（{name}）" if name else quoted(value)

    def table(self, key: str, label: str, number: int) -> str:
        """What the table `number` (1 first) under a key is called."""
        return f"第 {number} 个{label}"

    def row(self, key: str, name: str | None, number: int) -> str:
        """What the row `number` (1 first) of an array under a key is called."""
        return f"{self.key(key, name)}第 {number} 行"


AS_TYPED = Wording()
