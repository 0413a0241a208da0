"""How long a filing may wait before people are told, how long it has waited, and why it came back,
in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.core.db.records import now
from tracker.core.quantities.clock import day_of
from tracker.records.submissions.models import Filing, FilingAct, FilingEvent

LONG = timedelta(hours=48)  # longer than this nothing should wait for a review
LONG_RETURNED = timedelta(hours=24)  # nor what was returned for its being taken up


def hours_since(moment: datetime) -> int:
    """How many whole hours ago `moment` was."""
    return _hours(now() - moment)


def spell(hours: int) -> str:
    """52 小时; from four days on in days."""
    return f"{hours} 小时" if hours < 96 else f"{hours // 24} 天"


def waiting_words(filing: Filing, most: timedelta) -> str:
    """已等待 52 小时（超过 48 小时）; "" where nobody noted since when."""
    if filing.state_at is None:
        return ""
    hours, allowed = hours_since(filing.state_at), _hours(most)
    said = f"已等待 {spell(hours)}"
    return f"{said}（超过 {allowed} 小时）" if hours > allowed else said


def reason_words(event: FilingEvent) -> str:
    """Who gave a filing back, when and why: 丽水市审核员 2026-10-12 退回：缺到位凭证."""
    who = f"{event.actor.display_name} " if event.actor else ""
    until = f"（至 {event.until}）" if event.act is FilingAct.REOPENED else ""
    return f"{who}{day_of(event.at)} {event.act.label}{until}：{event.reason}"


def _hours(time: timedelta) -> int:
    return int(time.total_seconds() // 3600)
