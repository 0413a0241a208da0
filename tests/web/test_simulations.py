"""模拟测算 and 再得分: who may suppose what, what bad addresses get, and that nothing is kept."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core.db import Base, db
from tracker.year.assessments.models import ScorecardRow

BASE = "/simulations/{snapshot}/zj-recipient-county/331122"


def address(site: Site, more: str = "", base: str = BASE) -> str:
    return base.format(snapshot=site.world["snapshot"]) + more


def test_a_supposed_fact_moves_points_and_is_marked(site: Site) -> None:
    page = text_of(site.browser("staff").get(address(site, "?f=exchanges.visits~2")))
    assert "模拟" in page
    assert "不是评分结果：不保存、不编号、不能签发" in page
    assert "改动 1 项，缙云县总分由" in page
    assert "A1.1 高层互访与联席会议" in page
    assert "「高层互访和联席会议次数」由" in page
    assert "变为 2 次" in page
    assert "模拟：" in page
    assert "下载" not in page
    assert "还没有改动" in text_of(site.browser("staff").get(address(site)))


def test_what_is_typed_becomes_a_short_address(site: Site) -> None:
    typed = "?set=1&v.exchanges.visits=2&v.projects.funds_in_place=&v.sample.pass_rate=50"
    answer = site.browser("leader").get(address(site, typed))
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.location).query)["f"] == [
        "exchanges.visits~2",
        "sample.pass_rate~0.5",
    ]
    emptied = site.browser("leader").get(
        address(site, "?f=exchanges.visits~2&set=1&v.exchanges.visits=")
    )
    assert "f=" not in emptied.location


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?f=exchanges.visits~x", "请填写数字"),
        ("?f=exchanges.visits~1.5", "单位为次，须为整数。"),
        ("?f=exchanges.visits~-2", "不能为负数。"),
        ("?f=exchanges.visits~1e9", "请填写数字"),
        ("?f=exchanges.visits~999999999999999", "数字过大，请核对单位。"),
        ("?f=sample.pass_rate~1.5", "不能大于 100%。"),
        ("?set=1&v.exchanges.visits=许多", "请填写"),
        ("?set=1&v.sample.pass_rate=120", "不能大于 100%。"),
        ("?f=nothing.at.all~1", "评分表不取用要改动的数据"),
        ("?f=exchanges.visits", "地址中有一项改动不完整"),
        ("?f=zj-none~331122~exchanges.visits~1", "快照中没有要改动的评分表"),
        ("?f=zj-recipient-county~331126~exchanges.visits~1", "不在您可查看的范围内"),
        ("?w=A1.1~points~3", "分值由市、省的审核、考核人员和领导试改"),
        ("?" + "&".join(["f=exchanges.visits~1"] * 61), "一次最多改动 60 项"),
        ("?f=" + "1" * 17000, "地址过长"),
    ],
)
def test_a_bad_address_is_answered_in_words(site: Site, query: str, says: str) -> None:
    answer = site.browser("staff").get(address(site, query))
    assert answer.status_code == 422
    assert says in text_of(answer)
    # htmx shows no refused page: it gets the same one as a good one.
    live = site.browser("staff").client.get(address(site, query), headers={"HX-Request": "true"})
    assert (live.status_code, says in live.text) == (200, True)


def test_a_card_that_is_incomplete_has_neither_rank_nor_grade(site: Site) -> None:
    page = text_of(site.browser("leader").get(address(site, "?f=exchanges.visits~2")))
    assert "资料不全，不评等次、不排名" in page
    assert "名次由第" not in page
    assert "等次由" not in page
    assert "得分按示例细则计算" in page


def test_a_fault_stands_beside_its_field(site: Site) -> None:
    page = site.browser("staff").get(address(site, "?set=1&v.exchanges.visits=1.5")).text
    assert 'id="v.exchanges.visits-error"' in page
    assert 'value="1.5"' in page


def test_weights_are_for_those_who_judge(site: Site) -> None:
    changed = "?w=A1.1~points~3&w=A2.1~points~9"
    page = text_of(site.browser("assessor").get(address(site, changed)))
    assert "假设的分值" in page
    assert "改动 2 项" in page
    assert "分值：4 → 3" in page
    short = text_of(site.browser("reviewer").get(address(site, "?w=A1.1~points~3")))
    assert "计分指标的分值合计为 99 分，应等于满分 100 分，还差 1 分" in short
    wrong = site.browser("leader").get(address(site, "?w=A1.1~nothing~3&w=A1.1~points~x"))
    assert wrong.status_code == 422
    assert "细则中没有要改动的分值" in wrong.text
    assert "假设的分值" not in text_of(site.browser("staff").get(address(site)))


def test_others_are_shown_to_those_who_may_open_their_cards(site: Site) -> None:
    query = "?f=exchanges.visits~2&f=projects.funds_in_place~9000"
    leader = text_of(site.browser("leader").get(address(site, query)))
    staff = text_of(site.browser("staff").get(address(site, query)))
    assert "缙云县总分由" in leader
    assert "庆元县" not in staff
    weighed = address(site, "?w=A1.1~points~3&w=A2.1~points~9")
    for user in ("leader", "reviewer"):
        page = text_of(site.browser(user).get(weighed))
        assert "庆元县" in page[page.index("随之变化的其他评分表") :]
    assert site.browser("neighbour").get(address(site, query)).status_code == 404
    assert site.browser("administrator").get(address(site)).status_code == 403
    assert site.browser().get(address(site)).status_code == 302


def test_nothing_is_kept(site: Site) -> None:
    def rows() -> dict[str, int]:
        with site.app.app_context():
            return {
                table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables
                if table.name != "sessions"
            }

    assessor = site.browser("assessor")
    before = rows()
    for query in ("?f=exchanges.visits~2", "?w=A1.1~points~3&w=A2.1~points~9", "/next"):
        assert assessor.get(address(site, query)).status_code == 200
    assert rows() == before


def test_every_card_has_both_pages(site: Site) -> None:
    with site.app.app_context():
        kinds = {row.sheet: row.subject_code for row in db.session.scalars(select(ScorecardRow))}
    assessor = site.browser("assessor")
    for sheet, code in kinds.items():
        base = f"/simulations/{site.world['snapshot']}/{sheet}/{code}"
        assert assessor.get(base).status_code == 200
        assert assessor.get(f"{base}/next").status_code == 200


def test_next_points_lead_to_their_simulation(site: Site) -> None:
    page = site.browser("staff").get(address(site, "/next"))
    assert "年度已结束" in text_of(page)
    card = site.browser("staff").get(address(site, base=BASE.replace("simulations", "scorecards")))
    assert address(site) in card.text


def test_a_ruling_says_which_points_its_fact_enters(site: Site) -> None:
    page = text_of(
        site.browser("assessor").get(
            "/determinations/2024/zj-recipient-county/331122/exchanges.visits"
        )
    )
    assert "这项数据影响哪些得分" in page
    assert "本表指标 A1.1" in page
    assert "设区市“丽水市”指标" in page
