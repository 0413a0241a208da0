"""The database keeps names apart within their parent, whichever way they come in."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from tests import factories as make
from tracker.core.db import Base, Searchable, db
from tracker.core.db.searchable import TwinError, refuse_twin, search_values
from tracker.exchange.sampledata.rows import Rows
from tracker.records.accounts.permissions import Role
from tracker.records.projects.models import Project
from tracker.records.villages.models import Village
from tracker.web.kit.fields import SAME_NAME, constraints_of
from tracker.web.transactions import constraint_of


def refused(make_it) -> str:
    """The constraint that refuses what `make_it` writes."""
    with pytest.raises(IntegrityError) as error, db.session.begin_nested():
        make_it()
    return constraint_of(error.value)


def test_a_second_record_of_a_name_is_refused_to_whoever_writes(app: Flask) -> None:
    places = make.zhejiang()
    county, other, host = places["缙云县"], places["庆元县"], places["富阳区"]
    town = make.region("331122100", "五云街道", county, level=make.RegionLevel.TOWN, kind=None)
    makers = {
        "enclaves": lambda name: make.enclave(county, host, name=name),
        "organisations": lambda name: make.organisation(name=name),
        "parks": lambda name: make.park(county, host, name=name),
        "platforms": lambda name: make.platform(host, name=name),
        "projects": lambda name: make.project(county, name=name),
        "villages": lambda name: make.village(county, name=name),
        "demonstration_villages": lambda name: make.demonstration_village(county, name=name),
    }
    for table, maker in makers.items():
        maker("双港（A）")
        found = refused(lambda maker=maker: maker("双港\u00a0(a)"))
        assert found.startswith(f"uq_{table}_name_key"), table
    # In another parent, and in a town of one's own, it is another village.
    make.village(other, name="双港(A)")
    make.village(county, name="双港(A)", town=town)
    assert refused(lambda: make.village(county, name="双港（a）", town=town))
    assert refused(
        lambda: db.session.execute(
            insert(Village).values(code="331122000001", name="双 港(A)", county_id=county.id)
        )
    )
    make.user(Role.ADMINISTRATOR, username="Ｗang")
    found = refused(lambda: make.user(Role.ADMINISTRATOR, username="WANG"))
    assert found == "uq_users_username_key"


def test_every_record_with_a_name_has_its_rule_with_words(sqlite_app: Flask) -> None:
    models = [m.class_ for m in Base.registry.mappers if issubclass(m.class_, Searchable)]
    assert len(models) == 9
    for model in models:
        rules = [i for i in model.__table__.indexes if i.unique and "name_key" in i.columns]
        assert rules, model
        said = constraints_of(model)
        assert {said[rule.name] for rule in rules} == {("name", SAME_NAME)}, model


def test_places_of_one_name_are_twins_only_while_both_stand(app: Flask) -> None:
    city = make.zhejiang()["杭州市"]
    ended = date(2021, 4, 9)
    make.region("330104", "江干区", city, abolished_on=ended)
    make.region("330199", "江干区", city)
    make.region("330198", "江干区", city, abolished_on=date(1996, 1, 1))
    assert refused(lambda: make.region("330197", "江干 区", city))
    assert refused(lambda: make.region("330197", "江干 区", city, abolished_on=ended))
    make.region("330197", "江干 区")  # of no city
    assert refused(lambda: make.region("330196", "江干区"))


def test_the_next_twin_takes_the_place_of_one_that_goes(app: Flask) -> None:
    county = make.zhejiang()["缙云县"]
    first, *others = [make.village(county, name=f"双港{n}") for n in range(4)]
    for number, twin in enumerate(others, 1):
        before = {"name": first.name, **search_values(first.name), "name_twin": number}
        db.session.execute(update(Village).where(Village.id == twin.id).values(before))
    db.session.expire_all()

    def numbers() -> list[int]:
        wanted = select(Village.name_twin).where(Village.name_key == "双港0").order_by(Village.id)
        return list(db.session.scalars(wanted))

    assert numbers() == [0, 1, 2, 3]
    db.session.delete(first)
    db.session.flush()
    assert numbers() == [0, 2, 3]
    others[0].name = "双港一"
    db.session.flush()
    assert numbers() == [0, 3]
    assert refused(lambda: make.village(county, name="双港０"))
    db.session.refresh(others[2])
    others[2].name = "双港 三"  # a twin that is mended is one no longer
    db.session.flush()
    assert others[2].name_twin == 0
    with pytest.raises(TwinError) as found:
        refuse_twin(db.session, Village(name="双港三", county_id=county.id))
    assert found.value.twin is others[2]


def test_sample_records_take_another_name_where_somebody_has_theirs(sqlite_app: Flask) -> None:
    county = make.zhejiang()["缙云县"]
    make.project(county, name="果蔬加工（一期）")
    rows = Rows()
    for _ in range(2):
        values = {"name": "果蔬加工(一期)", "region_id": county.id, "category": "aid"}
        rows.add(Project, date(2024, 3, 1), **values)
    rows.write()
    names = db.session.scalars(select(Project.name).order_by(Project.id)).all()
    assert names == ["果蔬加工（一期）", "果蔬加工(一期)（2）", "果蔬加工(一期)（3）"]
