"""Pictures of the goods of a portion, kept by content; previews are drawn later."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.models import Picture
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.staged_good import StagedGood
from portal.files.services import store
from portal.files.sniffing import HEAD_LENGTH, sniff_mime

_SOURCE = "1С"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A picture that the file names for a product."""

    product_id: int
    path: str
    position: int
    external_id: str
    line: int


def merge(context: LoadContext, goods: Sequence[StagedGood]) -> None:
    """Keep the pictures that goods name and that came along; drop those no longer named.

    A good without any Картинка says nothing of pictures. A missing or foreign file is a warning.
    """
    told = [good for good in goods if good.record.pictures is not None]
    if not told or context.is_trial:
        return
    wanted = [
        _Wanted(good.product_id, path, position, good.record.product_id, good.record.line)
        for good in told
        for position, path in enumerate(good.record.pictures or ())
    ]
    present = _present([good.product_id for good in told if not good.is_new])
    files = context.uploads.find({picture.path for picture in wanted})
    kept = {
        (picture.product_id, picture.path)
        for picture in wanted
        if _keep(context, picture, present.get((picture.product_id, picture.path)), files.get(picture.path))
    }
    gone = [row.pk for key, row in present.items() if key not in kept]
    if gone:
        Picture.objects.filter(pk__in=gone).delete()


def _present(product_ids: list[int]) -> dict[tuple[int, str], Picture]:
    rows = Picture.objects.filter(product_id__in=product_ids).select_related("file") if product_ids else []
    return {(row.product_id, row.source_path): row for row in rows}


def _keep(context: LoadContext, wanted: _Wanted, row: Picture | None, path: Path | None) -> bool:
    """Insert or change the row of a picture; tell whether the product has it."""
    if path is None:
        if row is None:
            context.report.warn(
                f"Нет файла картинки {wanted.path}", external_id=wanted.external_id, line=wanted.line
            )
            return False
        _place(row, wanted.position)
        return True
    mime = _image_mime(path)
    if mime is None:
        context.report.warn(
            f"Файл {wanted.path} не картинка", external_id=wanted.external_id, line=wanted.line
        )
        return False
    if row is not None and row.file.sha256 == _digest(path):
        _place(row, wanted.position)
        return True
    with path.open("rb") as content:
        stored = store(content=content, name=Path(wanted.path).name, mime=mime, source=_SOURCE)
    row, _is_new = Picture.objects.update_or_create(
        product_id=wanted.product_id,
        source_path=wanted.path,
        defaults={"position": wanted.position, "file": stored, "preview": None},
    )
    context.new_pictures.append(row.pk)
    context.report.counts["pictures_new"] += 1
    return True


def _place(row: Picture, position: int) -> None:
    if row.position != position:
        Picture.objects.filter(pk=row.pk).update(position=position)


def _image_mime(path: Path) -> str | None:
    with path.open("rb") as stream:
        mime = sniff_mime(stream.read(HEAD_LENGTH))
    return mime if mime is not None and mime.startswith("image/") else None


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
