"""The kinds of work that features declare, by name; a worker knows those that are imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from tracker.core.jobs import Lane
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.background.models import BackgroundJob

Function = TypeVar("Function", bound=Callable[..., None])
# Of what a form sends: the arguments, and of what the work is in words.
Asked = Callable[[Mapping[str, str]], tuple[tuple[int | str, ...], str]]


def everybody(_user: User, *_arguments: int | str) -> bool:
    """Whoever has the permission."""
    return True


@dataclass(frozen=True)
class Work:
    """A kind of work; see `work`."""

    name: str
    label: str
    function: Callable[..., None]
    permission: Permission
    sees: Callable[..., bool]
    shared: bool
    again: bool
    lane: Lane
    days: int
    asked: Asked | None
    page: Callable[[BackgroundJob], str] | None
    inner: bool

    def allows(self, user: User, *arguments: int | str) -> bool:
        """Whether `user` may ask for it and see what comes of it."""
        return user.may(self.permission) and self.sees(user, *arguments)


WORKS: dict[str, Work] = {}


def work(
    name: str,
    label: str,
    permission: Permission,
    *,
    sees: Callable[..., bool] = everybody,
    shared: bool = False,
    again: bool = True,
    lane: Lane = Lane.SHORT,
    days: int = 7,
    asked: Asked | None = None,
    page: Callable[[BackgroundJob], str] | None = None,
    inner: bool = False,
) -> Callable[[Function], Function]:
    """Declare that the function below does the work `name`, called `label` ("合订本").

    It is given a `Run` and the plain arguments with which it was asked for, reads but for the units
    in which it says that it writes, and may be begun again from its start. Who has `permission` and
    whom `sees` (user, *arguments) lets may ask for it. What comes of it is for the one who asked,
    as long as role and region are what they were then; if it is `shared`, since it is the same
    whoever asked, for all who may ask. `again`: whether it may be asked for once more by one press.
    `lane`: SHORT for what takes a minute or so, LONG for batches. A file is kept for `days`.
    `asked`: reads what a button sends (`ask_button` in background/parts.html), and raises
    ValueError or KeyError for what no button sends; without it only a view of the feature asks, by
    `asking.begin`. `page`: its address, where that is not the page that all kinds have.
    `inner`: what comes of it is for that page, and no file to take away.
    """

    def declare(function: Function) -> Function:
        if name in WORKS:
            raise ValueError(f"two kinds of work are called {name}")
        WORKS[name] = Work(
            name, label, function, permission, sees, shared, again, lane, days, asked, page, inner
        )
        return function

    return declare
