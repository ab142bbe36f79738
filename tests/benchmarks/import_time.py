"""How long `import nas_explorer` takes in a fresh process, and what a first use loads on top.

    python tests/benchmarks/import_time.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys

HEAVY = ("numpy", "pandas", "plotly", "optuna", "torch", "IPython")
USES = {
    "import nas_explorer": "import nas_explorer",
    "... and draw a space": "import nas_explorer as nas; nas.spaces.nas_bench_201()",
    "... and make a search": "import nas_explorer as nas; nas.Search('nas_bench_201', 'random_search', 'tabular', budget=1)",
}
TIMES = 7
TEMPLATE = """
import sys, time
began = time.perf_counter()
{use}
print(time.perf_counter() - began, *(name for name in {heavy!r} if name in sys.modules))
"""


def measure(use: str) -> tuple[float, list[str]]:
    """(seconds, heavy packages that it loaded), in a process of its own."""
    program = TEMPLATE.format(use=use, heavy=HEAVY)
    seconds, *loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    return float(seconds), loaded


def main() -> None:
    for name, use in USES.items():
        runs = [measure(use) for _ in range(TIMES)]
        seconds = [second for second, _ in runs]
        print(f"{name:22}  median {statistics.median(seconds):.3f} s, most {max(seconds):.3f} s of {TIMES}; "
              f"loads {', '.join(runs[0][1]) or 'none of ' + ', '.join(HEAVY)}")


if __name__ == "__main__":
    main()
