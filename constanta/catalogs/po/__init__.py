"""The one place that reads and writes `.po` files.

Source for the format: the GNU gettext manual, section “The Format of PO Files”.
"""

from constanta.catalogs.po.model import Catalog, Key, Message, Source, State
from constanta.catalogs.po.reader import MAX_BYTES, parse_catalog, read_catalog, read_data
from constanta.catalogs.po.writer import format_catalog, write_catalog, write_if_changed

__all__ = [
    "MAX_BYTES",
    "Catalog",
    "Key",
    "Message",
    "Source",
    "State",
    "format_catalog",
    "parse_catalog",
    "read_catalog",
    "read_data",
    "write_catalog",
    "write_if_changed",
]
