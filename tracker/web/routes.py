"""Rules of addresses, each of which learns to write its addresses when the first one is wanted.

Werkzeug makes two functions of each rule, as source that is compiled: for some six hundred rules a
tenth of the start, and most are never asked for by any one process.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from werkzeug.routing import Rule

Written = tuple[str, str]  # domain, path


class LateRule(Rule):
    """A rule whose functions are made at their first call."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Written]:
        def first(_rule: Rule, /, **values: object) -> Written:
            made = super(LateRule, self)._compile_builder(append_unknown)
            write: Callable[..., Written] = made.__get__(self, None)
            # Two threads may both come here: they make the same.
            setattr(self, "_build_unknown" if append_unknown else "_build", write)
            return write(**values)

        return first


def init_app(app: Flask) -> None:
    app.url_rule_class = LateRule
