"""An exchange folder of 1C split into the sessions in which 1C would send it."""

import html
import mmap
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Order = Literal["name", "offers-first"]
Sessions = Literal["kind", "portion", "folder"]

_PROTOCOL_NAME = re.compile(r"(import|offers|prices|rests)(\d*)(?:_(\d+))?\.xml", re.IGNORECASE)
_SAYS_WINDOWS = re.compile(rb"encoding=[\"']windows-1251[\"']", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file on disk and the name under which it travels."""

    name: str
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class DataFile:
    """An XML of the exchange: kind, catalogue index K and portion number N of its name."""

    file: SentFile
    kind: str
    catalog: int
    number: int


@dataclass(frozen=True, slots=True)
class Portion:
    """What one session carries; `imports` names the XML to be imported, in order."""

    label: str
    files: tuple[SentFile, ...]
    imports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExchangeFolder:
    """Sessions to be held, and files of the folder that belong to none."""

    portions: tuple[Portion, ...]
    skipped: tuple[str, ...]


def read_folder(
    folder: Path, *, order: Order = "name", sessions: Sessions = "kind", catalog_index: int | None = None
) -> ExchangeFolder:
    """Group the files of a folder into sessions.

    `sessions`: `kind` as UT 11 does (each import and each offers file by itself, pictures with the import
    that names them), `portion` (import0_1 together with offers0_1), `folder` (everything in one).
    `catalog_index` sends the only catalogue of the folder under another K.
    Raises ValueError when there is nothing to send or two files would travel under one name.
    """
    if not folder.is_dir():
        raise ValueError(f"Нет такой папки: {folder}")
    files = _files(folder)
    others = {name: path for name, path in files if not _PROTOCOL_NAME.fullmatch(path.name)}
    data = [_data_file(path) for _, path in files if _PROTOCOL_NAME.fullmatch(path.name)]
    data = _renumbered(data, catalog_index)
    names = [item.file.name for item in data]
    if not data or len(set(names)) != len(names):
        raise ValueError(f"В папке {folder} нет файлов import/offers или их имена повторяются")
    attachments = {name: _sent(name, path) for name, path in others.items() if path.suffix.lower() != ".xml"}
    groups: dict[tuple[int, ...], list[DataFile]] = defaultdict(list)
    for item in data:
        groups[_session_key(item, order, sessions)].append(item)
    portions = tuple(_portion(groups[key], order, attachments) for key in sorted(groups))
    carried = {file.name for portion in portions for file in portion.files}
    return ExchangeFolder(portions=portions, skipped=tuple(name for name in others if name not in carried))


def _files(folder: Path) -> list[tuple[str, Path]]:
    found = [(path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file()]
    return sorted(found, key=lambda pair: pair[0].lower())


def _sent(name: str, path: Path) -> SentFile:
    return SentFile(name=name, path=path, size=path.stat().st_size)


def _data_file(path: Path) -> DataFile:
    """XML travels by its bare name, wherever it lies."""
    found = _PROTOCOL_NAME.fullmatch(path.name)
    kind, catalog, number = found.groups() if found else ("", "", "")
    return DataFile(
        file=_sent(path.name, path), kind=kind.lower(), catalog=int(catalog or 0), number=int(number or 1)
    )


def _renumbered(data: list[DataFile], catalog_index: int | None) -> list[DataFile]:
    if catalog_index is None:
        return data
    if len({item.catalog for item in data}) > 1:
        raise ValueError("В папке несколько каталогов: номер каталога можно задать только для одного")
    return [
        replace(
            item,
            catalog=catalog_index,
            file=replace(item.file, name=f"{item.kind}{catalog_index}_{item.number}.xml"),
        )
        for item in data
    ]


def _rank(kind: str, order: Order) -> int:
    kinds = ["import", "offers", "prices", "rests"]
    if order == "offers-first":
        kinds = ["offers", "import", "prices", "rests"]
    return kinds.index(kind)


def _session_key(item: DataFile, order: Order, sessions: Sessions) -> tuple[int, ...]:
    if sessions == "folder":
        return ()
    if sessions == "portion":
        return (item.catalog, item.number)
    return (item.catalog, _rank(item.kind, order), item.number)


def _portion(items: list[DataFile], order: Order, attachments: dict[str, SentFile]) -> Portion:
    items = sorted(items, key=lambda item: (item.catalog, _rank(item.kind, order), item.number))
    files = {item.file.name: item.file for item in items}
    if attachments:
        for item in items:
            named = {name: attachments[name] for name in _references(item.file.path) if name in attachments}
            files |= dict(sorted(named.items()))
    imports = tuple(item.file.name for item in items)
    return Portion(label=" + ".join(imports), files=tuple(files.values()), imports=imports)


def _references(path: Path) -> Iterator[str]:
    """Pictures and attachments named by an import file.

    A search of bytes, not a parser: a cut or hostile file has to reach the site just as it is.
    """
    if not path.stat().st_size:
        return
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        encoding = "windows-1251" if _SAYS_WINDOWS.search(content[:200]) else "utf-8"
        patterns = (
            r"<Картинка(?:\s[^>]*)?>\s*([^<]+?)\s*</Картинка>",
            r"<Наименование>ОписаниеФайла</Наименование>\s*<Значение>\s*([^<#]+)",
        )
        for pattern in patterns:
            for found in re.finditer(pattern.encode(encoding), content):
                yield html.unescape(found.group(1).decode(encoding, errors="replace"))
