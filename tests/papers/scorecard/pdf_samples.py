"""Cards to print in tests: a full one, one on public data alone, one with the strangest data."""

# ruff: noqa: E501 - the rows of a table stand on one line each

from dataclasses import replace
from decimal import Decimal

from tracker.core.quantities.figure import Figure, wan_yuan
from tracker.papers.common.head import PaperStatus, RulebookStatus
from tracker.papers.scorecard.card import (
    Card,
    CardLine,
    Column,
    EvidenceRow,
    FactRow,
    FactState,
    GroupScore,
    LedgerRow,
    LineKind,
    LinePoints,
    LineState,
    MemberRow,
    ProjectRow,
    RulingRow,
    SourceRow,
)

SHA = "3f8a5c0e9b7d24161f0a8e6c5d4b3a29180716f5e4d3c2b1a09f8e7d6c5b4a39"


def of(value: str, unit: str, precision: str = "") -> Figure:
    return Figure(Decimal(value), unit, precision)


def _line(code, group, name, points, award, explain, **more):
    state = more.pop("state", LineState.SCORED)
    words = more.pop("words", f"实际 ÷ 目标 × {points} 分，最高 {points} 分")
    return CardLine(
        code=code,
        group=group,
        name=name,
        clause=more.pop("clause", f"第三条（{code}）"),
        words=words,
        points=points,
        award=award,
        state=state,
        explain=explain,
        **more,
    )


def _columns(*awards):
    return tuple(LinePoints(award, LineState.SCORED) for award in awards)


