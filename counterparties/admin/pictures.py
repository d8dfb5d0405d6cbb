"""Logo, stamp and facsimiles of the seller: uploaded on the pages of their owners."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.files.services import store
from portal.files.sniffing import HEAD_LENGTH, sniff_mime

_MIMES = frozenset({"image/png", "image/jpeg"})
_MOST_BYTES = 2 * 1024 * 1024


class PictureField(forms.FileField):
    """A PNG or a JPEG by its bytes, at most 2 MB; it is only ever put on paper by the fenced-in layout."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return None
        if (file.size or 0) > _MOST_BYTES:
            raise forms.ValidationError(_("Картинка больше 2 МБ."))
        head = file.read(HEAD_LENGTH)
        file.seek(0)
        if sniff_mime(head) not in _MIMES:
            raise forms.ValidationError(_("Это не PNG и не JPEG."))
        return file


class PicturesForm(forms.ModelForm):
    """A row with pictures: `stamp` is uploaded as `stamp_file` and taken away by `stamp_removed`."""

    pictures: tuple[str, ...] = ()

    def save(self, commit: bool = True) -> Any:
        for name in self.pictures:
            file = self.cleaned_data.get(f"{name}_file")
            if file is not None:
                setattr(self.instance, name, _kept(file))
            elif self.cleaned_data.get(f"{name}_removed"):
                setattr(self.instance, name, None)
        return super().save(commit)


def _kept(file: UploadedFile) -> Any:
    content = file.read()
    mime = sniff_mime(content[:HEAD_LENGTH]) or ""
    return store(content=content, name=file.name or "picture", mime=mime, source="upload")


class SignerForm(PicturesForm):
    """Who signs, with a picture of his signature."""

    pictures = ("facsimile",)
    facsimile_file = PictureField(
        label=gettext_lazy("факсимиле"),
        required=False,
        help_text=gettext_lazy("PNG или JPEG до 2 МБ. Печатается только в счете и заявке."),
    )
    facsimile_removed = forms.BooleanField(label=gettext_lazy("убрать факсимиле"), required=False)
