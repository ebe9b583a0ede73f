"""Install the peers that the extra ``bench`` of pyproject.toml names, one after another.

One that does not install on this machine does not keep the others away; ``python bench`` says which are missing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """With uv where there is one, as the Makefile does."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    uv = shutil.which("uv")
    install = [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    for peer in project["optional-dependencies"]["bench"]:
        done = subprocess.run([*install, "--quiet", "-c", str(ROOT / "constraints.txt"), peer], check=False)
        if done.returncode:
            print(f"没有装上：{peer}", file=sys.stderr)


if __name__ == "__main__":
    main()