def full_card() -> Card:
    """A recipient county, reviewed and final, every line scored or not applicable."""
    rows = [
        ("A1.1", "组织领导", "高层互访和联席会议", "4", "4.00", "联席会议纪要", "2 次 × 2 分 = 4 分"),
        ("A1.2", "组织领导", "年度计划和季报按时报送", "4", "3.20", "平台时间戳", "计划 0.8 分 + 季报 3 次 × 0.8 分 = 3.20 分"),
        ("A2.1", "产业合作", "产业合作项目数", "8", "7.20", "合同、立项文件", "9 ÷ 10 = 90.00%，8 × 90.00% = 7.20 分"),
        ("A2.2", "产业合作", "项目到位资金", "10", "9.38", "银行回单", "23,456 ÷ 25,000 = 93.82%，10 × 93.82% = 9.38 分"),
        ("A2.3", "产业合作", "亿元以上项目", "4", "4.00", "合同", "1 ≥ 1，得 4 分"),
        ("A2.4", "产业合作", "开工率和投产率", "4", "3.76", "施工许可证", "2 × min(1, 80% ÷ 85%) + 2 × min(1, 62% ÷ 66%) = 3.76 分"),
        ("A3.1", "飞地经济", "产业飞地", "8", "6.95", "产业飞地评分表", "86.87 ÷ 100 × 8 = 6.95 分"),
        ("A3.2", "飞地经济", "科创飞地", "6", None, "科创飞地评分表", "当年无需建设科创飞地，按细则计满分"),
        ("A3.3", "飞地经济", "消薄飞地", "8", "7.91", "消薄飞地评分表", "98.92 ÷ 100 × 8 = 7.91 分"),
        ("A4", "山海协作产业园", "山海协作产业园绩效", "14", "12.60", "产业园评分表", "90.00 ÷ 100 × 14 = 12.60 分"),
        ("A5.1", "乡村振兴", "乡村振兴示范点验收", "5", "5.00", "验收文件", "3 ÷ 3 = 100.00%，5 × 100.00% = 5 分"),
        ("A5.2", "乡村振兴", "援建资金使用进度", "5", "0.00", "国库支付凭证", "0 ÷ 2,757 = 0.00%，5 × 0.00% = 0 分"),
        ("A5.3", "乡村振兴", "村集体经营性收入达标村占比", "6", "5.45", "农村三资平台", "50.0% ÷ 55.0% = 90.91%，6 × 90.91% = 5.45 分"),
        ("A6.1", "人才交流", "挂职干部到岗", "2", "2.00", "任职文件", "4 ÷ 4 = 100.00%，2 × 100.00% = 2 分"),
        ("A6.2", "人才交流", "教育医疗结对", "3", "3.00", "结对协议", "6 ÷ 6 = 100.00%，3 × 100.00% = 3 分"),
        ("A6.3", "人才交流", "培训就业人次", "3", "2.40", "人社部门名单", "480 ÷ 600 = 80.00%，3 × 80.00% = 2.40 分"),
        ("A7", "消费帮扶", "消费帮扶额", "6", "6.00", "发票、平台订单", "3,120 ÷ 3,000 = 104.00%，按 100% 计，6 分"),
    ]  # fmt: skip
    lines = []
    for code, group, name, points, award, source, explain in rows:
        absent = award is None
        lost = Decimal(points) - Decimal(award or points)
        state = LineState.NOT_APPLICABLE if absent else LineState.SCORED
        lines.append(
            _line(
                code, group, name, points, award or f"{points}.00", explain, data_source=source,
                state=state, lost=str(lost) if lost else None,
                columns=(LinePoints(award or f"{points}.00", state),) * 3,
            )
        )  # fmt: skip
    base = sum(Decimal(line.award) for line in lines)
    lines.append(
        _line("J1", "创新做法", "做法获省级以上推广", "4", "2.00", "1 项 × 2 分 = 2 分",
              kind=LineKind.BONUS, columns=_columns("4.00", "2.00", "2.00"),
              data_source="推广文件", words="每项 2 分，最高 4 分", lost="2.00")
    )  # fmt: skip
    lines.append(
        _line("K1", "安全生态", "督察通报", "10", "-0.30", "1 项 × 0.3 分 = 0.30 分",
              kind=LineKind.DEDUCTION, columns=_columns("0.00", "0.00", "-0.30"),
              data_source="督察通报", words="中央督察每项扣 0.3 分，省级每项扣 0.2 分", lost="0.30")
    )  # fmt: skip
    groups = (
        GroupScore("组织领导", "8", "7.20", "7.46", ("7.20", "7.20", "7.20")),
        GroupScore("产业合作", "26", "24.34", "21.08", ("24.34", "24.34", "24.34")),
        GroupScore("飞地经济", "22", "20.86", "17.95", ("20.86", "20.86", "20.86")),
        GroupScore("山海协作产业园", "14", "12.60", "12.02", ("12.60", "12.60", "12.60")),
        GroupScore("乡村振兴", "16", "10.45", "13.30", ("10.45", "10.45", "10.45")),
        GroupScore("人才交流", "8", "7.40", "7.15", ("7.40", "7.40", "7.40")),
        GroupScore("消费帮扶", "6", "6.00", "5.20", ("6.00", "6.00", "6.00")),
        GroupScore("创新做法", "4", "2.00", None, ("4.00", "2.00", "2.00"), LineKind.BONUS),
        GroupScore(
            "安全生态", "10", "-0.30", "-0.12", ("0.00", "0.00", "-0.30"), LineKind.DEDUCTION
        ),
    )
    facts = (
        FactRow("项目到位资金", of("23456", "万元", "≥"), records=(
            "台账 2024-03-31 到位资金 11,456 万元（银行回单 2024-04-02）",
            "台账 2024-09-30 到位资金 12,000 万元（银行回单 2024-10-08）")),
        FactRow("项目到位资金年度目标", of("25000", "万元"), records=("2024年度任务清单第 3 条",)),
        FactRow("援建资金使用", of("0", "万元"), records=("台账 2024-12-31 支出 0 元（国库支付凭证）",)),
        FactRow("援建资金到位", of("2757", "万元"), records=("台账 2024-06-30 援建资金 2,757 万元",)),
        FactRow("科创飞地评分", None, FactState.NOT_APPLICABLE, reason="没有科创飞地"),
        FactRow("培训就业", of("480", "人次"), FactState.UNDETERMINED, records=("人社部门名单 2024年第四季度",), reason="市级尚未核定"),
        FactRow("达标村占比", of("50", "%"), records=("农村三资平台 2024-12-31",)),
        FactRow("社会帮扶资金", None, FactState.MISSING, reason="2024年第四季度未报送"),
    )  # fmt: skip
    return Card(
        title="受援县山海协作绩效评价评分表",
        subject_code="330825",
        subject_name="示例县",
        subject_kind="受援县",
        place="结对支援方 宁波市镇海区",
        year=2024,
        class_name="生态发展类",
        status=PaperStatus.FINAL,
        complete=True,
        rulebook_code="zj-recipient",
        rulebook_title="受援县山海协作绩效评价评分细则",
        rulebook_status=RulebookStatus.OFFICIAL,
        issuer="浙江省示例办公室",
        document="示例〔2024〕3号",
        full_marks="100",
        base=str(base),
        bonus="2.00",
        deduction="-0.30",
        total=str(base + Decimal("1.70")),
        grade="优秀",
        rank=3,
        ranked_count=11,
        groups=groups,
        lines=tuple(lines),
        facts=facts,
        columns=(
            Column("自评", False, True, True, str(base), "4.00", "0.00", str(base + 4)),
            Column("初审", False, True, True, str(base), "2.00", "0.00", str(base + 2)),
            Column(
                "复核", True, True, True, str(base), "2.00", "-0.30", str(base + Decimal("1.70"))
            ),
        ),
        projects=(
            ProjectRow(
                "示例县海风精密制造基地项目",
                "投产",
                wan_yuan("123450"),
                wan_yuan("23456", "≥"),
                wan_yuan("45678.9"),
            ),
            ProjectRow("示例县冷链物流园", "开工", wan_yuan("10000"), wan_yuan("980.5")),
            ProjectRow("示例县竹木新材料产业园二期", "签约", wan_yuan("38000")),
        ),
        ledger=(
            LedgerRow("到位资金", wan_yuan("24436.5", "≥"), 7),
            LedgerRow("援建资金使用", wan_yuan("0.01"), 1),
        ),
        members=(
            MemberRow("产业飞地", "SL-330825-CY", "示例县产业飞地", "86.87", "良好", True),
            MemberRow("消薄飞地", "SL-330825-XB", "示例县消薄飞地", "24.73", "", False),
        ),
        rulings=(
            RulingRow(
                "培训就业",
                "人次",
                of("500", "人次"),
                of("480", "人次"),
                "更正",
                "市级初审",
                "2025-01-20",
                "名单重复 20 人次",
            ),
            RulingRow(
                "达标村占比",
                "%",
                None,
                of("50", "%"),
                "更正",
                "省级复核",
                "2025-02-10",
                "据农村三资平台补核",
                False,
            ),
        ),
        evidence=(
            EvidenceRow("任职文件", "县委组织部任职文件.pdf", "2024-03-01", SHA, "挂职干部 张三"),
            EvidenceRow(
                "银行回单",
                "回单 2024-04-02.pdf",
                "2024-04-05",
                SHA[::-1],
                "台账 2024-03-31 到位资金",
            ),
        ),
        sources=(
            SourceRow(
                "关于印发山海协作工程年度工作安排的通知",
                "https://www.example.gov.cn/art/2020/4/15/art_1229_583.html",
                "2020-04-15",
            ),
            SourceRow("山海协作考核通报"),
        ),
        snapshot_sha256=SHA,
        rulebook_sha256=SHA[::-1],
        facts_sha256=SHA[8:] + SHA[:8],
        engine="1.0",
        frozen_at="2025-03-01 09:30",
        sentences=(
            "最强的一组是消费帮扶，得 6.00 分，占满分的 100.0%，高于同类平均 0.80 分。",
            "最弱的一组是乡村振兴，得 10.45 分，占满分的 65.3%，主要失分在援建资金使用进度。",
            "最易提高的是援建资金使用进度：年内支付 2,757 万元，可多得 5 分。",
        ),
        notes=(
            "科创飞地一项当年不适用，按细则计满分 6 分，不均摊到其余各项，详见“计分过程”一栏。",
        ),
        sample=True,
        number="ZJ-SH-2024-0003-2",
        supersedes="ZJ-SH-2024-0003",
        verify_text="https://tracker.example.gov.cn/verify/ZJ-SH-2024-0003-2",
    )


