"""An office's font file that cannot be used is refused when the product starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import settings_for
from tracker import create_app
from tracker.engine.typeset.faces import FONT_FOLDER, FontError

TRACKER = Path(sys.executable).parent / "tracker"


def start(folder: Path):
    return create_app(settings_for(f"sqlite:///{folder / 'none.db'}", folder))


def test_the_site_does_not_start_with_a_file_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("FONT_FANGSONG", str(tmp_path / "仿宋.ttf"))
    with pytest.raises(FontError, match=r"FONT_FANGSONG .*不存在"):
        start(tmp_path)


def test_a_file_that_can_be_used_is_no_hindrance_nor_is_an_empty_name(tmp_path, monkeypatch):
    monkeypatch.setenv("FONT_FANGSONG", str(FONT_FOLDER / "NotoSerifSC-400-gb2312.ttf"))
    monkeypatch.setenv("FONT_HEITI", " ")
    assert start(tmp_path)


def test_a_command_says_so_in_one_line(tmp_path):
    environment = {**os.environ, "TRACKER_INSTANCE": str(tmp_path), "FONT_KAITI": "/none.ttf"}
    command = [TRACKER, "report", "--year", "2024"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "错误：FONT_KAITI 指定的字体文件 /none.ttf 不存在。\n"
