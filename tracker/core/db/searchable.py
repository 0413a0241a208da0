"""Names that are found however they are typed: by parts of them, by pinyin, by its initials.

A name is stored and printed as it was typed. `name_key` is what two names are compared by.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import combinations
from typing import Any

from sqlalchemy import (
    Connection,
    Index,
    String,
    Table,
    and_,
    event,
    exists,
    inspect,
    select,
    update,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, Mapper, declared_attr, mapped_column

from tracker.core.db.base import AnySession

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


@lru_cache(maxsize=1024)  # a name is asked for its initials and for all of it
def _syllables(name: str) -> tuple[str, ...]:
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
    return (*found, *_read(waiting))


def _read(text: str) -> list[str]:
    if not text:
        return []
    from pypinyin import Style, lazy_pinyin  # as long to load as Flask, and most commands name none

    apart: Any = (
        list  # one reading for each character; its types know of functions to one text only
    )
    return lazy_pinyin(text, style=Style.NORMAL, errors=apart, v_to_u=False)


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


def unique_key(table: Table, key: str, twin: str, within: tuple[str, ...] = ()) -> None:
    """Let the database refuse a second row of one `key` within the columns `within`; an empty one
    is like another empty one, for which there is an index of its own.

    Twins that were there when the rule came have a number in the column `twin` and are left out,
    so that they can be mended one by one; so are rows of raw statements that give no key.
    """
    standing = and_(table.c[twin] == 0, table.c[key] != "")
    optional = [name for name in within if table.c[name].nullable]
    for count in range(len(optional) + 1):
        for empty in combinations(optional, count):
            where = and_(standing, *(table.c[name].is_(None) for name in empty))
            Index(
                "_".join([f"uq_{table.name}_{key}", *(f"no_{name}" for name in empty)]),
                *(table.c[name] for name in within if name not in empty),
                table.c[key],
                unique=True,
                sqlite_where=where,
                postgresql_where=where,
            )


class TwinError(ValueError):
    """Another record of the same parent, `twin`, has the same name, letter case, width and blanks
    aside."""

    def __init__(self, twin: Any) -> None:
        super().__init__(twin.name)
        self.twin = twin


class Searchable:
    """A record with a `name`; `name_initials`, `name_pinyin` and `name_key` follow it by
    themselves.

    `name_within`: the columns within which two records may not have names of one key.
    `name_twin`: 0, or the number of a twin from before that was refused.

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

    @declared_attr
    def name_twin(cls) -> Mapped[int]:
        return mapped_column(default=0, server_default="0")


def twin_of(session: AnySession, record: Any) -> Any | None:
    """Another record with the name of `record`, as names are compared, within the same parent;
    the first of several. Nothing is flushed."""
    model = type(record)
    same = (getattr(model, each) == getattr(record, each) for each in model.name_within)
    wanted = select(model).where(model.name_key == key_of(record.name), *same)
    if record.id is not None:
        wanted = wanted.where(model.id != record.id)
    with session.no_autoflush:
        return session.scalars(wanted.order_by(model.id).limit(1)).first()


def refuse_twin(session: AnySession, record: Any) -> None:
    """Raises TwinError where `record`, not flushed yet, would be one: a new record, or one whose
    name or parent changes. All writers stand in one line, so that none comes in between."""
    state = inspect(record)
    if state.persistent and not _moved(record):
        return  # twins of before may be changed in any other way
    if (twin := twin_of(session, record)) is not None:
        raise TwinError(twin)


def _moved(record: Any) -> bool:
    """Whether the key of `record` or what it is unique within changes with the next flush."""
    attributes = inspect(record).attrs
    return key_of(record.name) != record.name_key or any(
        attributes[name].history.has_changes() for name in record.name_within
    )


@event.listens_for(Searchable, "instrument_class", propagate=True)
def _unique(_mapper: Mapper, model: type[Any]) -> None:
    unique_key(model.__table__, "name_key", "name_twin", model.name_within)


@event.listens_for(Searchable, "before_update", propagate=True)
def _follow(_mapper: Mapper, _connection: Connection, record: Any) -> None:
    if _moved(record):
        record.name_twin = 0
    if inspect(record).attrs.name.history.has_changes():
        for name, value in search_values(record.name).items():
            setattr(record, name, value)


@event.listens_for(Searchable, "after_update", propagate=True)
def _renamed(mapper: Mapper, connection: Connection, record: Any) -> None:
    attributes = inspect(record).attrs
    if any(attributes[each].history.has_changes() for each in ("name_key", *record.name_within)):
        _succeed(mapper, connection, record)


@event.listens_for(Searchable, "after_delete", propagate=True)
def _succeed(mapper: Mapper, connection: Connection, record: Any) -> None:
    """Where the record that others were twins of is gone, the next of them takes its place, so
    that no third one comes in."""
    table = mapper.local_table
    assert isinstance(table, Table)
    names = ("name_key", *record.name_within)
    other = table.alias()
    same = (other.c[n].is_not_distinct_from(table.c[n]) for n in names)
    before = exists().where(*same, other.c.name_twin < table.c.name_twin)
    connection.execute(update(table).where(table.c.name_twin > 0, ~before).values(name_twin=0))