def trial_card() -> Card:
    """An income enclave on public data: most lines cannot be scored."""
    names = [
        "出资到位率",
        "建成投用",
        "返利到账率",
        "实际收益率",
        "返利到村率",
        "村均增收",
        "协议要素齐全",
        "季报按时报送",
    ]
    points = ["8", "7", "25", "15", "10", "10", "15", "10"]
    groups = ["出资建设", "出资建设", "返利", "返利", "返利", "增收", "管理", "管理"]
    lines = []
    for index, (name, full, group) in enumerate(zip(names, points, groups, strict=True), 1):
        if index == 3:
            lines.append(
                _line(
                    "3",
                    group,
                    name,
                    full,
                    "24.73",
                    "990 ÷ 1,000.8 = 98.92%，25 × 98.92% = 24.73 分",
                    lost="0.27",
                    data_source="银行回单",
                )
            )
        else:
            lines.append(
                _line(
                    str(index),
                    group,
                    name,
                    full,
                    None,
                    f"不可计分：缺少{name}的数据。",
                    state=LineState.UNSCORABLE,
                    data_source="合同、台账",
                )
            )
    facts = [
        FactRow(
            "实付返利",
            wan_yuan("990", "≥"),
            records=(
                "台账 2024-06-30 返利 331 万元（人民网 2020-08-25）",
                "台账 2024-12-31 返利 659 万元（浙江日报 2025-01-10）",
            ),
        )
    ]
    facts += [
        FactRow(f"{name}数据", None, FactState.MISSING, reason="公开资料中没有")
        for name in names[:2] + names[3:]
    ]
    return replace(
        full_card(),
        title="消薄飞地绩效评价评分表",
        subject_code="LY-ZH-XB",
        subject_name="浦成小微产业园",
        subject_kind="消薄飞地",
        place="飞出地 龙游县 · 飞入地 镇海区",
        class_name="",
        status=PaperStatus.TRIAL,
        complete=False,
        rulebook_code="zj-income-enclave",
        rulebook_title="消薄飞地绩效评价评分细则",
        rulebook_status=RulebookStatus.DESIGNED,
        issuer="",
        document="",
        base="24.73",
        bonus="0.00",
        deduction="0.00",
        total="24.73",
        grade="不合格",
        rank=None,
        ranked_count=0,
        unranked_reason="数据不全",
        groups=(
            GroupScore("出资建设", "15", None),
            GroupScore("返利", "50", "24.73"),
            GroupScore("增收", "10", None),
            GroupScore("管理", "25", None),
        ),
        lines=tuple(lines),
        facts=tuple(facts),
        columns=(
            Column("自评", True, True, False, "24.73", "0.00", "0.00", "24.73"),
            Column("初审", False, False, False),
            Column("复核", False, False, False),
        ),
        projects=(),
        ledger=(),
        members=(),
        rulings=(),
        evidence=(),
        undecided=("没有书面返利条款",),
        sentences=(
            "现有公开数据只够计算返利到账率一项。",
            "补齐出资到位和建成投用两项数据，可再计 15 分。",
        ),
        notes=(),
        sample=False,
        number=None,
        supersedes="",
        verify_text="",
    )


