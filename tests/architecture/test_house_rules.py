"""Rules of the house that a machine can read from the source."""

import ast
import configparser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
APPS = ["accounts", "catalog", "counterparties", "pricing", "finance", "orders", "documents", "integrations"]
SOURCES = sorted(
    path
    for package in [*APPS, "portal"]
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_import_contracts_cover_every_app_and_ignore_two_lines() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")

    roots = contracts["importlinter"]["root_packages"].split()
    ignored = contracts["importlinter:contract:apps"]["ignore_imports"].strip().splitlines()

    own = {config.name for config in apps.get_app_configs() if (ROOT / config.name.split(".")[0]).is_dir()}
    assert set(roots) == {name.split(".")[0] for name in own}
    assert [line.strip() for line in ignored] == ["*.web.** -> **", "*.admin -> **"]


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_source_has_no_import_inside_a_function(path: Path) -> None:
    if path.name == "apps.py":
        pytest.skip("apps.ready is where Django wants such imports")
    tree = ast.parse(path.read_text())

    inside = [
        f"{node.lineno}: {function.name}"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert inside == []


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_source_uses_no_signal_no_save_override_no_bare_round(path: Path) -> None:
    tree = ast.parse(path.read_text())

    faults = [
        f"{node.lineno}: {ast.unparse(node)[:60]}"
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "round")
        or (isinstance(node, ast.FunctionDef) and node.name == "save" and "models" in path.stem)
        or (isinstance(node, ast.ImportFrom) and (node.module or "").endswith("signals"))
    ]

    assert faults == []


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_module_stays_readable(path: Path) -> None:
    lines = path.read_text().count("\n")

    assert path.stem not in {"utils", "helpers", "common"}
    assert lines <= 400, f"{lines} lines: cut it by noun"


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_template_has_nothing_inline_and_says_its_purpose(path: Path) -> None:
    text = path.read_text()
    if "documents/" in named(path) or "mail/" in named(path):
        pytest.skip("papers and letters carry their own style")

    for forbidden in ("<style", "onclick=", "onchange=", "onsubmit=", "javascript:", " style="):
        assert forbidden not in text, forbidden
    assert "<script>" not in text
    assert text.lstrip().startswith("{#") or text.lstrip().startswith("{% comment"), "no head comment"


def test_no_model_has_default_ordering_or_generic_foreign_key() -> None:
    faults = [
        model._meta.label
        for config in apps.get_app_configs()
        if config.name in APPS
        for model in config.get_models()
        if model._meta.ordering or model._meta.private_fields
    ]

    assert faults == []


def test_pages_need_a_sign_in_by_default() -> None:
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE


def test_environment_is_read_in_one_place() -> None:
    readers = [
        named(path)
        for path in SOURCES
        if "os.environ" in path.read_text() and "setdefault" not in path.read_text()
    ]

    assert [
        name
        for name in readers
        if not name.startswith(("portal/embedded/", "portal/demo.py", "portal/processes.py"))
    ] == []
