"""What pages cost beside the frame that all of them have, on a sample year, by processor time.

The frame is the page of one form (修改密码): the menu, the switches and nothing read but who asks.
All addresses are asked in turn, round after round, so that a busy machine slows all of them alike;
each ratio is one of two medians, with the range between the rounds' quarters. Pages that are kept
(`web.kept`) are measured twice: as they are found again, and made anew after something was written.
"""

from __future__ import annotations

import statistics
import time

from flask.testing import FlaskClient
from sqlalchemy import text

from benchmarks import world
from tests.web.pages import Browser
from tracker.core.db import db, units
from tracker.exchange.publicdata.load import load_public_data
from tracker.exchange.sampledata.load import load_sample_data
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region

YEAR, ROUNDS, WARM = 2024, 15, 2
HEALTH, FRAME, LIST = "/healthz", "/account/password", f"/projects/?year={YEAR}"
NARROWED = f"{LIST}&stage=started&sort=-total_investment"
ENCLAVES, LEDGER, HOME = f"/enclaves/?year={YEAR}", f"/ledger/?year={YEAR}", f"/?year={YEAR}"
OVERVIEW, SUMMARY = f"/overview/?year={YEAR}", f"/overview/summary?year={YEAR}"

ANEW = "#anew"  # after something was written

# (what, address, what it is held against)
RATIOS = (
    ("frame ÷ /healthz", FRAME, HEALTH),
    ("list of projects, page 1 ÷ frame", LIST, FRAME),
    ("the same made anew ÷ frame", LIST + ANEW, FRAME),
    ("list of projects, nothing found, anew ÷ frame", f"{LIST}&q=没有这样的项目{ANEW}", FRAME),
    ("list, one stage, largest first, anew ÷ page 1, anew", NARROWED + ANEW, LIST + ANEW),
    ("list, search, anew ÷ page 1, anew", f"{LIST}&q=项目{ANEW}", LIST + ANEW),
    ("list of enclaves ÷ frame", ENCLAVES, FRAME),
    ("the same made anew ÷ frame", ENCLAVES + ANEW, FRAME),
    ("ledger ÷ frame", LEDGER, FRAME),
    ("the same made anew ÷ frame", LEDGER + ANEW, FRAME),
    ("first page ÷ frame", HOME, FRAME),
    ("the same made anew ÷ frame", HOME + ANEW, FRAME),
    ("overview ÷ frame", OVERVIEW, FRAME),
    ("the same made anew ÷ frame", OVERVIEW + ANEW, FRAME),
    ("summary on one sheet ÷ frame", SUMMARY, FRAME),
    ("the same made anew ÷ frame", SUMMARY + ANEW, FRAME),
)


def main() -> None:
    """Print a line for each ratio."""
    with world.empty() as app:
        with units.writing():
            load_public_data()
            load_sample_data([YEAR], world.seed())
            user = User(username="kao", display_name="kao", password_hash="!", role=Role.ASSESSOR)
            user.region_id = db.session.query(Region).filter_by(code="330000").one().id
            db.session.add(user)
        with app.app_context():
            number = db.session.query(User.id).filter_by(username="kao").scalar()
        taken = _measure(Browser(app, number).client)
    print(f"\n{'seed ' + str(world.seed()):54}{'ratio':>8}   quarters of rounds")
    for what, address, other in RATIOS:
        each = [a / b for a, b in zip(taken[address], taken[other], strict=True)]
        low, _, high = statistics.quantiles(each, n=4)
        ratio = statistics.median(taken[address]) / statistics.median(taken[other])
        print(f"{what:54}{ratio:>8.2f}   {low:.2f}–{high:.2f}", flush=True)


def _measure(client: FlaskClient) -> dict[str, list[float]]:
    addresses = dict.fromkeys(a for _, *pair in RATIOS for a in pair)
    taken: dict[str, list[float]] = {address: [] for address in addresses}
    for turn in range(WARM + ROUNDS):
        for address in addresses:
            page = address.removesuffix(ANEW)
            if page != address:
                with client.application.app_context(), units.writing():
                    db.session.execute(text("SELECT 1"))  # it counts, whatever it does
            else:
                client.get(page)  # what is kept is there
            start = time.process_time()
            answer = client.get(page)
            spent = time.process_time() - start
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
            if turn >= WARM:
                taken[address].append(spent)
    return taken