LONG_NAME = "浙江省山海协作" + "产业合作（含《2024年度任务清单》所列）项目" * 8 + "末"
HOSTILE = "<b>粗</b> &amp; <script>alert(1)</script> <para> %s {0} \\n (a) </td>"


def strange_card() -> Card:
    """The longest and strangest data that a form could let in."""
    card = full_card()
    url = "https://www.example.gov.cn/" + "very-long-path/" * 12 + "index.html?id=1234567&year=2024"
    lines = list(card.lines)
    lines[0] = replace(lines[0], name=LONG_NAME, group=LONG_NAME[:60], explain=HOSTILE)
    lines[1] = replace(lines[1], explain="瓯江每季 1 次，按时报送得 0.8 分；" * 150)
    lines[2] = replace(
        lines[2],
        spread_points="8.51",
        name="A" * 200,
        words=url,
        data_source=url,
        code="A2.1.10.100",
    )
    lines[3] = replace(lines[3], points="1234567890.12", award="1234567890.12", clause=LONG_NAME)
    facts = (
        FactRow(LONG_NAME, of("98765432109.87", "万元", "≈"), records=(HOSTILE,) * 20),
        FactRow("丽水市莲都区堃喆街道㙍䶮村", of("-12345.678", "%"), FactState.UNDETERMINED, records=(url,)),
        FactRow("很多记录", of("1", "个"), records=tuple(f"台账第 {n} 条，返利 {n} 万元" for n in range(1, 121))),
        FactRow("零", of("0", "亩")),
    )  # fmt: skip
    groups = tuple(GroupScore(LONG_NAME[:n], "10", "5.00", "6.00") for n in (4, 12, 30, 60, 90))
    return replace(
        card,
        status=PaperStatus.REVIEWED,
        subject_name=LONG_NAME,
        place=f"{LONG_NAME} · {HOSTILE}",
        issuer=LONG_NAME,
        grade="超常优秀特别突出等次",
        lines=tuple(lines),
        facts=facts,
        groups=groups,
        projects=tuple(
            ProjectRow(LONG_NAME, "谋划", wan_yuan("98765432109.87"), wan_yuan("0.01", "≈"))
            for _ in range(30)
        ),
        ledger=(LedgerRow("到位资金", wan_yuan("-98765432109.87", "≤"), 1_234_567),),
        members=(MemberRow(LONG_NAME, "X" * 60, HOSTILE, "1234567.89", "超常优秀", True),),
        rulings=(
            RulingRow(
                LONG_NAME,
                "m²",
                None,
                of("-1", "m²"),
                "不予认定",
                "市级初审",
                "2025-01-20",
                HOSTILE * 9,
            ),
        ),
        evidence=tuple(
            EvidenceRow(f"类别{n % 3}", f"{HOSTILE}{n}.pdf", "2024-03-01", SHA, LONG_NAME)
            for n in range(312)
        ),
        rank=123,
        ranked_count=1234,
        vetoes=(HOSTILE, LONG_NAME),
        undecided=(LONG_NAME,),
        notes=(HOSTILE, url, LONG_NAME),
        sources=tuple(SourceRow(LONG_NAME, url, "2024-07-03") for _ in range(12)),
        sentences=(HOSTILE + LONG_NAME, url, "长" * 300),
        complete=False,
    )


