"""The jobs that features declare, by name; a worker knows those that are imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., None])


class Lane(StrEnum):
    """Jobs of one lane never wait for those of the other, as long as there is a worker."""

    LONG = "long"  # batches: each worker does one at a time
    SHORT = "short"  # what takes a minute or so: each worker does some at once


@dataclass(frozen=True)
class Job:
    """What a name on the queue means. `minutes`: every how many of them it comes by itself, 0 for
    one that is only sent."""

    name: str
    function: Callable[..., None]
    minutes: int = 0
    lane: Lane = Lane.SHORT


JOBS: dict[str, Job] = {}


def job(name: str, *, lane: Lane = Lane.SHORT) -> Callable[[Function], Function]:
    """Declare a job that `send` sends. It runs within the application, reading but for the units
    in which it says that it writes, and may be lost or come twice."""
    return _declared(name, 0, lane)


def every_minutes(
    minutes: int, name: str, *, lane: Lane = Lane.SHORT
) -> Callable[[Function], Function]:
    """Declare a job without arguments that comes by itself every so many `minutes` (a divisor of
    60) as long as a worker runs; with several workers it comes several times at once."""
    if minutes < 1 or 60 % minutes:
        raise ValueError("the minutes between must divide an hour")
    return _declared(name, minutes, lane)


def _declared(name: str, minutes: int, lane: Lane) -> Callable[[Function], Function]:
    def declare(function: Function) -> Function:
        if name in JOBS:
            raise ValueError(f"two jobs are called {name}")
        JOBS[name] = Job(name, function, minutes, lane)
        return function

    return declare
