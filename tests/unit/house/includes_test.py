#!/usr/bin/env python3
"""The include rules of the house: who may see what (libs/README.md, docs/adr). Run by CTest and tools/lint."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^">]+)[">]')

# library -> libs it may include besides itself
LIBS = {
    "base": set(),
    "text": {"base"},
    "url": {"base"},
    "html": {"base"},
    "article": {"base"},
    "bus": {"base"},
    "rocks": {"base"},
    "state": {"base"},
    "web": {"base"},
    "telemetry": {"base", "web"},
    "rpc": {"base", "telemetry", "web"},
    "pipeline": {"base", "article", "bus", "state", "telemetry"},
    "shard": {"base", "bus", "pipeline", "state"},
    "runtime": {"base", "bus", "pipeline", "rpc", "shard", "telemetry", "web"},
}
# adapter -> what it may include besides what its library may
ADAPTERS = {
    "bus/embedded": {"rocks"},
    "bus/kafka": {"telemetry"},
    "bus/open": {"telemetry"},
    "state/rocksdb": {"rocks"},
}
DOMAIN = {"text", "url", "html", "article", "bus", "state", "pipeline", "shard", "runtime"}

# what an include looks like -> the files that may have it
EDGES = [
    (re.compile(r"^librdkafka/|^rdkafka"), re.compile(r"^libs/bus/kafka/")),
    (re.compile(r"^rocksdb/"), re.compile(r"^libs/(rocks|state/rocksdb|bus/embedded)/")),
    (re.compile(r"^curl/"), re.compile(r"^services/fetch/http/")),
    (re.compile(r"^(grpcpp|grpc)/|\.grpc\.pb\.h$"),
     re.compile(r"^libs/rpc/|^services/\w+/grpc|^services/portal/|^services/newsroom/check|^cli/|^tests/")),
    (re.compile(r"^kawat/v1/.*\.pb\.h$|^google/protobuf/"),
     re.compile(r"^libs/article/(codec|convert)\.cpp$|^libs/pipeline/dead_letter\.cpp$|^libs/rpc/|^services/\w+/grpc|^services/portal/"
                r"|^services/newsroom/check|^cli/|^tests/")),
    (re.compile(r"^lexbor/"), re.compile(r"^libs/(html|url)/")),
    (re.compile(r"^sqlite3\.h$"), re.compile(r"^services/store/fts5")),
    (re.compile(r"^boost/(beast|asio)"), re.compile(r"^libs/web/|^tests/")),
    (re.compile(r"^libxml/"), re.compile(r"^services/parse/|^tests/")),
    (re.compile(r"^prometheus/"), re.compile(r"^libs/telemetry/")),
    (re.compile(r"^spdlog/"), re.compile(r"^libs/telemetry/")),
    (re.compile(r"^toml\+\+/"), re.compile(r"^libs/base/")),
]


def problems(path: pathlib.Path, text: str):
    """Yields (line number, sentence) for each include of a file that breaks a rule. `path` is relative to the root."""
    parts = path.parts
    name = path.as_posix()
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(1)
        first = target.split("/")[0]
        for pattern, allowed in EDGES:
            if pattern.search(target) and not allowed.search(name):
                yield number, f"may not include {target}: only {allowed.pattern} may"
        if parts[0] == "libs":
            allowed = LIBS.get(parts[1], set()) | ADAPTERS.get("/".join(parts[1:3]), set())
            if first in LIBS and first != parts[1] and first not in allowed:
                yield number, f"libs/{parts[1]} may not include {target}: it may include {sorted(allowed)}"
            if first in ("services", "cli", "tests"):
                yield number, f"a library may not include {target}"
        if parts[0] == "services":
            if first == "services" and target.split("/")[1] != parts[1]:
                yield number, f"services never include each other: {target}"
            if first in ("cli", "tests"):
                yield number, f"a service may not include {target}"
            if parts[1] == "newsroom" and first in DOMAIN:
                yield number, f"the newsroom shares no domain code: {target}"


def unknown_libs():
    for folder in sorted((ROOT / "libs").iterdir()):
        if folder.is_dir() and folder.name not in LIBS:
            yield f"libs/{folder.name}: not in libs/README.md's table and this test's LIBS"


def self_check():
    """The rules see what they must: a test that cannot fail proves nothing."""
    planted = [
        ("libs/base/x.h", '#include "bus/bus.h"'),
        ("libs/pipeline/x.cpp", "#include <librdkafka/rdkafka.h>"),
        ("services/fetch/x.cpp", '#include "services/store/service.h"'),
        ("services/fetch/x.cpp", "#include <rocksdb/db.h>"),
        ("services/parse/x.cpp", "#include <curl/curl.h>"),
        ("services/dedupe/stage.cpp", '#include "kawat/v1/article.pb.h"'),
        ("services/newsroom/x.cpp", '#include "article/article.h"'),
        ("libs/bus/x.h", "#include <grpcpp/grpcpp.h>"),
    ]
    for name, line in planted:
        if not list(problems(pathlib.Path(name), line)):
            sys.exit(f"the rules do not see {line} in {name}")


def newsroom_links():
    """The newsroom's targets link no domain library."""
    text = (ROOT / "services/newsroom/CMakeLists.txt")
    if text.exists():
        for lib in sorted(DOMAIN):
            if re.search(rf"\bkawat_{lib}(_\w+)?\b", text.read_text()):
                yield f"services/newsroom/CMakeLists.txt links kawat_{lib}: its truth must be its own"


def main():
    self_check()
    found = list(unknown_libs()) + list(newsroom_links())
    files = 0
    for top in ("libs", "services", "cli"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in (".h", ".cpp"):
                files += 1
                relative = path.relative_to(ROOT)
                found += [f"{relative}:{number}: {sentence}" for number, sentence in problems(relative, path.read_text())]
    print("\n".join(found) if found else f"{files} files keep the include rules")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
