"""Give changed files to every reader, as many as are asked for, and print what never may come."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
from pathlib import Path
from random import Random

from tests.hostile.changes import changed
from tests.hostile.readers import Reader, Trial, readers


def tried(reader: Reader, *, inputs: int, seed: int) -> list[tuple[str, bytes]]:
    """Return each fault of a reader, and a file that shows it; one for each kind of fault."""
    random = Random(f"{reader.name} {seed}")  # noqa: S311  nothing is kept secret
    faults: dict[str, tuple[str, bytes]] = {}
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), reader)
        for seed_file in trial.seeds:
            if fault := trial.fault_of(seed_file):
                faults[fault[:60]] = fault, seed_file
        for _ in range(inputs):
            content = changed(random, trial.seeds)
            if fault := trial.fault_of(content):
                faults.setdefault(fault[:60], (fault, content))
    return list(faults.values())


def main() -> int:
    """Print what came of each reader; return 1 where anything did."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--inputs", type=int, default=200, help="files for each quick reader")
    parser.add_argument("--slow-inputs", type=int, default=40, help="files for each other one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="readers whose names begin so")
    parser.add_argument("--keep", type=Path, help="a folder for the files that show a fault")
    parser.add_argument("--json", type=Path, help="write the figures into this file, too")
    asked = parser.parse_args()
    figures, many = {}, 0
    for reader in readers():
        if not reader.name.startswith(asked.only):
            continue
        inputs = asked.inputs if reader.is_quick else asked.slow_inputs
        faults = tried(reader, inputs=inputs, seed=asked.seed)
        many += len(faults)
        figures[reader.name] = {"inputs": inputs, "faults": len(faults)}
        sys.stdout.write(f"{reader.name}: {inputs:,} files, {len(faults)} faults\n")
        for number, (fault, content) in enumerate(faults):
            sys.stdout.write(f"  {fault}\n")
            if asked.keep:
                name = "".join(letter if letter.isalnum() else "-" for letter in reader.name)
                (asked.keep / f"{name}-{number}").write_bytes(content)
        sys.stdout.flush()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"At most {memory} MB were in use.\n")
    if asked.json:
        text = json.dumps({"seed": asked.seed, "megabytes": memory, "readers": figures}, indent=2)
        asked.json.write_text(f"{text}\n", "utf-8")
    return 1 if many else 0


if __name__ == "__main__":
    sys.exit(main())
