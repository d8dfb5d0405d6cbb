"""Broken and malicious spreadsheets, each opened in a process of its own that is watched.

Run as `python -m tests.portal.hostile_tables COUNT SEED`; prints what came of them as JSON.
"""

import json
import os
import random
import resource
import sys
import time
import zipfile
from collections import Counter
from io import BytesIO

from openpyxl import Workbook

from portal.lib.tables.containers import is_book
from portal.lib.tables.contract import TableRefused
from portal.lib.tables.process import answer, fence

_WORDS = (
    b'<c r="XFD1048576"><v>1</v></c>', b'<row r="999999999">', b"<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    b"</sheetData>",
    b'<c r="A1" t="s"><v>999999</v></c>', b'<c t="n"><v>1e999</v></c>', b"\xff\xfe", b"<v>NaN</v>", b'r="-1"',
    b'<dimension ref="A1:XFD1048576"/>', b'count="4294967295"', b"\x00", b"]]>", b'spans="1:16384"',
    b'table:number-rows-repeated="1048576"', b'table:number-columns-repeated="16384"',
)  # fmt: skip


def plain_xlsx() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number in range(30):
        sheet.append([f"ВА47-{number}", f"Автомат {number}", number, 1.5, None, "=A1"])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def plain_ods() -> bytes:
    rows = "".join(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>ВА47-{number}</text:p>'
        f'</table:table-cell><table:table-cell office:value-type="float" office:value="{number}"/>'
        "</table:table-row>"
        for number in range(30)
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<office:document-content {names} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Лист1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    return packed(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest.encode(),
            "content.xml": content.encode(),
        }
    )


def packed(entries: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def mutant(plain: bytes, chance: random.Random) -> bytes:
    """Bytes of the file or of an entry in it flipped, cut, doubled, or made worse with a wicked word."""
    if chance.random() < 0.5:
        return spoilt(plain, chance)
    entries = unpacked(plain)
    name = chance.choice(sorted(entries))
    entries[name] = spoilt(entries[name], chance)
    if chance.random() < 0.1:
        entries[chance.choice(sorted(entries))] = b""
    if chance.random() < 0.1:
        del entries[chance.choice(sorted(entries))]
    return packed(entries)


def spoilt(content: bytes, chance: random.Random) -> bytes:
    told = bytearray(content)
    for _change in range(chance.randint(1, 8)):
        place = chance.randrange(len(told) + 1)
        match chance.randrange(5):
            case 0 if told:
                told[min(place, len(told) - 1)] = chance.randrange(256)
            case 1:
                del told[place : place + chance.randint(1, 40)]
            case 2:
                told[place:place] = told[place : place + chance.randint(1, 200)]
            case 3:
                told[place:place] = chance.choice(_WORDS)
            case _:
                del told[place + chance.randint(0, 2_000) :]
    return bytes(told)


def watched(content: bytes) -> tuple[str, float, float]:
    """What a process of its own says of a file, its seconds, the megabytes that it took at most."""
    began = time.monotonic()
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        fence()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # panics of the library
        told = answer(content, sheet="", hidden=("_meta",))
        os.write(into, ("refused: " + told["refused"] if "refused" in told else "read").encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as stream:
        said = stream.read().decode()
    _pid, status, used = os.wait4(pid, 0)
    if status and not said:
        said = "killed"  # the boundary tells the person that the file is too much
    return said, time.monotonic() - began, used.ru_maxrss / 1024


def main(count: int, seed: int) -> None:
    chance = random.Random(seed)
    plains = (plain_xlsx(), plain_ods())
    said: Counter[str] = Counter()
    slowest = largest = 0.0
    for number in range(count):
        content = mutant(plains[number % 2], chance)
        try:
            is_read = is_book(content)
        except TableRefused as refusal:
            said[f"refused: {refusal}"] += 1
            continue
        if not is_read:  # a text by now
            said["text"] += 1
            continue
        told, seconds, megabytes = watched(content)
        said[told] += 1
        slowest, largest = max(slowest, seconds), max(largest, megabytes)
    json.dump({"said": said, "slowest": slowest, "largest": largest, "count": sum(said.values())}, sys.stdout)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main(int(sys.argv[1]), int(sys.argv[2]))
