"""What features above show of a filing on its page, below what it says itself."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from tracker.records.submissions.models import Filing

_shown: list[Callable[[Filing], str]] = []


def below(show: Callable[[Filing], str]) -> Callable[[Filing], str]:
    """Let a feature above add a part to the page of a filing: a rendered template, or ""."""
    _shown.append(show)
    return show


def parts_of(filing: Filing) -> list[Markup]:
    """The parts of the page of `filing`."""
    found = (show(filing) for show in _shown)
    return [Markup(part) for part in found if part]  # noqa: S704  # rendered templates
