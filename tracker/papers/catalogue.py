"""Every paper that a snapshot gives, and how each is printed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from tracker.engine.scoring import Scorecard
from tracker.papers.city.build import city_report
from tracker.papers.common.head import DRAFT, PaperKind, Stamp
from tracker.papers.enclave.build import enclave_report, enclaves_of
from tracker.papers.pair.build import pair_report, pairs_of
from tracker.papers.province.build import province_report
from tracker.papers.reports.heads import place_of
from tracker.papers.reports.previous import previous_of
from tracker.papers.reports.ranking import ranked_cards
from tracker.papers.reports.volume import sheets_in_order
from tracker.papers.scorecard.build import card_of
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.procedure.sights import Sight


@dataclass(frozen=True, slots=True)
class PaperRef:
    """One paper of a snapshot.

    (kind, sheet, subject_code) names it among the papers of its snapshot, as `PaperIdentity` does
    on the file; `sheet` is the rulebook's code, "" where there are several. `region_ids` are the
    regions that the paper is about: it is for those who see one of them, and a paper without any
    is about the whole province, for the province's people alone.
    """

    kind: PaperKind
    sheet: str
    subject_code: str
    subject_name: str
    region_ids: tuple[int, ...] = ()


def papers_of(snapshot: ScoredSnapshot) -> Iterator[PaperRef]:
    """All papers of `snapshot`, in the order of a bound volume.

    The province's report, the cities', then sheet by sheet the scorecards by class and rank. An
    enclave's yearly sheet and a pair's sheet follow the scorecard of the same subject; those of
    subjects without a scorecard stand at the end of their kind. The assessment of a city gives its
    report, for its own people and the province's, and the scorecards of its counties.
    """
    code, name = place_of(snapshot)
    if snapshot.owner is not None:
        if "region_id" in snapshot.owner:
            yield PaperRef(PaperKind.PROVINCE, "", code, name, (int(snapshot.owner["region_id"]),))
        for sheet in sheets_in_order(snapshot):
            yield from (_scorecard(sheet, card) for card in ranked_cards(sheet))
        return
    yield PaperRef(PaperKind.PROVINCE, "", code, name)
    cities = snapshot.sheet_of("city")
    if cities is not None:
        for card in ranked_cards(cities):
            yield replace(_scorecard(cities, card), kind=PaperKind.CITY, sheet="")
    followers = {
        "enclave": {code: _enclave(code, of) for code, of in enclaves_of(snapshot).items()},
        "pair": {code: _pair(code, of) for code, of in pairs_of(snapshot).items()},
    }
    for kind, sheets in groupby(sheets_in_order(snapshot), _kind):
        following = followers.pop(kind, {})
        for sheet in sheets:
            for card in ranked_cards(sheet):
                scorecard = _scorecard(sheet, card)
                own = following.pop(card.subject.code, None)
                yield replace(scorecard, region_ids=own.region_ids) if own else scorecard
                if own:
                    yield replace(own, sheet=scorecard.sheet if kind == "enclave" else "")
        yield from following.values()
    for following in followers.values():  # of kinds without any sheet
        yield from following.values()


def paper_pdf(
    snapshot: ScoredSnapshot,
    ref: PaperRef,
    stamp: Stamp = DRAFT,
    settled: Collection[tuple[str, str]] = (),
    sight: Sight = ~Sight.NOTHING,
    public: str = "",
) -> bytes:
    """The file of one paper; equal arguments give equal bytes. `settled` are the cards, by sheet
    and subject, that were made final: drafts promise them nothing any more; `sight`: what the
    reader of a draft scorecard sees of others, and `public` what he is told of instead.

    Reports that compare with last year read the snapshot that `snapshot` names from the database.
    Raises KeyError for a paper that the snapshot does not give, and where that one is not stored.
    """
    from tracker.papers.city.pdf import city_pdf
    from tracker.papers.enclave.pdf import enclave_pdf
    from tracker.papers.pair.pdf import pair_pdf
    from tracker.papers.province.pdf import province_pdf
    from tracker.papers.scorecard.pdf import scorecard_pdf

    code = ref.subject_code
    if ref.kind is PaperKind.PROVINCE:
        return province_pdf(province_report(snapshot, previous_of(snapshot), stamp))
    if ref.kind is PaperKind.CITY:
        return city_pdf(city_report(snapshot, previous_of(snapshot), code, stamp, settled))
    if ref.kind is PaperKind.ENCLAVE:
        return enclave_pdf(enclave_report(snapshot, code, stamp))
    if ref.kind is PaperKind.PAIR:
        return pair_pdf(pair_report(snapshot, code, stamp))
    final = (ref.sheet, code) in settled
    card = card_of(snapshot, ref.sheet, code, stamp, settled=final, sight=sight, public=public)
    return scorecard_pdf(card)


def _kind(sheet: ScoredSheet) -> str:
    return sheet.rulebook.subject.partition(".")[0]


def _scorecard(sheet: ScoredSheet, card: Scorecard) -> PaperRef:
    subject = card.subject
    region = int(sheet.frozen["subjects"][subject.code]["region_id"])
    code = sheet.rulebook.code
    return PaperRef(PaperKind.SCORECARD, code, subject.code, subject.name, (region,))


def _enclave(code: str, frozen: Mapping[str, Any]) -> PaperRef:
    regions = tuple(map(int, frozen["region_ids"]))
    return PaperRef(PaperKind.ENCLAVE, "", code, frozen["name"], regions)


def _pair(code: str, frozen: Mapping[str, Any]) -> PaperRef:
    sides = (frozen["supporter"]["name"], frozen["recipient"]["name"])
    regions = tuple(map(int, frozen["region_ids"]))
    return PaperRef(PaperKind.PAIR, "", code, "—".join(sides), regions)
