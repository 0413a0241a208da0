"""Words for what counties did, filed and earned, and for what was found."""

from __future__ import annotations

from tracker.core.quantities.clock import written
from tracker.core.quantities.shown import told
from tracker.records.exchanges.models import (
    ConsumptionAid,
    InstitutionPair,
    JointMeeting,
    Secondment,
    Side,
    SpecialistPosting,
    Training,
    Visit,
)
from tracker.records.findings.models import Adoption, Finding, FindingKind
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.submissions.models import Filing
from tracker.records.villages.models import VillageIncome
from tracker.year.measures.records import RecordText, describes, pair_words, plain_words, wan_words


def _side(pairing: Pairing, side: Side) -> str:
    return (pairing.supporter if side is Side.SUPPORTER else pairing.recipient).name


@describes(Visit)
def _visit(visit: Visit) -> RecordText:
    pairing = visit.pairing
    other = Side.RECIPIENT if visit.visitor is Side.SUPPORTER else Side.SUPPORTER
    went = f"{_side(pairing, visit.visitor)}赴{_side(pairing, other)}"
    return plain_words(f"高层互访 {visit.visited_on} {went}，{visit.led_by}带队", visit)


@describes(JointMeeting)
def _meeting(meeting: JointMeeting) -> RecordText:
    place = f"（{meeting.place}）" if meeting.place else ""
    return plain_words(f"联席会议 {meeting.met_on} {pair_words(meeting.pairing)}{place}", meeting)


@describes(Secondment)
def _secondment(posted: Secondment) -> RecordText:
    post = f"，{posted.to_post}" if posted.to_post else ""
    end = posted.ends_on or "今"
    sender = _side(posted.pairing, posted.sent_by)
    words = f"挂职干部 {posted.person}，{sender}派出{post}（{posted.starts_on} 至 {end}）"
    return plain_words(words, posted)


@describes(SpecialistPosting)
def _specialists(posting: SpecialistPosting) -> RecordText:
    pair, size = pair_words(posting.pairing), told(posting.people, "人次")
    words = f"专技人才选派 {posting.starts_on} {pair} {posting.field.label} {size}"
    return plain_words(words, posting)


@describes(Training)
def _training(training: Training) -> RecordText:
    title = f" {training.title}" if training.title else ""
    employed = ""
    if training.employed is not None:
        employed = f"，其中就业 {told(training.employed, '人次')}"
    size = told(training.people, "人次")
    pair = pair_words(training.pairing)
    words = f"{training.purpose.label} {training.held_on} {pair}{title} {size}{employed}"
    return plain_words(words, training)


@describes(InstitutionPair)
def _institutions(pair: InstitutionPair) -> RecordText:
    end = f"，至 {pair.ends_on}" if pair.ends_on else ""
    sides = f"{pair.supporter_name}、{pair.recipient_name}"
    return plain_words(f"{pair.kind.label}结对 {sides}（{pair.signed_on} 签约{end}）", pair)


@describes(ConsumptionAid)
def _sales(sales: ConsumptionAid) -> RecordText:
    buyer = f" {sales.buyer}" if sales.buyer else ""
    words = f"消费帮扶 {sales.bought_on} {pair_words(sales.pairing)}{buyer}"
    return plain_words(f"{words} {wan_words(sales.amount)}", sales)


@describes(Filing)
def _filing(filing: Filing) -> RecordText:
    when = f"{written(filing.filed_at)} 报送" if filing.filed_at else "未报送"
    return plain_words(f"{filing.year}年{filing.kind.label} {when}（期限 {filing.due_on}）", filing)


@describes(Finding)
def _finding(finding: Finding) -> RecordText:
    rate = ""
    if finding.kind is FindingKind.SAMPLING and finding.pass_rate is not None:
        rate = f" {told(finding.pass_rate, '比例')}"
    withdrawn = f"，{finding.withdrawn_on} 撤销" if finding.withdrawn_on else ""
    what = f"{finding.level.label}{finding.kind.label}{rate}"
    return plain_words(f"{what} {finding.found_on}（{finding.document}{withdrawn}）", finding)


@describes(Adoption)
def _adoption(adoption: Adoption) -> RecordText:
    words = f"{adoption.level.label}推广 {adoption.title}"
    return plain_words(f"{words} {adoption.adopted_on}（{adoption.document}）", adoption)


@describes(VillageIncome)
def _income(income: VillageIncome) -> RecordText:
    words = f"村集体经营性收入 {income.village.name} {income.year}年"
    return plain_words(f"{words} {wan_words(income.operating)}", income)


@describes(Park)
def _park(park: Park) -> RecordText:
    approved = f"，{park.approved_on} 批复" if park.approved_on else ""
    closed = f"，{park.closed_on} 关闭" if park.closed_on else ""
    return plain_words(f"产业园登记 {park.name}（{park.kind.label}{approved}{closed}）", park)


@describes(Pairing)
def _pairing(pairing: Pairing) -> RecordText:
    return plain_words(f"结对关系 {pair_words(pairing)}", pairing)


@describes(Region)
def _region(region: Region) -> RecordText:
    return plain_words(f"登记 {region.name}", region)
