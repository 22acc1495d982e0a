"""Before anything is installed, make says what is missing and the one command that brings it."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _preflight(folder: Path, **programs: str) -> subprocess.CompletedProcess[str]:
    """Run the preflight where these programs answer with these words."""
    for name, script in programs.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    command = ["sh", str(ROOT / "preflight.sh"), str(folder / "venv")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("programs", "missing", "advice"),
    [
        ({"uname": "echo Darwin"}, "this is Darwin", "Several machines"),
        ({"uname": '[ "$1" = -m ] && echo aarch64 || echo Linux'}, "this is aarch64", "Several machines"),
        ({"getconf": "echo glibc 2.31"}, "glibc 2.31 is older than 2.34", "upgrade"),
        ({"getconf": "exit 1"}, "no glibc", "Several machines"),
        (
            {"python3.12": "exit 1", "python3.11": "exit 1", "python3": "exit 1", "apt-get": "exit 0"},
            "no Python 3.11 or 3.12",
            "sudo apt-get install -y python3 python3-venv",
        ),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(
    tmp_path: Path, programs: dict[str, str], missing: str, advice: str
) -> None:
    found = _preflight(tmp_path, **programs)
    assert found.returncode == 1
    assert missing in found.stderr
    assert advice in found.stderr
    assert not (tmp_path / "venv").exists()