def empty_card() -> Card:
    """A card on which no line applies and nothing stands behind the facts, of an old snapshot."""
    card = full_card()
    idle = LinePoints("0.00", LineState.NOT_APPLICABLE)
    lines = tuple(
        replace(line, state=idle.state, award="0.00", lost=None, columns=(idle,) * 3)
        for line in card.lines
    )
    return replace(
        card,
        lines=lines,
        groups=tuple(replace(group, award=None, awards=(None,) * 3) for group in card.groups),
        facts=(),
        projects=None,
        ledger=None,
        members=(),
        rulings=None,
        evidence=None,
        sentences=(),
        status=PaperStatus.REVIEWED,
        number=None,
        supersedes="",
    )


def crowded_card() -> Card:
    """A hundred lines that cannot be scored, in groups of ten, under a name of 200 characters."""
    line = replace(
        trial_card().lines[0], group="", name="名称很长的指标" * 4, explain="不可计分：没有数据。"
    )
    lines = tuple(
        replace(line, code=f"A{at // 10 + 1}.{at % 10 + 1}", group=f"第{at // 10 + 1}组")
        for at in range(100)
    )
    return replace(
        trial_card(),
        subject_name=LONG_NAME + "字" * (200 - len(LONG_NAME)),
        lines=lines,
        groups=tuple(GroupScore(f"第{at}组", "80", None, "51.23") for at in range(1, 11)),
        evidence=tuple(
            EvidenceRow("银行回单", f"回单{at}.pdf", "2024-03-01", SHA, f"台账第 {at} 条")
            for at in range(40)
        ),
        vetoes=(),
    )


CARDS = {
    "full": full_card,
    "trial": trial_card,
    "strange": strange_card,
    "empty": empty_card,
    "crowded": crowded_card,
}


def undrawn_card(char: str = "☑\u202e\x02") -> Card:
    """A card in whose texts stands what no face draws."""
    card = full_card()
    first, *others = card.evidence
    named = replace(first, name=f"已核{char}回单.pdf")
    return replace(card, subject_name=f"示例{char}县", evidence=(named, *others))
