"""The catalogue index as rows: generations of binary blocks, what was touched, what was rewritten."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from catalog.models.goods import Sku


class IndexTouch(models.Model):
    """A statement changed rows that the index is made of; written by triggers in the same transaction.

    The indexer takes rows away with DELETE ... RETURNING: what is not committed yet is not seen and stays,
    so that the order of commits does not matter. Without an array of ids the whole kind is meant.
    """

    kind = models.CharField(max_length=20)
    owner = models.BigIntegerField(db_default=0)
    ids = ArrayField(models.BigIntegerField(), null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "index touch"

    def __str__(self) -> str:
        return self.kind


class IndexGeneration(models.Model):
    """One whole index. A new one is built beside the live one and takes its place in one update.

    `words_at`: when the vocabulary of the search was last made of its terms.
    """

    format = models.PositiveSmallIntegerField()
    is_live = models.BooleanField(default=False)
    built_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    words_at = models.DateTimeField(null=True)
    size = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "index generation"
        constraints = [
            models.UniqueConstraint(
                fields=["is_live"], condition=Q(is_live=True), name="index_generation_one_live"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class IndexBlock(models.Model):
    """One block of a generation: bitmaps or a piece of a vector, as bytes."""

    generation = models.ForeignKey(
        IndexGeneration, on_delete=models.CASCADE, related_name="blocks", db_constraint=False
    )  # the indexer alone writes, within one transaction: a check for each of 100,000 rows tells nothing
    kind = models.CharField(max_length=20)
    owner = models.BigIntegerField()
    chunk = models.PositiveIntegerField()
    payload = models.BinaryField()

    class Meta:
        verbose_name = "index block"
        constraints = [
            models.UniqueConstraint(
                fields=["generation", "kind", "owner", "chunk"], name="index_block_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner}/{self.chunk}"


class IndexText(models.Model):
    """What a sku was last known by: a digest of its text, and the terms that came of it.

    A text that has not changed is not analysed again, and a changed one tells which terms to take away.
    """

    sku = models.OneToOneField(Sku, on_delete=models.CASCADE, primary_key=True, related_name="+")
    digest = models.BinaryField(max_length=16)
    terms = ArrayField(models.TextField())

    class Meta:
        verbose_name = "index text"

    def __str__(self) -> str:
        return f"{self.sku_id}"


class IndexCode(models.Model):
    """An article, code or barcode of a generation, without separators: its beginning finds it."""

    generation = models.ForeignKey(
        IndexGeneration, on_delete=models.CASCADE, related_name="codes", db_constraint=False
    )
    code = models.CharField(max_length=60, db_collation="C")

    class Meta:
        verbose_name = "index code"
        constraints = [models.UniqueConstraint(fields=["generation", "code"], name="index_code_unique")]

    def __str__(self) -> str:
        return self.code


class IndexChange(models.Model):
    """A block was rewritten: processes drop their copy of it. Only the indexer writes, one at a time."""

    generation = models.ForeignKey(IndexGeneration, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20)
    owner = models.BigIntegerField()
    chunk = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "index change"
        indexes = [models.Index(fields=["at"], name="index_change_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner}/{self.chunk}"
