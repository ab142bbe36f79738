"""A paper's own notation, where there is one."""

from __future__ import annotations

from nas_explorer.spaces import chain, sample
from nas_explorer.spaces.library.nas_bench_201 import from_arch_str
from nas_explorer.spaces.notation import notation


def test_only_the_paper_s_own_space_has_a_notation(nb201, rng):
    architecture = sample(nb201, rng)
    assert from_arch_str(notation(nb201, architecture)) == architecture
    assert notation(chain(), sample(chain(), rng)) == ""
    changed = nb201.edit("cell", lambda cell: cell.without("0", "3"))
    assert notation(changed, sample(changed, rng)) == ""
