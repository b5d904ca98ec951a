"""veraPDF, which judges documents by PDF/UA-1: many in one run of Java, which costs more to start than to judge with."""

import os
import subprocess
from pathlib import Path

import orjson

from tests.servers import absent, program

VARIABLE = "ENERGIMONITOR_TEST_VERAPDF"
KEPT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "energimonitor"
_NOT_CLEAN = 1  # exit code: all were judged, and not all passed


def broken_clauses(folder: Path) -> dict[str, list[str]]:
    """Of each PDF in the folder, the clauses that it breaks; skips where veraPDF or Java is not there.

    Raises:
        AssertionError: veraPDF did not judge all of them.
    """
    named = os.environ.get(VARIABLE)
    jars = [Path(named)] if named else sorted(KEPT.glob("greenfield-apps-*.jar"))
    if not jars or not jars[-1].is_file():
        absent(
            "veraPDF", f"`bash .ci/verapdf` brings it and prints its path, for {VARIABLE} (needs maven and default-jre-headless)"
        )
    java = program("java", "default-jre-headless")
    small = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m")
    command = (
        java,
        *small,
        "-cp",
        str(jars[-1]),
        "org.verapdf.apps.GreenfieldCliWrapper",
        "--flavour",
        "ua1",
        "--format",
        "json",
    )
    judged = subprocess.run((*command, str(folder)), capture_output=True, timeout=300, check=False)
    assert judged.returncode in (0, _NOT_CLEAN), judged.stderr.decode()[-2000:]
    found: dict[str, list[str]] = {}
    for job in orjson.loads(judged.stdout)["report"]["jobs"]:
        results = job["validationResult"]
        assert results, job
        rules = [rule for result in results for rule in result["details"]["ruleSummaries"]]
        broken = {f"{rule['clause']}-{rule['testNumber']}" for rule in rules if rule["ruleStatus"] == "FAILED"}
        compliant = all(result["compliant"] for result in results)
        found[Path(job["itemDetails"]["name"]).name] = sorted(broken) or ([] if compliant else ["not compliant"])
    assert found.keys() == {each.name for each in folder.glob("*.pdf")}
    return found
