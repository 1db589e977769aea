"""Ask whether anything in the lock file has a known hole; no network is no fault of the code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("requirements.txt")


def main() -> int:
    """Run pip-audit over the lock. 1: a hole is known; 0: none is, or nobody could be asked."""
    command = [
        *(sys.executable, "-m", "pip_audit", "--requirement", str(LOCK)),
        *("--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        why = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return _skip(why)
    asked = [one for one in found if "skip_reason" not in one]
    if not asked:
        return _skip(next((one["skip_reason"] for one in found), "nothing is locked"))
    holes = [(one["name"], one["version"], hole) for one in found for hole in one.get("vulns", ())]
    for name, version, hole in holes:
        fixed = ", ".join(hole.get("fix_versions", ())) or "none yet"
        sys.stdout.write(f"{name} {version}: {hole['id']}; fixed in: {fixed}\n")
    sys.stdout.write(
        f"pip-audit: {len(asked)} of {len(found)} packages looked up, {len(holes)} holes known\n"
    )
    return 1 if holes else 0


def _skip(why: str) -> int:
    sys.stdout.write(f"pip-audit: skipped, no advisory could be asked for ({why[:200]})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
