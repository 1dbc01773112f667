from __future__ import annotations

import datetime as dt

import pytest

from constanta.content.records import parse_partial_date


@pytest.mark.parametrize(
    "text", ["2025", "2025-03", "2025-03-20", "2021-12/2022-01", "2017/2018", "2020-08/2020-11-09"]
)
def test_a_partial_date_reads_back_as_it_was_written(text: str) -> None:
    assert str(parse_partial_date(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "2025-13",
        "2025-02-30",
        "2025-3-1",
        "2025/2024",
        "2025-03/2025-02",
        "20 March 2025",
        "0000",
        "2025/",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_partial_date(text)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2025", dt.date(2025, 12, 31)),
        ("2024-02", dt.date(2024, 2, 29)),
        ("2021-12/2022-01", dt.date(2022, 1, 31)),
        ("2025-03-20", dt.date(2025, 3, 20)),
    ],
)
def test_a_date_is_ordered_by_its_last_day(text: str, last: dt.date) -> None:
    assert parse_partial_date(text).last_day == last


def test_a_range_touches_every_year_between_its_ends() -> None:
    assert list(parse_partial_date("2021-12/2023-01").years) == [2021, 2022, 2023]
