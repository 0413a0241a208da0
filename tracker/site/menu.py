"""The way to the pages, by job.

`MENU` declares all entries in their groups; leaders have a few of them (`LEADERS`), and the rest on
a page (全部栏目). What an entry asks for is what its view asks for
(`requires`, `seen_by`); a group without an entry that the user may open is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.web.ways import opens


@dataclass(frozen=True)
class Entry:
    """One way to a page; `icon` is a name of kit/icons.html."""

    endpoint: str
    label: str
    icon: str


@dataclass(frozen=True)
class Group:
    """Entries of one job; `opened` where the role's daily work is. A group without a label
    stands at the top and has no heading."""

    key: str
    label: str
    entries: tuple[Entry, ...]
    opened: bool = True


MENU: tuple[Group, ...] = (
    Group(
        "work",
        "",
        (
            Entry("pages.home", "我的工作", "home"),
            Entry("submissions.index", "报送", "send"),
            Entry("supervision.index", "督办", "alert-circle"),
            Entry("determinations.index", "核定", "gavel"),
            Entry("reminders.index", "提醒", "bell"),
            Entry("background.index", "后台办理", "history"),
        ),
    ),
    Group(
        "overview",
        "总览",
        (
            Entry("overview.index", "全省总览", "chart-bar"),
            Entry("map.index", "地图", "map-pin"),
            Entry("ranking.index", "排名", "list-numbers"),
            Entry("trends.index", "走势", "trending-up"),
            Entry("dispatch.index", "重大项目调度", "folders"),
            Entry("work_watch.index", "重点工作监测", "list-numbers"),
            Entry("key_indicators.index", "重点指标分析", "chart-line"),
            Entry("enclave_year.index", "三大飞地", "building-factory-2"),
            Entry("gains.index", "双赢", "arrows-exchange"),
            Entry("listed.index", "名单监测", "target-arrow"),
            Entry("counties.index", "县（市、区）", "map-pin"),
        ),
    ),
    Group(
        "results",
        "考核",
        (
            Entry("procedure.index", "考核进程", "list-numbers"),
            Entry("card_reviews.index", "复核", "clipboard-check"),
            Entry("assessments.index", "计分", "target-arrow"),
            Entry("desk.index", "审核台", "gavel"),
            Entry("scorecards.index", "评分表", "table"),
            Entry("trials.index", "试算", "chart-line"),
            Entry("objections.index", "申诉", "gavel"),
            Entry("papers.index", "文书", "file-text"),
            Entry("rulebooks.index", "评分细则", "book"),
            Entry("procedure.cities", "市考县", "map-pin"),
            Entry("snapshots.index", "快照", "camera"),
        ),
    ),
    Group(
        "records",
        "协作",
        (
            Entry("pairings.index", "结对关系", "arrows-exchange"),
            Entry("enclaves.index", "飞地", "building-factory-2"),
            Entry("parks.index", "产业园", "building-warehouse"),
            Entry("projects.index", "项目", "folders"),
            Entry("villages.index", "村", "home-2"),
            Entry("demonstrations.index", "示范点", "plant-2"),
            Entry("applications.index", "项目申报", "clipboard-check"),
        ),
    ),
    Group(
        "figures",
        "数据",
        (
            Entry("ledger.index", "台账", "book-2"),
            Entry("doubts.index", "存疑数据", "alert-circle"),
            Entry("operations.index", "运营季报", "trending-up"),
            Entry("exchanges.index", "交流帮扶", "heart-handshake"),
            Entry("indicators.index", "县域指标", "chart-line"),
            Entry("annual_tasks.index", "年度任务清单", "list-numbers"),
            Entry("targets.index", "年度任务", "target-arrow"),
            Entry("key_works.index", "重点工作", "list-numbers"),
            Entry("findings.index", "问题与抽查", "medal"),
            Entry("evidence.index", "佐证材料", "paperclip"),
        ),
    ),
    Group(
        "lists",
        "名录",
        (
            Entry("regions.index", "地区", "map-pin"),
            Entry("platforms.index", "平台", "building-skyscraper"),
            Entry("organisations.index", "单位", "building-community"),
            Entry("sources.index", "资料来源", "quote"),
            Entry("twins.index", "同名记录", "users"),
        ),
    ),
    Group(
        "system",
        "系统",
        (
            Entry("users.index", "账户", "users"),
            Entry("audit.index", "操作记录", "history"),
        ),
    ),
)

ALL = Entry("pages.everything", "全部栏目", "list-numbers")

# What a leader has instead: at most eight, the daily ones; all others stand behind the last.
LEADERS = Group(
    "work",
    "",
    (
        Entry("pages.home", "首页", "home"),
        Entry("overview.index", "总览", "chart-bar"),
        Entry("counties.index", "县（市、区）", "map-pin"),
        Entry("scorecards.index", "评分表", "table"),
        Entry("enclaves.index", "飞地", "building-factory-2"),
        Entry("projects.index", "项目", "folders"),
        Entry("submissions.index", "报送", "send"),
        ALL,
    ),
)

# Those who enter records find them first, those who judge find the results first, those who lead
# find the overview first. The groups that a role does not name follow, closed.
JOBS: dict[Role, tuple[str, ...]] = {
    Role.STAFF: ("work", "records", "figures", "results"),
    Role.REVIEWER: ("work", "records", "figures", "results"),
    Role.ASSESSOR: ("work", "results", "records", "figures"),
    Role.LEADER: ("work", "overview", "results", "records", "figures"),
    Role.ADMINISTRATOR: ("work", "system"),
}


def menu_of(user: User) -> list[Group]:
    """What stands beside every page for the user."""
    if user.role is Role.LEADER:
        return [Group(LEADERS.key, LEADERS.label, _open_to(user, LEADERS))]
    return everything(user)


def everything(user: User) -> list[Group]:
    """The groups in the order of the user's job, with the entries that the user may open."""
    order = JOBS[user.role]
    named = sorted((g for g in MENU if g.key in order), key=lambda group: order.index(group.key))
    others = [group for group in MENU if group.key not in order]
    groups = [(group, True) for group in named] + [(group, False) for group in others]
    found = [
        Group(group.key, group.label, _open_to(user, group), opened) for group, opened in groups
    ]
    return [group for group in found if group.entries]


def _open_to(user: User, group: Group) -> tuple[Entry, ...]:
    return tuple(entry for entry in group.entries if opens(user, entry.endpoint))
