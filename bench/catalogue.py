"""The large catalogue: how fast it comes in from 1C, how fast its pages go out.

50,000 goods with 1,200 properties in 400 sections arrive through the real exchange (simulated 1C
client, web process, Celery worker); then four people at once turn section pages.
"""

import json
import re
import time

from lxml import etree

from bench.harness import OUTPUT, Results, WorkerMemory, in_parallel, percentile, running_portal, signed_in
from bench.large import Catalogues
from integrations.demo.fiction import PEOPLE
from integrations.demo.signin import PASSWORD

GOODS, PROPERTIES, SECTIONS = 50_000, 1_200, 400


def measure(target: str, _catalogues: Catalogues, _sizes: list[int]) -> Results:
    """Import, then pages; into a catalogue of its own."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    results = Results(target)
    with running_portal("catalogue") as portal:
        with WorkerMemory(portal.process) as memory:
            started = time.perf_counter()
            portal.manage(
                "demo_load", f"--base-url={portal.url}", f"--goods={GOODS}", f"--properties={PROPERTIES}",
                f"--sections={SECTIONS}", "--no-pictures", f"--report={OUTPUT / 'upload.json'}",
            )  # fmt: skip
            whole = time.perf_counter() - started
        upload = json.loads((OUTPUT / "upload.json").read_text())
        parse = _bare_parse_seconds()
        results.add(
            "1C exchange, goods and offers (send and import)", upload["seconds"], "s",
            ratio_to=("bare lxml parse of the same files", parse),
        )  # fmt: skip
        results.add("goods per second", GOODS / upload["seconds"], "goods/s")
        results.add("peak memory of a worker process", memory.peak_mb, "MB", at_most=400)
        results.add("whole load with generation and mapping", whole, "s")
        _pages(results, portal.url)
    return results


def _bare_parse_seconds() -> float:
    started = time.perf_counter()
    for path in sorted((OUTPUT / "catalogue" / "demo").rglob("*.xml")):
        for _, element in etree.iterparse(str(path), resolve_entities=False, no_network=True):
            element.clear()
    return time.perf_counter() - started


def _pages(results: Results, url: str) -> None:
    buyers = [person.email for person in PEOPLE if person.role == "buyer"][:4]
    clients = [signed_in(url, buyers[index % len(buyers)], PASSWORD) for index in range(4)]
    start = clients[0].get("/catalog/").text
    sections = list(dict.fromkeys(re.findall(r'href="(/catalog/\d+/)"', start)))
    for path in sections[:6]:
        sections += re.findall(r'href="(/catalog/\d+/)"', clients[0].get(path).text)
    sections = list(dict.fromkeys(sections))[:60]
    for name, group in (("1 user", clients[:1]), ("4 users", clients)):
        in_parallel(group, sections, 5)
        times = in_parallel(group, sections, 60)
        results.add(f"section page, {name}, p50", percentile(times, 0.5), "ms")
        results.add(f"section page, {name}, p95", percentile(times, 0.95), "ms")
