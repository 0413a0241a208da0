"""What a person reads from `make run`, and does in a browser: the standard library's own."""

from __future__ import annotations

import html
import http.client
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Mapping

_TIMEOUT = 60


class Said:
    """What `make run` printed. Raises LookupError for what it did not."""

    def __init__(self, log: str, year: int) -> None:
        self._log = log
        self.drafts = int(self._found(rf"^已生成 (\d+) 份文书：.*[/\\]{year}$"))
        self.issued = int(self._found(r"^已签发 (\d+) 份(?:，|$)"))

    def account(self, title: str) -> tuple[str, str]:
        """Name and password of the first demonstration account whose title ends in `title`."""
        found = re.search(rf"^ +(\S+)\t(\S+)\t\S*{title}$", self._log, re.MULTILINE)
        if found is None:
            raise LookupError(f"make run 没有打印演示账户“{title}”")
        return found[1], found[2]

    def _found(self, pattern: str) -> str:
        # The last one: a second run appends to what the first one said.
        found = re.findall(pattern, self._log, re.MULTILINE)
        if not found:
            raise LookupError(f"make run 没有打印 {pattern}")
        return found[-1]


class Browser:
    """One person's session at `address`."""

    def __init__(self, address: str) -> None:
        self._address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        # No proxy: the address is this machine's own.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def health(self) -> str:
        """What `/healthz` says, "" while nobody answers."""
        try:
            return json.loads(self._open("/healthz"))["status"]
        except urllib.error.HTTPError as error:
            return f"{error.code}"
        except (OSError, http.client.HTTPException):
            return ""

    def sign_in(self, name: str, password: str) -> None:
        """Raises ValueError if it is refused."""
        page = self._page("/login")
        given = {"csrf_token": _token(page), "username": name, "password": password}
        after = self._open("/login", urllib.parse.urlencode(given).encode()).decode()
        if 'name="password"' in after:
            raise ValueError(f"{name} 不能登录")

    def see(self, path: str, words: str) -> str:
        """The page at `path`. Raises ValueError unless its title has `words`."""
        page = self._page(path)
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        if title is None or words not in html.unescape(title[1]):
            raise ValueError(f"{path} 不是“{words}”")
        return page

    def paper(self, year: int) -> bytes:
        """An issued paper of `year`, found in the list. Raises LookupError, ValueError."""
        listed = self._page(f"/papers/?of={year}&standing=current")
        found = re.search(r'href="(/papers/\d+)[".?]', listed)
        if found is None:
            raise LookupError(f"{year} 年没有已签发的文书")
        pdf = self._open(f"{found[1]}.pdf")
        if not pdf.startswith(b"%PDF-"):
            raise ValueError(f"{found[1]}.pdf 不是 PDF")
        return pdf

    def verify(self, pdf: bytes) -> str:
        """The answer of the public page to a file: 一致, or another. Raises LookupError."""
        token = _token(self._page("/verify"))
        body, kind = _form({"csrf_token": token, "number": ""}, "file", "paper.pdf", pdf)
        page = self._open("/verify", body, kind).decode()
        found = re.search(r'<h2 id="answer">(.*?)</h2>', page, re.DOTALL)
        if found is None:
            raise LookupError("/verify 没有给出结论")
        return html.unescape(found[1]).strip()

    def _page(self, path: str) -> str:
        return self._open(path).decode()

    def _open(self, path: str, body: bytes | None = None, kind: str = "") -> bytes:
        headers = {"Referer": f"{self._address}{path}", **({"Content-Type": kind} if kind else {})}
        request = urllib.request.Request(  # noqa: S310 - this machine's own address
            f"{self._address}{path}", data=body, headers=headers
        )
        with self._opener.open(request, timeout=_TIMEOUT) as answer:
            return answer.read()


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if found is None:
        raise LookupError("页面上没有表单")
    return found[1]


def _form(fields: Mapping[str, str], file: str, name: str, content: bytes) -> tuple[bytes, str]:
    """The body of a form with a file, and its content type."""
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="{file}"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    parts += [head.encode(), content, f"\r\n--{mark}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={mark}"
