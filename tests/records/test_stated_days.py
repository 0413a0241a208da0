"""A year or a month that a source gave is not shown as a day."""

from __future__ import annotations

from datetime import date

from flask import Flask

from tests import factories as make
from tracker.core.db import Precision
from tracker.core.provenance.models import SourceKind
from tracker.web.kit.stated import stated_day


def test_a_month_is_shown_as_a_month(sqlite_app: Flask) -> None:
    places = make.zhejiang()
    enclave = make.enclave(
        places["缙云县"],
        places["富阳区"],
        signed_on=date(2019, 11, 1),
        started_on=date(2020, 5, 24),
    )
    source = make.source(SourceKind.PRESS)
    for field, text, precision in (
        ("signed_on", "2019-11", Precision.ABOUT),
        ("started_on", "2020-05-24", Precision.EXACT),
    ):
        make.sourced_value(
            enclave, source, field=field, text=text, precision=precision, adopted=True
        )
    assert stated_day(enclave, "signed_on") == "2019-11"
    assert stated_day(enclave, "started_on") == "2020-05-24"
    assert stated_day(enclave, "in_use_on", "未到") == "未到"
    enclave.sourced_values[0].adopted = False  # somebody has entered the day
    assert stated_day(enclave, "signed_on") == "2019-11-01"
