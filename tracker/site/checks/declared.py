"""Every rule of the check before a filing, each with its words: the one place to add one.

A new rule begins as a warning; once it has proven right it may become an error, which stands
against the act. An error is what the county can always mend itself.
"""

from __future__ import annotations

from tracker.records.submissions.checking import Rule, Weight, declare
from tracker.site.checks import facts, grid, money, proofs, unusual

E, W = Weight.ERROR, Weight.WARNING

declare(
    # -- what stands against filing
    Rule(
        "drafts_left",
        "台账草稿没有提交",
        E,
        "提交或删除草稿；草稿不计入任何合计。",
        money.drafts_left,
    ),
    Rule(
        "cells_drafted",
        "填报表里有草稿没有登记",
        E,
        "在填报表里登记或清空；那一季已经锁定的，在那一季的填报表上清空，或请省级限期开锁。",
        grid.cells_drafted,
    ),
    Rule(
        "figures_missing",
        "已投用的飞地、产业园没有本期运营数据",
        E,
        "在填报表登记本期数据；确实为零的，填 0。",
        facts.without_figures,
    ),
    Rule("total_missing", "已签约的项目未填总投资", E, "按投资合同补填。", facts.without_total),
    Rule("stage_order", "阶段日期先后颠倒", E, "核对各阶段日期。", facts.out_of_order),
    # -- what may be passed with a reason
    Rule(
        "basics_missing",
        "飞地缺类型、签约日期或总出资",
        W,
        "按共建协议补填；缺这些，多数指标不能计算。",
        facts.without_basics,
    ),
    Rule(
        "stage_skipped",
        "后面的阶段有日期，前面的没有",
        W,
        "补填前面阶段的日期；没有这一阶段的，说明理由。",
        facts.skipped,
    ),
    Rule("stage_ahead", "阶段日期还没有到", W, "改为实际日期，未发生的清空。", facts.not_yet),
    Rule(
        "item_dropped",
        "上季报过、本季没有报的运营数据",
        W,
        "补报；不再发生的，填 0 或说明理由。",
        facts.items_dropped,
    ),
    Rule(
        "cumulative_falling",
        "累计数比以前少",
        W,
        "核对是否把当期数填成了累计数；确有核减的，说明理由。",
        lambda asked: (*facts.stocks_falling(asked), *money.sums_falling(asked)),
    ),
    Rule(
        "return_before_work",
        "飞地投用之前已有返利、租金或税收分成",
        W,
        "核对发生日期和飞地的投用日期；合同约定提前支付的，说明理由。",
        money.before_work,
    ),
    Rule(
        "return_off_contract",
        "返利与合同应返相差超过 20%",
        W,
        "核对返利台账和返利约定；约定有变的，先登记变更并经对方确认。",
        money.off_contract,
    ),
    Rule(
        "shares_missing",
        "返利没有全部分到村",
        W,
        "在这笔返利的“分到村”登记；尚未发放的，说明理由。",
        money.shares_missing,
    ),
    Rule(
        "large_without_papers",
        "亿元以上项目没有合同或许可",
        W,
        "上传合同、施工许可或立项备案文件。",
        proofs.large_without_papers,
    ),
    Rule(
        "not_counted",
        "没有协作方或未认定，不计入考核的项目",
        W,
        "选结对关系或协作县；不属于山海协作的，由省级认定。",
        facts.uncounted,
    ),
    Rule(
        "disputed", "协作方有异议的项目", W, "与协作方核对；说法不一的由省级裁定。", facts.disputed
    ),
    Rule(
        "standing_still",
        "签约满一年未开工、在建没有进度",
        W,
        "补登进度或完成投资；报过 0 的，说明停工原因；已终止的，登记终止日期。",
        facts.standing_still,
    ),
    # -- what takes longer to find: on the page of the check, and of the steps where it is confirmed
    Rule(
        "cells_missing",
        "填报表里应填而没有填的",
        W,
        "在填报表里填写；没有发生的填 0，还不知道的说明理由。",
        grid.cells_missing,
        costly=True,
        confirmed=True,
        thing="格",
    ),
    Rule(
        "unusual",
        "数额、日期异常，没有核实说明",
        W,
        "例如到位资金超过总投资、达上年十倍以上。核对单位；无误的，在记录上说明或在此说明理由。",
        unusual.unanswered,
        costly=True,
    ),
    Rule(
        "evidence_wanted",
        "细则要求佐证、尚未上传的指标",
        W,
        "在有关记录上传佐证；审核时没有佐证的不计。",
        proofs.asked_by_rulebook,
        costly=True,
    ),
)
