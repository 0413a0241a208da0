"""Why a sheet has the grade that it has, and no other: quotas, vetoes, what leaves it unranked."""

from __future__ import annotations

from tracker.engine.scoring.result import Scorecard

BY_QUOTA, BY_VETO, NOTHING_APPLIES = "quota", "veto", "nothing_applies"


def grade_causes(card: Scorecard) -> tuple[str, ...]:
    """What parts the grade from the one that the points alone give, in the order in which it took
    hold: "veto", "quota"; or "nothing_applies"; nothing where the points decided."""
    if not card.assessed:
        return (NOTHING_APPLIES,)
    vetoed = (BY_VETO,) if card.grade_after_vetoes != card.grade_before else ()
    return (*vetoed, *((BY_QUOTA,) if card.quotas else ()))


def explain_grade(card: Scorecard) -> list[str]:
    """Say in Chinese why the grade is lower than the points give; nothing where it is not."""
    causes = grade_causes(card)
    if not causes or causes == (NOTHING_APPLIES,):
        return []
    reasons = []
    if BY_VETO in causes:
        names = "、".join(f"“{name.rstrip('。')}”" for name in lowering(card))
        reasons.append(f"因一票否决{names}")
    remark = ""
    if BY_QUOTA in causes:
        reasons.append("因名额限制")
        tied = "并列" if card.tied else ""
        limits = "、".join(f"{used.grade} {used.limit} 名" for used in card.quotas)
        remark = f"（{tied}第 {card.rank} 名，{limits}）"
    return [f"按得分可评{card.grade_before}，{'、'.join(reasons)}评为{card.grade}{remark}"]


def lowering(card: Scorecard) -> list[str]:
    """The vetoes that could lower the grade, by themselves or by the total that they leave."""
    return [
        veto.name
        for veto in card.fired
        if veto.grade is not None or veto.total_at_most is not None or veto.no_bonus
    ]


def vetoes_proper(card: Scorecard) -> list[str]:
    """The vetoes that fired, without those that merely leave the sheet unranked."""
    out = leaving(card)
    return [name for name in card.vetoes if name not in out]


def leaving(card: Scorecard) -> list[str]:
    """What leaves the sheet unranked and does nothing else: no veto's word for those."""
    return [
        veto.name
        for veto in card.fired
        if veto.unranked and veto.grade is None and veto.total_at_most is None and not veto.no_bonus
    ]
