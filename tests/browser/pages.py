"""The pages that the browser's tests visit: one of every kind."""

from __future__ import annotations

LANGUAGES = ("be", "ru", "en")

PAGES = {
    "home": "",
    "publications": "publications/",
    "topic": "publications/topic/migrants-and-refugees/",
    "translated publications": "publications/translated/",
    "publication": "publications/results-fight-against-extremism-2024/",
    "projects": "projects/",
    "project": "projects/humanitarian-crisis/",
    "archived project": "projects/entry-to-belarus-for-foreign-citizens/",
    "areas": "areas/",
    "area": "areas/foreign-citizens-and-stateless-persons/",
    "translated area": "areas/foreign-citizens-and-stateless-persons/translated/",
    "plain page": "about/",
    "safety": "safety/",
    "newsletter": "newsletter/",
    "search": "search/",
    "found": "search/?q=belarus",
    "nothing found": "search/?q=xyzzy",
    "error": "nothing/here/",
}
"""Pages of the site with its real content, by what they are."""

STATES = {
    "second page": "publications/page/2/",
    "nothing translated": "publications/translated/topic/empty/",
    "nothing translated in an area": "areas/work/translated/",
    "empty topic": "publications/topic/empty/",
    "long words": "publications/long-words/",
    "untranslated": "publications/untranslated/",
    "outdated": "publications/outdated/",
    "second page of an area": "areas/work/page/2/",
}
"""Pages that the real content does not have at every moment, of the small library."""

LINKS = {
    "expired link": f"newsletter/confirm/{'0' * 48}",
    "damaged link": "newsletter/confirm/nothing",
    "last link of a newsletter": f"newsletter/unsubscribe/{'0' * 48}",
}
"""Pages that links in mail lead to."""

FORMS = {"wrong address": "nobody", "address taken": "reader@example.org"}
"""What the newsletter's form answers to."""
