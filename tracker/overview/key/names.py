"""What an indicator is called: one name for those of plans and of bulletins, which of them are
better when lower, and which follow from others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.overview.listed.published import GDP, INCOMES

PER_HEAD = "人均地区生产总值"
_ALIASES = {
    **{name: one.names[0] for one in (GDP, *INCOMES) for name in one.names},
    **dict.fromkeys(("人均GDP", "人均生产总值"), PER_HEAD),
    "城镇化率": "常住人口城镇化率",
    "城镇调查失业率": "城镇调查失业率(%)[城镇登记失业率(%)]",
    "城乡居民人均可支配收入比值": "城乡居民收入倍差",
}
_UNIT = re.compile(r"\([^()]*\)$")

# Of these a plan that writes a number alone means no more than it; of all others no less.
LESS = (
    "单位GDP建设用地使用面积",
    "城乡居民收入倍差",
    "地区人均GDP最高最低倍差",
    "地区人均可支配收入最高最低倍差",
    "设区市居民人均可支配收入最高最低倍差",
    "设区城市PM2.5平均浓度",
    "单位GDP能耗",
    "单位GDP碳排放",
    "恩格尔系数",
    "基尼系数",
    "城镇调查失业率(%)[城镇登记失业率(%)]",
    "个人卫生支出占卫生总费用比例",
    "房价与居民人均可支配收入之比",
    "亿元生产总值生产安全事故死亡率",
    "万人成讼率",
)


def key_of(name: str) -> str:
    """The one name of an indicator: without the unit that a plan writes behind it."""
    plain = name.strip().replace("（", "(").replace("）", ")").replace("：", ":")
    plain = plain.removeprefix("其中:")
    short = _UNIT.sub("", plain) or plain
    return _ALIASES.get(short, short)


@dataclass(frozen=True)
class Ratio:
    """An indicator that is one figure over another of the same year; `whose` is the lower one's
    place: the own, or the province."""

    over: str
    under: str
    whose: str = "own"

    @property
    def words(self) -> str:
        """How it is reckoned."""
        mean = "全省的" if self.whose == "province" else ""
        return f"{self.over} ÷ {mean}{self.under}"


_ALL, _URBAN, _RURAL = (one.names[0] for one in INCOMES)
RATIOS: Mapping[str, Ratio] = {
    "城乡居民收入倍差": Ratio(_URBAN, _RURAL),
    "居民人均可支配收入与全省平均之比": Ratio(_ALL, _ALL, "province"),
    "居民人均可支配收入与人均GDP之比": Ratio(_ALL, PER_HEAD),
}
# The highest over the lowest of the counties, where all of them tell it.
SPREADS: Mapping[str, str] = {
    "地区人均GDP最高最低倍差": PER_HEAD,
    "地区人均可支配收入最高最低倍差": _ALL,
}
