"""Canonical JSON and its sha256: equal content gives equal bytes on every machine."""

from __future__ import annotations

import datetime
import hashlib
import json
from decimal import Decimal
from typing import Any

_MAX_EXPONENT = 10_000


def canonical_json(obj: Any) -> bytes:
    """Write parsed TOML or JSON as canonical JSON: UTF-8, sorted keys, no spaces.

    Numbers become decimal strings without exponent, trailing zeros or a sign on zero, so that
    10, Decimal("10.0") and Decimal("1E+1") are one and the same; dates and times become ISO
    strings; text, true, false and null stay as they are.
    Raises TypeError for floats, other types and keys that are not text; ValueError for NaN,
    infinities, exponents beyond ±10,000 and text that UTF-8 cannot hold.
    """
    text = json.dumps(_plain_tree(obj), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def digest(obj: Any) -> str:
    """Return the sha256 of the canonical JSON of `obj`, in hexadecimal."""
    return hashlib.sha256(canonical_json(obj)).hexdigest()


def number_text(value: int | Decimal) -> str:
    """Write a number as canonical JSON does. Raises ValueError as `canonical_json` does."""
    if isinstance(value, int):
        # str() of an int refuses more than 4,300 digits; a Decimal of it does not.
        value = Decimal(value)
    if not value.is_finite() or abs(int(value.as_tuple().exponent)) > _MAX_EXPONENT:
        raise ValueError(f"no canonical form for the number {value}")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _plain_tree(obj: Any) -> Any:
    if obj is None or isinstance(obj, bool | str):
        return obj
    if isinstance(obj, int):
        return str(obj) if -(10**18) < obj < 10**18 else number_text(obj)
    if isinstance(obj, Decimal):
        return number_text(obj)
    if isinstance(obj, dict):
        for key in obj:
            if not isinstance(key, str):
                raise TypeError(f"a key must be text, not {type(key).__name__}")
        return {key: _plain_tree(value) for key, value in obj.items()}
    if isinstance(obj, list | tuple):
        return [_plain_tree(value) for value in obj]
    if isinstance(obj, datetime.date | datetime.time):
        return obj.isoformat()
    raise TypeError(f"no canonical form for {type(obj).__name__}")
