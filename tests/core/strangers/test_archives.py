"""Archives whose directory is the bomb."""

from __future__ import annotations

import struct
import zipfile

import pytest

from tracker.core.strangers.archives import most_entries
from tracker.records.evidence import contents
from tracker.year.rulebooks import workbook


def archive_of(entries: int, said: int) -> bytes:
    """An archive whose directory has `entries` entries and says that it has `said`."""
    first = b"PK\x03\x04" + bytes(26)
    name = b"PK\x01\x02" + bytes(24) + struct.pack("<3H", 1, 0, 0) + bytes(12) + b"a"
    directory = name * entries
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, said, said, len(directory), len(first), 0)
    return first + directory + end


@pytest.mark.parametrize("said", [0, 1])
def test_a_directory_is_not_read_before_it_is_counted(
    said: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("the directory was read")

    large, small = archive_of(400_000, said), archive_of(40_000, said)
    assert len(large) <= contents.LARGEST
    assert len(small) <= workbook.MAX_BYTES
    assert most_entries(large) == 400_000
    monkeypatch.setattr(zipfile, "ZipFile", opened)
    with pytest.raises(contents.RefusedFileError, match="过大"):
        contents.media_type(large)
    with pytest.raises(workbook.WorkbookError, match="过多"):
        workbook.read_workbook(small, (), ())
