"""A few pages look as they did when somebody last looked at them."""

import io

import pikepdf
import pytest

from tests.papers.common.references import FOLDER, PAGES, difference, picture, reference
from tests.papers.common.samples import printed

HINT = "页面的样子变了。如属有意，运行 make references，逐张看过再提交。"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_looks_as_it_did(name):
    paper, page = PAGES[name]
    found = difference(picture(printed(paper), page), reference(name))
    assert found.tolerable, f"{name}: {found}。{HINT}"


def test_there_is_no_picture_of_a_page_that_nobody_compares():
    assert {path.stem for path in FOLDER.glob("*.png")} == set(PAGES)
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < 400_000


def changed(pdf: bytes, before: bytes) -> bytes:
    """The paper with operators put before the first page's own."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.pages[0].contents_add(file.make_stream(before), prepend=True)
        file.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("harm", "operators"),
    [
        ("moved aside by a millimetre", b"1 0 0 1 2.83 0 cm"),
        ("moved down by a line's third", b"1 0 0 1 0 -5 cm"),
        ("a hundredth smaller", b"0.99 0 0 0.99 0 0 cm"),
        ("a bar across", b"0 g 80 300 440 6 re f"),
    ],
)
@pytest.mark.parametrize("name", ["scorecard-first", "form-quarter"])
def test_a_page_that_looks_different_is_found_out(name, harm, operators):
    paper, page = PAGES[name]
    assert page == 1
    assert not difference(picture(changed(printed(paper), operators), 1), reference(name)).tolerable


def test_the_same_page_with_other_words_is_found_out():
    assert not difference(reference("form-quarter"), reference("form-tasks")).tolerable


def test_a_reader_that_draws_a_little_darker_is_tolerated():
    drawn = picture(printed("scorecard"), 1)
    darker = drawn.point([max(0, level - 10) if level < 250 else level for level in range(256)])
    assert difference(darker, reference("scorecard-first")).tolerable
