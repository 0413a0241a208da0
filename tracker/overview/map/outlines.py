"""The outlines of counties from a file that can be replaced, as paths of a picture."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from tracker.core.told import ToldError

WIDTH = 1000  # units of the picture; its height follows from the land
_MARGIN = 10
Point = tuple[int, int]


class MapError(ToldError):
    """A map that cannot be drawn; the message is for the operator."""

    status = 500


@dataclass(frozen=True)
class Outline:
    """A county: its `path` in the picture, and a point well within it."""

    code: str
    path: str
    middle: Point


@dataclass(frozen=True)
class Map:
    """All outlines by GB/T 2260 code, and where they come from."""

    outlines: Mapping[str, Outline]
    height: int
    title: str
    source: str
    address: str
    review_number: str


def map_of(folder: Path) -> Map:
    """The map in `folder`: `outlines.geojson` (polygons with `adcode`) and `source.toml`; read
    once, and anew when one of them changes. Raises MapError."""
    files = folder / "outlines.geojson", folder / "source.toml"
    try:
        return _read(*files, *(file.stat().st_mtime_ns for file in files))
    except OSError as error:
        raise MapError(f"读不到地图文件 {error.filename}") from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise MapError(f"地图文件不是可用的 GeoJSON 或说明：{folder}") from error


@lru_cache(maxsize=2)
def _read(shapes: Path, about: Path, *_changed: int) -> Map:
    features = json.loads(shapes.read_text(encoding="utf-8"))["features"]
    said = tomllib.loads(about.read_text(encoding="utf-8"))
    land = {str(each["properties"]["adcode"]): list(_rings(each["geometry"])) for each in features}
    project, height = _projection(
        point for rings in land.values() for ring in rings for point in ring
    )
    outlines = {code: _outline(code, rings, project) for code, rings in land.items()}
    texts = (str(said[key]) for key in ("title", "source", "address", "review_number"))
    return Map(outlines, height, *texts)


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[list[float]]]:
    """The outer and inner rings of a Polygon or MultiPolygon; (longitude, latitude) in degrees."""
    shapes = geometry["coordinates"]
    for polygon in shapes if geometry["type"] == "MultiPolygon" else [shapes]:
        yield from polygon


def _projection(points: Iterable[Any]) -> tuple[Any, int]:
    """How degrees become units of the picture: as wide as the land is, north above; and the height
    of the picture. A degree of longitude is shortened by the cosine of the middle latitude."""
    xs, ys = zip(*((point[0], point[1]) for point in points), strict=True)
    west, north = min(xs), max(ys)
    shortened = math.cos(math.radians((min(ys) + north) / 2))
    scale = (WIDTH - 2 * _MARGIN) / ((max(xs) - west) * shortened)

    def project(point: Any) -> Point:
        return (
            round((point[0] - west) * shortened * scale) + _MARGIN,
            round((north - point[1]) * scale) + _MARGIN,
        )

    return project, round((north - min(ys)) * scale) + 2 * _MARGIN


def _outline(code: str, rings: list[list[list[float]]], project: Any) -> Outline:
    """The points that neighbours share fall on the same units: no gaps between them."""
    drawn = [ring for ring in (_simple(map(project, ring)) for ring in rings) if len(ring) > 2]
    largest = max(drawn, key=lambda ring: abs(_area(ring)))
    path = "".join(_path(ring) for ring in drawn if abs(_area(ring)) >= 1)
    return Outline(code, path, _middle(largest))


def _path(ring: list[Point]) -> str:
    steps = ((x - p, y - q) for (p, q), (x, y) in pairwise(ring))
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(f'{x} {y}' for x, y in steps)}z"


def _simple(points: Iterable[Point]) -> list[Point]:
    """Points without those that fall on the one before."""
    found: list[Point] = []
    for point in points:
        if not found or point != found[-1]:
            found.append(point)
    return found[:-1] if len(found) > 1 and found[0] == found[-1] else found


def _area(ring: list[Point]) -> float:
    turned = [*ring[1:], ring[0]]
    return sum(x * q - p * y for (x, y), (p, q) in zip(ring, turned, strict=True)) / 2


def _middle(ring: list[Point]) -> Point:
    """The point on the middle line that is farthest from the border on both sides."""
    ys = [y for _, y in ring]
    at = (min(ys) + max(ys)) / 2 + 0.25  # between units, so that no corner lies on it
    turned = [*ring[1:], ring[0]]
    crossed = sorted(
        x + (at - y) * (p - x) / (q - y)
        for (x, y), (p, q) in zip(ring, turned, strict=True)
        if (y > at) != (q > at)
    )
    spans = list(zip(crossed[::2], crossed[1::2], strict=True))
    left, right = max(spans, key=lambda span: span[1] - span[0])
    return round((left + right) / 2), round(at)
