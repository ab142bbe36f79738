"""500 searches of 12,000 simulated seconds on NAS-Bench-201, beside the rows that its paper prints.

    python tests/benchmarks/simulated_budget.py [RUNS]

The protocol of Dong and Yang (ICLR 2020), as `nas_explorer.races.published_table` runs it. Rows of ours are marked; the weight-sharing
methods are as published.
"""

from __future__ import annotations

import sys
import time

from nas_explorer.races.published_table import COLUMNS, deviations_off, own_rows, published_rows, side_by_side


def run(runs: int) -> None:
    began = time.process_time()
    own, published = own_rows(runs), published_rows()
    seconds = time.process_time() - began
    print(f"{'':22}" + "".join(f"{f'{dataset} {part}':>26}" for dataset, part in COLUMNS))
    for row in side_by_side(own, published):
        cells = "".join(f"{mean:18.2f}" + (f" ±{deviation:6.2f}" if deviation is not None else " " * 8) for mean, deviation in row.cells)
        print(f"{row.method + (', ours' if row.ours else ', published'):22}{cells}")
    print(f"\n{runs} runs a method in {seconds:.1f} CPU-s")
    for ours in own:
        theirs = next(row for row in published if row.method == ours.method)
        off = [value for value in deviations_off(ours, theirs) if value is not None]
        print(f"{ours.method}: {ours.evidence}; the means lie at most {max(off):.2f} published standard deviations off. "
              f"Published: {theirs.evidence}")


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
