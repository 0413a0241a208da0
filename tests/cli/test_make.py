"""What `make run` says before it begins."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "port-is-free"


def ask(port: int | str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, TOOL, str(port)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_port_that_is_taken_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = ask(port)
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"错误：端口 {port} 已被占用")
        assert "make run PORT=" in line
    done = ask(port)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1", "8000 ", "８０００"])
def test_what_is_no_port_is_one_line(port: str) -> None:
    done = ask(port)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "1 至 65535" in done.stderr
