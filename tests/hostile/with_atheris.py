"""Let atheris look for files that reach new code: ``python -m tests.hostile.with_atheris``.

Each reader is tried in a process of its own, as atheris ends the one in which it runs.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, Final

QUICK: Final = 90_000
SLOW: Final = 1_000
MEGABYTES: Final = 1024


def tried(name: str, runs: int, seed: int, report: Path, keep: Path | None) -> None:
    """Let atheris change files for one reader, and report faults after every thousand files.

    The library is imported here, so that atheris sees it being imported.
    """
    import atheris  # noqa: PLC0415  it is installed for this alone

    with tempfile.TemporaryDirectory() as folder:
        with atheris.instrument_imports(include=["ncpi_rules"]):
            ours = import_module("tests.hostile.reading")
            (reader,) = [reader for reader in ours.readers() if reader.name == name]
            trial = ours.ReadingTrial(Path(folder), reader)
            for seed_file in trial.seeds:  # much of the library is loaded when it is used
                trial.fault_of(seed_file)
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, seed_file in enumerate(trial.seeds):
            (corpus / str(number)).write_bytes(seed_file)
        faults: dict[str, bytes] = {}
        tried_so_far = 0

        def run(content: bytes) -> None:
            nonlocal tried_so_far
            tried_so_far += 1
            if (fault := trial.fault_of(content)) and fault[:60] not in faults:
                faults[fault[:60]] = content
                if keep is not None:
                    stem = "".join(letter if letter.isalnum() else "-" for letter in name)
                    (keep / f"{stem}-{len(faults)}").write_bytes(content)
            if tried_so_far % 1000 == 0 or tried_so_far >= runs:
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEGABYTES
                figures = {"inputs": tried_so_far, "megabytes": memory, "faults": sorted(faults)}
                report.write_text(json.dumps(figures), "utf-8")

        options = [f"-runs={runs}", f"-seed={seed}", "-max_len=65536", "-verbosity=0"]
        atheris.Setup([sys.argv[0], *options, str(corpus)], run)
        atheris.Fuzz()


def names() -> list[tuple[str, bool]]:
    """Return the name of each reader, and whether it is a quick one."""
    from tests.hostile.reading import FUNCTIONS, readers  # noqa: PLC0415  not before atheris looks

    return [(reader.name, reader.name in FUNCTIONS) for reader in readers()]


def main() -> int:
    """Try every reader and print what came of it; return 1 where anything did."""
    parser = argparse.ArgumentParser(prog=__spec__.name, description=__doc__)
    parser.add_argument("--inputs", type=int, default=QUICK, help="files for each quick reader")
    parser.add_argument("--slow-inputs", type=int, default=SLOW, help="files for each other one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="readers whose names begin so")
    parser.add_argument("--one", default="", help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, help="a folder for the files that show a fault")
    parser.add_argument("--json", type=Path, help="write the figures into this file, too")
    asked = parser.parse_args()
    if asked.one:
        tried(asked.one, asked.inputs, asked.seed, asked.json, asked.keep)
        return 0
    readers, many = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        for name, is_quick in names():
            if not name.startswith(asked.only):
                continue
            report, runs = (
                Path(folder, "report.json"),
                asked.inputs if is_quick else asked.slow_inputs,
            )
            report.unlink(missing_ok=True)
            command = [sys.executable, "-m", __spec__.name, "--one", name, "--json", str(report)]
            command += [f"--inputs={runs}", f"--seed={asked.seed}"]
            command += [f"--keep={asked.keep}"] if asked.keep else []
            ran = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
            figures: dict[str, Any] = {"inputs": 0, "megabytes": 0, "faults": []}
            if report.exists():
                figures = json.loads(report.read_text("utf-8"))
            if ran.returncode:  # whatever ended the process, it is a fault
                ended = f"the process ended with {ran.returncode}: {ran.stderr[-300:]}"
                figures["faults"].append(ended)
            readers[name] = figures
            many += len(figures["faults"])
            sys.stdout.write(f"{name}: {figures}\n")
            sys.stdout.flush()
            if asked.json:  # as far as it has come
                text = json.dumps({"seed": asked.seed, "readers": readers}, indent=2)
                asked.json.write_text(f"{text}\n", "utf-8")
    return 1 if many else 0


if __name__ == "__main__":
    sys.exit(main())
