"""What all pages share."""

from __future__ import annotations

from flask import Flask


def init_web(app: Flask) -> None:
    """Give `app` what all pages share."""
