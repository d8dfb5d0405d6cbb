"""Previews of pictures, drawn after the load so that it does not wait for them."""

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from PIL import Image, UnidentifiedImageError

from catalog.models import Picture
from portal.files.models import StoredFile
from portal.files.services import private_storage, store
from portal.outbox import enqueue, job

PREVIEW_SIDE = 160
_PORTION = 50
_QUALITY = 80
_LARGEST_PIXELS = 60_000_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PreviewsWanted:
    """Payload: pictures without a preview."""

    picture_ids: tuple[int, ...]


def previews_enqueue(*, picture_ids: Sequence[int], key: str) -> None:
    """Have previews drawn, a job per portion; called in the transaction that keeps the pictures."""
    ids = list(dict.fromkeys(picture_ids))
    for start in range(0, len(ids), _PORTION):
        wanted = PreviewsWanted(tuple(ids[start : start + _PORTION]))
        enqueue(previews_draw, wanted, key=f"{key}:{start}")


@job(queue="default", atomic=False)
def previews_draw(payload: PreviewsWanted) -> None:
    """Draw what is still missing; a picture that cannot be read keeps none."""
    pictures = Picture.objects.filter(pk__in=payload.picture_ids, preview=None).select_related("file")
    for picture in pictures:
        preview = _preview(picture.file)
        if preview is not None:
            stored = store(content=preview, name=f"{picture.file.name}.webp", mime="image/webp", source="1С")
            # Only for the picture as it was read: it may have been replaced meanwhile.
            Picture.objects.filter(pk=picture.pk, file_id=picture.file_id).update(preview=stored)


def _preview(file: StoredFile) -> bytes | None:
    """Scale down to 160 px in WebP; None for what Pillow refuses."""
    try:
        with warnings.catch_warnings(), private_storage().open(file.path) as stream:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream) as image:
                if image.width * image.height > _LARGEST_PIXELS:
                    return None
                image.draft("RGB", (PREVIEW_SIDE * 2, PREVIEW_SIDE * 2))
                image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
                drawn = image.convert("RGBA" if "A" in image.getbands() or image.mode == "P" else "RGB")
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        log.warning("picture_unreadable", file=str(file.pk), error=str(error))
        return None
    except (OSError, SyntaxError, ValueError) as error:  # cut and malformed pictures
        log.warning("picture_unreadable", file=str(file.pk), error=str(error))
        return None
    result = io.BytesIO()
    drawn.save(result, "WEBP", quality=_QUALITY)
    return result.getvalue()
