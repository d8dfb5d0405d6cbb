"""Files that went bad are found by the daily check and told of once."""

from datetime import timedelta
from pathlib import Path

import pytest

from accounts.models import Notice
from accounts.notices import NoticeKind
from documents.services import file_checks
from documents.services.file_checks import files_recheck
from portal.files.models import StoredFile
from portal.files.services import private_storage, store
from tests.factories import AT, World


def kept(number: int) -> StoredFile:
    return store(content=f"%PDF-1.7 {number}".encode(), name=f"{number}.pdf", mime="application/pdf")


def spoil(stored: StoredFile) -> None:
    """Other bytes of the same length."""
    with Path(private_storage().path(stored.path)).open("r+b") as blob:
        blob.write(b"%PDF-1.6")


def test_spoilt_and_lost_files_are_told_to_administrators_once(world: World) -> None:
    whole, spoilt, lost = (kept(number) for number in range(3))
    spoil(spoilt)
    private_storage().delete(lost.path)

    first, again = files_recheck(at=AT), files_recheck(at=AT)

    notices = Notice.objects.filter(kind=NoticeKind.FILE_DAMAGED)
    assert (first, again) == (2, 2)
    assert set(notices.values_list("user", "reference")) == {
        (world.administrator.pk, f"file:{spoilt.pk}"),
        (world.administrator.pk, f"file:{lost.pk}"),
    }
    assert notices.count() == 2
    assert StoredFile.objects.filter(pk=whole.pk).exists()


def test_sample_goes_round_and_over_all_in_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {kept(number).pk for number in range(4)}
    seen: list[int] = []
    monkeypatch.setattr(file_checks, "SAMPLE", 2)
    monkeypatch.setattr(file_checks, "file_check", lambda stored: seen.append(stored.pk))

    for day in range(40):
        files_recheck(at=AT + timedelta(days=day))

    assert (len(seen), set(seen)) == (80, files)
