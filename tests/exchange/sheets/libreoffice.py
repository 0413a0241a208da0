"""LibreOffice as somebody who fills in workbooks, without a screen, with a profile of its own."""

from __future__ import annotations

import html
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

XLSX, CSV, ODS = "Calc MS Excel 2007 XML", "Text - txt - csv (StarCalc)", "calc8"
# Comma, quotes, UTF-8, from the first line, as shown, texts in quotes only where they need them.
CSV_OPTIONS = "44,34,76,1,,0,false,true"
_SECONDS = 90
_MACRO = Path(__file__).with_name("editing.bas")
_OOO = "http://openoffice.org"
_LIBRARIES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE library:libraries PUBLIC '
    '"-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">\n'
    f'<library:libraries xmlns:library="{_OOO}/2000/library"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard"'
    ' xlink:href="$(USER)/basic/Standard/{}.xlb/" xlink:type="simple" library:link="false"/>'
    "</library:libraries>"
)
_LIBRARY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE library:library PUBLIC '
    '"-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">\n'
    f'<library:library xmlns:library="{_OOO}/2000/library" library:name="Standard"'
    ' library:readonly="false" library:passwordprotected="false">{}</library:library>'
)
_MODULE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE script:module PUBLIC '
    '"-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
    f'<script:module xmlns:script="{_OOO}/2000/script" script:name="Editing"'
    ' script:language="StarBasic">{}</script:module>'
)
# A profile that is not set up is filled with what comes with the program, over what is there.
_SET_UP = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items'
    f' xmlns:oor="{_OOO}/2001/registry"><item oor:path="/org.openoffice.Setup/Office">'
    '<prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>'
    "</oor:items>"
)

Act = tuple[str, ...]


class LibreOffice:
    """The program with its profile and its files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        basic = folder / "profile" / "user" / "basic"
        (basic / "Standard").mkdir(parents=True)
        module = '<library:element library:name="Editing"/>'
        for name, modules in (("script", module), ("dialog", "")):
            (basic / f"{name}.xlc").write_text(_LIBRARIES.format(name))
            (basic / "Standard" / f"{name}.xlb").write_text(_LIBRARY.format(modules))
        macro = html.escape(_MACRO.read_text())
        (basic / "Standard" / "Editing.xba").write_text(_MODULE.format(macro))
        (basic.parent / "registrymodifications.xcu").write_text(_SET_UP)

    def edit(self, books: Sequence[tuple[bytes, Sequence[Act]]]) -> dict[str, bytes]:
        """Open each workbook in turn and do what is asked: `("type", sheet, cell, text)`,
        `("merge", sheet, cells)`, `("save", file name, filter, options)`. The files that were
        saved."""
        acts: list[Act] = []
        saved: list[str] = []
        for number, (data, wanted) in enumerate(books):
            given = self.folder / f"given{number}.xlsx"
            given.write_bytes(data)
            acts.append(("open", given.as_uri()))
            for act in wanted:
                if act[0] == "save":
                    saved.append(act[1])
                    act = ("save", (self.folder / act[1]).as_uri(), *act[2:])
                acts.append(act)
            acts.append(("close",))
        told, faults = self.folder / "acts.txt", self.folder / "faults.txt"
        told.write_text("\n".join("\t".join(_escaped(act)) for act in acts))
        self._run(f'macro:///Standard.Editing.Main("{told.as_uri()}","{faults.as_uri()}")')
        assert not faults.exists(), faults.read_text()
        return {name: (self.folder / name).read_bytes() for name in saved}

    def _run(self, *arguments: str) -> None:
        profile = (self.folder / "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        program = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            assert program.wait(_SECONDS) == 0
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)  # it starts others
            program.wait()
            raise


def _escaped(act: Act) -> Iterator[str]:
    for word in act:
        assert "\t" not in word, act
        yield word.replace("\n", "\\n")
