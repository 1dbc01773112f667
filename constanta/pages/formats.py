"""Dates, numbers and lists in the page's language, by CLDR."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal
from flask import Flask
from markupsafe import Markup, escape

from constanta.content.records import Moment, PartialDate
from constanta.pages.site import current_language


def format_partial_date(value: PartialDate) -> str:
    """Return a date at the precision that is known; a range at the coarser precision of its ends."""
    return _format_partial_date(value, current_language().locale)


@lru_cache(maxsize=512)
def _format_partial_date(value: PartialDate, locale: Locale) -> str:
    if not value.is_range:
        return _format_moment(value.start, locale)
    if value.start.day and value.end.day:
        return f"{_format_moment(value.start, locale)} – {_format_moment(value.end, locale)}"
    if value.start.month and value.end.month:
        return format_interval(value.start.first_day, value.end.first_day, "yMMMM", locale=locale)
    return f"{value.start.year}–{value.end.year}"


def _format_moment(moment: Moment, locale: Locale) -> str:
    if moment.day:
        return format_date(moment.first_day, "long", locale=locale)
    if moment.month:
        return format_skeleton("yMMMM", moment.first_day, locale=locale)
    return str(moment.year)


def format_number(value: int) -> str:
    """Return a whole number with the language's grouping."""
    return _format_number(value, current_language().locale)


@lru_cache(maxsize=512)
def _format_number(value: int, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


_RANGE = re.compile(r"\d+–\d+")


def keep_ranges(text: str) -> str | Markup:
    """Return a text in which no line ends inside a range of numbers: browsers break “2023–2024” after its dash."""
    if "–" not in text:
        return text
    return Markup(_RANGE.sub(r'<span class="range">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped


def init_formats(app: Flask) -> None:
    """Give the formats to the templates as filters."""
    app.jinja_env.filters.update(
        keep_ranges=keep_ranges, partial_date=format_partial_date, number=format_number
    )
