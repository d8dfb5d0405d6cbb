"""The operator behind a folder: whole files only, faults that break nothing."""

import errno
import json
from pathlib import Path
from typing import Any

import pytest

from documents.edo import file_drop
from documents.edo.file_drop import FileDropOperator
from documents.edo.operators import EdoSignature, OperatorFailed, OperatorFault, OperatorFile
from documents.states import EdoStatus

KEY, NAME = "60df91df-fe10-5273-9571-49371c223dbd", "ON_NSCHFDOPPR_2BM-1_2BM-2_20261120_x_0_0_0_0_0_00.xml"


@pytest.fixture
def operator(tmp_path: Path) -> FileDropOperator:
    return FileDropOperator(tmp_path)


def send(operator: FileDropOperator, **told: Any) -> str:
    usual: dict[str, Any] = {
        "key": KEY, "name": NAME, "content": b"<x/>", "signature": None, "receiver_id": "2BM-1",
    }  # fmt: skip
    return operator.send(**(usual | told))


def say(operator: FileDropOperator, told: object, key: str = KEY) -> None:
    folder = operator.root / "status"
    folder.mkdir(exist_ok=True)
    content = told if isinstance(told, bytes) else json.dumps(told).encode()
    (folder / f"{key}.json").write_bytes(content)


def lying(operator: FileDropOperator) -> list[str]:
    return sorted(path.name for path in (operator.root / "outbox").iterdir())


def test_file_is_put_whole_with_its_key_and_signature(operator: FileDropOperator) -> None:
    assert send(operator, signature=b"sig") == KEY

    outbox = operator.root / "outbox"
    assert lying(operator) == [NAME, f"{NAME}.id", f"{NAME}.sig"]
    assert (outbox / NAME).read_bytes() == b"<x/>"
    assert (outbox / f"{NAME}.id").read_text() == KEY


def test_repeat_is_one_file(operator: FileDropOperator) -> None:
    send(operator)
    send(operator)

    assert lying(operator) == [NAME, f"{NAME}.id"]


def test_message_that_has_a_status_is_not_put_again(operator: FileDropOperator) -> None:
    send(operator)
    for path in (operator.root / "outbox").iterdir():  # the operator has carried it away
        path.unlink()
    say(operator, {"status": "received", "at": "2026-11-20T10:15:00+03:00"})

    assert send(operator) == KEY

    assert lying(operator) == []


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EACCES])
def test_full_disk_leaves_no_half_of_a_file(
    operator: FileDropOperator, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(fault, "no")

    monkeypatch.setattr(file_drop.os, "fsync", fail)

    with pytest.raises(OperatorFailed, match="outbox"):
        send(operator)

    assert lying(operator) == []


def test_folder_that_is_a_file_is_told(operator: FileDropOperator) -> None:
    (operator.root / "outbox").write_text("")

    with pytest.raises(OperatorFailed, match="outbox"):
        send(operator)


@pytest.mark.parametrize(
    "name", ["../x.xml", "/etc/passwd", "a/b.xml", ".hidden", "", "a" * 300, "имя.xml", "a\0b"]
)
def test_name_with_a_path_is_refused(operator: FileDropOperator, name: str) -> None:
    with pytest.raises(OperatorFault):
        send(operator, name=name)
    with pytest.raises(OperatorFault):
        operator.status(name)
    with pytest.raises(OperatorFault):
        operator.download(name)

    assert list(operator.root.iterdir()) == []


def test_nothing_is_known_of_an_unknown_message(operator: FileDropOperator) -> None:
    assert operator.status(KEY) is None
    assert list(operator.download(KEY)) == []


def test_status_is_read(operator: FileDropOperator) -> None:
    signature = {"name": "Сидоров П. И.", "certificate": "01AB", "until": "12.01.2027", "more": 1}
    say(operator, {"status": "signed", "at": "2026-11-20T10:15:00+03:00", "signatures": [signature]})

    report = operator.status(KEY)

    assert report is not None
    assert (report.status, report.at.isoformat(), report.reason) == (
        EdoStatus.SIGNED,
        "2026-11-20T10:15:00+03:00",
        "",
    )
    assert report.signatures == (EdoSignature("Сидоров П. И.", "01AB", "12.01.2027"),)


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"status": "signed"',
        b"[" * 10_000,
        {"status": "eaten", "at": "2026-11-20T10:15:00+03:00"},
        {"status": "signed"},
        {"status": "signed", "at": "2026-11-20T10:15:00"},
        {"status": "signed", "at": "yesterday"},
        {"status": "signed", "at": "2026-11-20T10:15:00+03:00", "signatures": [{}]},
        b'{"status": "signed", "at": "2026-11-20T10:15:00+03:00", "reason": "' + b"x" * 100_000 + b'"}',
    ],
)
def test_status_that_cannot_be_read_is_a_fault(operator: FileDropOperator, told: object) -> None:
    say(operator, told)

    with pytest.raises(OperatorFault):
        operator.status(KEY)


def test_files_that_came_back_are_taken_without_links(operator: FileDropOperator) -> None:
    folder = operator.root / "inbox" / KEY
    folder.mkdir(parents=True)
    (folder / "protocol.pdf").write_bytes(b"%PDF-1.7")
    (folder / "title.xml.sig").write_bytes(b"sig")
    (folder / ".new-half").write_bytes(b"half")
    (folder / "link.pdf").symlink_to("/etc/passwd")

    assert list(operator.download(KEY)) == [
        OperatorFile("protocol.pdf", b"%PDF-1.7"),
        OperatorFile("title.xml.sig", b"sig"),
    ]
