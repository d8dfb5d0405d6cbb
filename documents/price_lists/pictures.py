"""Small pictures of goods for price lists."""

from collections.abc import Iterable
from io import BytesIO
from uuid import UUID

from PIL import Image, UnidentifiedImageError

from portal.files.models import StoredFile
from portal.files.serving import FileDamaged, open_file

MOST_PICTURES = 1_000
"""A list of more goods has pictures for the first of them: each is kept in memory until the file is whole."""
SIDE = 120


class Pictures:
    """Hands out small JPEGs, at most MOST_PICTURES of them."""

    def __init__(self) -> None:
        self.left = MOST_PICTURES

    def small(self, stored_id: UUID | None) -> bytes | None:
        """None where there is none, where it cannot be read, and when enough were handed out."""
        if stored_id is None or self.left <= 0:
            return None
        found = small_picture(StoredFile.objects.filter(pk=stored_id))
        self.left -= found is not None
        return found


def small_picture(stored: Iterable[StoredFile]) -> bytes | None:
    """The first of the files as a JPEG on white."""
    for one in stored:
        try:
            with open_file(one) as content, Image.open(content) as picture:
                picture.draft("RGB", (SIDE * 2, SIDE * 2))
                picture.thumbnail((SIDE, SIDE))
                return _jpeg(picture)
        except (FileDamaged, UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
            return None
    return None


def _jpeg(picture: Image.Image) -> bytes:
    seen = picture.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    kept = BytesIO()
    paper.save(kept, "JPEG", quality=80)
    return kept.getvalue()
