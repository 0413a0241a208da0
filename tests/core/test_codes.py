"""Coded lists: each member has its label, and is found by its value."""

from __future__ import annotations

import pytest

from tracker.core.db.codes import LabelledEnum


class Colour(LabelledEnum):
    RED = "red", "红"
    PLAIN = "plain", ""


def test_a_member_is_found_by_its_value_and_carries_its_label() -> None:
    assert Colour("red") is Colour.RED
    assert Colour.RED.label == "红"
    assert Colour.PLAIN.label == ""


def test_a_value_that_is_no_member_is_refused() -> None:
    with pytest.raises(ValueError, match="green"):
        Colour("green")


def test_a_member_without_a_label_is_refused_where_it_is_declared() -> None:
    with pytest.raises(TypeError, match="no label"):

        class Half(LabelledEnum):
            RED = "red"
