"""The page of the map; read without a script, and said again in a table."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.config import Settings
from tracker.overview.map.outlines import WIDTH, map_of
from tracker.overview.map.shown import BOTH, CHOICES, LAYERS, shown
from tracker.records.accounts.permissions import Permission
from tracker.records.ledger.parts import part_of
from tracker.records.places.queries import regions_in_view
from tracker.web.access import requires
from tracker.web.period import selected_year

bp = Blueprint("map", __name__, url_prefix="/overview/map")


@bp.get("/")
@requires(Permission.OVERVIEW_VIEW)
def index() -> ResponseReturnValue:
    """The counties in view, coloured by `figure`, with the arcs and points of `layer`."""
    settings: Settings = current_app.config["TRACKER"]
    year, regions = selected_year(), regions_in_view(current_user)
    figure = _one_of(request.args.get("figure"), CHOICES, CHOICES[0][0])
    layer = _one_of(request.args.get("layer"), LAYERS, BOTH)
    land = map_of(settings.map_folder)
    return render_template(
        "overview/map.html",
        land=land,
        width=WIDTH,
        found=shown(regions, year, figure, layer, land),
        part=part_of(regions, year),
        figure_chosen=figure,
        layer_chosen=layer,
        choices=CHOICES,
        layers=LAYERS,
    )


def _one_of(asked: str | None, choices: list[tuple[str, str]], otherwise: str) -> str:
    return asked if asked in dict(choices) else otherwise
