"""What is said of an issued paper that something was added to: by whom it is signed, what stands on
its pages, and whether it is still the paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tracker.core.quantities.clock import day_of, present, written
from tracker.papers.common.additions import Added
from tracker.papers.common.signatures import Signed

_BY_OTHERS = "证书是否由可信机构颁发、是否已被吊销，本系统不核对。"


def is_still_the_paper(added: Added) -> bool:
    """Whether nothing was added but signatures and notes, of which no signature is broken."""
    broken = any(
        each["state"] == "broken" or each["covers"] == "part" for each in added["signatures"] or ()
    )
    found = added["signed"] or added["notes"]
    return bool(found) and added["whole"] and not added["changed"] and not broken


def added_words(added: Added, is_own: Callable[[str], bool]) -> list[str]:
    """What was added, in sentences; `is_own`: whether papers were signed here with the certificate
    of a digest."""
    words = signature_words(added["signatures"], added["signed"], is_own)
    if added["notes"]:
        words.append(f"追加了批注：{'，'.join(added['notes'])}。批注不属于原件。")
    if added["changed"]:
        words.append(f"追加的内容改动了原件：{'，'.join(added['changed'])}。")
    return words


def signature_words(
    signatures: list[Signed] | None, number: int, is_own: Callable[[str], bool]
) -> list[str]:
    """Who signed a file with `number` signatures, and what each holds for."""
    if not number:
        return []
    if signatures is None:
        return [f"文件有 {number} 处电子签名；本机没有安装签名组件，无法核对签名人和签名是否完好。"]
    several = len(signatures) > 1
    words = [
        f"电子签名{f' {place}' if several else ''}：{_words(each, is_own)}"
        for place, each in enumerate(signatures, 1)
    ]
    if any(each["state"] == "holds" for each in signatures):
        words.append(_BY_OTHERS)
    return words


def _words(signed: Signed, is_own: Callable[[str], bool]) -> str:
    if not signed["signer"]:
        return "签名的内容无法读取，签名无效。"
    who = f"签名人 {signed['signer']}，证书由 {signed['issuer']} 颁发，{_validity(signed)}"
    own = "" if signed["state"] != "holds" else f"{_whose(is_own(signed['certificate']))}"
    return f"{who}；{_state(signed)}。{own}"


def _validity(signed: Signed) -> str:
    since, until = (datetime.fromisoformat(signed[key]) for key in ("since", "until"))
    days = f"有效期 {day_of(since)} 至 {day_of(until)}"
    if present() > until:
        days += "（现已过期）"
    if not signed["at"]:
        return f"{days}，没有写明签名时间"
    at = datetime.fromisoformat(signed["at"])
    within = "在有效期内" if since <= at <= until else "不在有效期内"
    return f"{days}，自述签名时间 {written(at)}，{within}"


def _state(signed: Signed) -> str:
    if signed["state"] == "unknown":
        return signed["fault"]
    if signed["state"] == "broken":
        return "签名无效，所签的内容或签名本身被改动过"
    return {
        "file": "签名完好，覆盖整个文件",
        "revision": "签名完好，覆盖签名时的全部内容，其后又有追加",
    }.get(signed["covers"], "签名没有覆盖全部内容，不足为凭")


def _whose(own: bool) -> str:
    if own:
        return "证书是本系统签发文书所用的。"
    return "证书不是本系统签发文书所用的，签名人的身份请另行核实。"
