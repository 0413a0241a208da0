"""Names that are found however they are typed: by parts of them, by pinyin, by its initials.

A name is stored and printed as it was typed. `name_key` is what two names are compared by.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from pypinyin import Style, lazy_pinyin
from sqlalchemy import String, event, inspect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

_LENGTH = 200
_KEY, _SOUND = 800, 1200
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0")  # letters of nothing, besides the blanks

# Names of places and what commonly stands in names, where pypinyin's phrases take the other of two
# readings, or a reading that the place does not use.
READINGS = {
    "长三角": "chang san jiao",
    "会稽": "kuai ji",
    "朝阳": "chao yang",
    "乐成": "yue cheng",
    "乐清": "yue qing",
    "台州": "tai zhou",
    "天台": "tian tai",
    "三门": "san men",
    "丽水": "li shui",
    "莘塍": "xin cheng",
    "嵊州": "sheng zhou",
    "嵊泗": "sheng si",
    "鄞州": "yin zhou",
    "衢州": "qu zhou",
    "衢江": "qu jiang",
    "缙云": "jin yun",
    "洞头": "dong tou",
    "瓯海": "ou hai",
    "六横": "liu heng",
    "乌镇": "wu zhen",
    "大洋": "da yang",
    "大荆": "da jing",
    "大陈": "da chen",
    "厦程里": "xia cheng li",
    "兰溪": "lan xi",
    "长兴": "chang xing",
    "长街": "chang jie",
    "重阳": "chong yang",
    "石埠": "shi bu",
    "石浦": "shi pu",
    "大埔": "da pu",
    "黄埠": "huang bu",
    "支行": "zhi hang",
    "分行": "fen hang",
    "银行": "yin hang",
    "行业": "hang ye",
    "商行": "shang hang",
    "农商行": "nong shang hang",
    "总行": "zong hang",
    "重点": "zhong dian",
    "重庆": "chong qing",
    "会计": "kuai ji",
    "音乐": "yin yue",
    "都市": "du shi",
    "成都": "cheng du",
    "莲都": "lian du",
    "厂房": "chang fang",
    "种植": "zhong zhi",
    "调研": "diao yan",
    "调度": "diao du",
    "仙居": "xian ju",
    "仙都": "xian du",
    "单于": "chan yu",
}
_LONGEST = max(map(len, READINGS))


def key_of(name: str) -> str:
    """What `name` is compared by: NFKC, letter case folded, without blanks of any kind and what is
    not seen. "（A区）" and "(a 区)" have one key. At most 800 characters."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(
        char
        for char in folded
        if char not in _BLANKS and unicodedata.category(char) not in ("Zs", "Zl", "Zp", "Cc", "Cf")
    )[:_KEY]


def _syllables(name: str) -> list[str]:
    """The reading of each character; what is no Chinese stands for itself."""
    plain = unicodedata.normalize("NFKC", name).lower()
    found: list[str] = []
    waiting, at = "", 0
    while at < len(plain):
        lengths = range(min(_LONGEST, len(plain) - at), 1, -1)
        known = next((n for n in lengths if plain[at : at + n] in READINGS), 0)
        if not known:
            waiting += plain[at]
            at += 1
            continue
        found += _read(waiting) + READINGS[plain[at : at + known]].split()
        waiting, at = "", at + known
    return found + _read(waiting)


def _read(text: str) -> list[str]:
    return lazy_pinyin(text, style=Style.NORMAL, errors=list, v_to_u=False) if text else []


def initials_of(name: str) -> str:
    """The initials of `name` in small letters: "缙云县（二期）" is "jyxeq".

    Letters and digits stand for themselves, punctuation and spaces are left out; at most 200.
    """
    letters = (each[:1] for each in _syllables(name))
    return "".join(char for char in letters if char.isalnum()).lower()[:_LENGTH]


def pinyin_of(name: str) -> str:
    """The whole pinyin of `name`: "缙云支行" is "jinyunzhihang"; ü is v. At most 1200."""
    return "".join(char for each in _syllables(name) for char in each if char.isalnum())[:_SOUND]


def search_values(name: str) -> dict[str, str]:
    """What the columns of `Searchable` hold for `name`."""
    return {
        "name_initials": initials_of(name),
        "name_key": key_of(name),
        "name_pinyin": pinyin_of(name),
    }


def key_from(attribute: str, make: Callable[[str], str] = key_of) -> Callable:
    """The default of a column that follows from the column `attribute` of the row inserted."""

    def default(context: DefaultExecutionContext) -> str:
        return make(context.get_current_parameters()[attribute])

    return default


class Searchable:
    """A record with a `name`; `name_initials`, `name_pinyin` and `name_key` follow it by
    themselves.

    `name_within`: the columns within which two records may not have names of one key.

    A statement that inserts rows without the columns gets them too; one that updates names past
    the ORM has to set them with `search_values`.
    """

    name_within: tuple[str, ...] = ()

    @declared_attr
    def name_initials(cls) -> Mapped[str]:
        made = key_from("name", initials_of)
        return mapped_column(String(_LENGTH), default=made, server_default="", index=True)

    @declared_attr
    def name_pinyin(cls) -> Mapped[str]:
        made = key_from("name", pinyin_of)
        return mapped_column(String(_SOUND), default=made, server_default="")

    @declared_attr
    def name_key(cls) -> Mapped[str]:
        return mapped_column(String(_KEY), default=key_from("name"), server_default="", index=True)


@event.listens_for(Searchable, "before_update", propagate=True)
def _follow(_mapper: Any, _connection: Any, record: Any) -> None:
    if inspect(record).attrs.name.history.has_changes():
        for name, value in search_values(record.name).items():
            setattr(record, name, value)
