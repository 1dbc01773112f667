"""The check `url`: web and e-mail addresses are those of the source.

Source: `docs/orthography.md`, section 21.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from constanta.catalogs.checks.rules import Form, Hit, Rule
from constanta.catalogs.checks.text import EMAIL, URL, may_have_address
from constanta.catalogs.findings import Severity
from constanta.errors import sentence

_URL = re.compile(URL)
_ADDRESS = re.compile(f"{URL}|{EMAIL}")


def _find(form: Form) -> Iterator[Hit]:
    raw, source = form.text.raw, form.source.raw
    if not (may_have_address(raw) or may_have_address(source)):
        return
    found, wanted = Counter(_addresses(raw)), Counter(_addresses(source))
    if found == wanted:
        return
    missing, extra = sorted((wanted - found).elements()), sorted((found - wanted).elements())
    if missing and extra:
        text = sentence(
            "The source has %(missing)s, the translation %(extra)s; copy addresses unchanged.",
            missing=", ".join(missing),
            extra=", ".join(extra),
        )
    elif missing:
        text = sentence("The address %(missing)s is missing; copy it unchanged.", missing=", ".join(missing))
    else:
        text = sentence("The address %(extra)s is not in the source; take it out.", extra=", ".join(extra))
    place = raw.find(extra[0]) if extra else -1
    correct = missing[0] if len(missing) == len(extra) == 1 else None
    yield Hit(text, ((place, place + len(extra[0]), correct),) if extra else (), raw=True)


def _addresses(raw: str) -> list[str]:
    return (_ADDRESS if "@" in raw else _URL).findall(raw)


RULES = (Rule("url", Severity.ERROR, _find),)
