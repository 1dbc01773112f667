"""The very tables of Constanta's content database, with its indexes and its counted lists."""

from __future__ import annotations

from django.db import models
from django.urls import reverse


class Document(models.Model):
    """What is known of a document in every language."""

    path = models.TextField()
    kind = models.TextField()
    slug = models.TextField()
    lang = models.TextField()
    date = models.TextField(null=True)
    archived = models.BooleanField()
    topics = models.JSONField()
    available = models.JSONField()

    class Meta:
        managed = False
        db_table = "document"

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        return reverse("publication", args=[self.slug])


class Rendition(models.Model):
    """A document as the pages of one language show it."""

    pk = models.CompositePrimaryKey("document_id", "lang")
    document = models.ForeignKey(Document, models.DO_NOTHING, related_name="renditions")
    lang = models.TextField()
    title = models.TextField()
    title_lang = models.TextField(null=True)
    title_reason = models.TextField(null=True)
    summary = models.TextField()
    summary_lang = models.TextField(null=True)
    summary_reason = models.TextField(null=True)
    state = models.TextField()

    class Meta:
        managed = False
        db_table = "rendition"


class Listing(models.Model):
    """The place of a document in a list, from 1 for the oldest."""

    pk = models.CompositePrimaryKey("scope", "document_id")
    scope = models.TextField()
    document = models.ForeignKey(Document, models.DO_NOTHING, related_name="listings")
    place = models.IntegerField()

    class Meta:
        managed = False
        db_table = "listing"


class Scope(models.Model):
    """How many documents a list has."""

    name = models.TextField(primary_key=True)
    size = models.IntegerField()

    class Meta:
        managed = False
        db_table = "scope"
