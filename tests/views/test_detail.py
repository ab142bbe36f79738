"""One trial in full."""

from nas_explorer.records import metric
from nas_explorer.spaces import cost
from nas_explorer.spaces.library.nas_bench_201 import arch_str
from nas_explorer.views.detail import RankFact, trial_detail
from tests.views.drawings import ERROR, PARAMS, SPACE, checked_svg, searched


def test_a_finished_trial() -> None:
    history = searched(10, 1)
    rank = RankFact(12, 15625, "test accuracy, 200 epochs", 99.92)
    detail = trial_detail(history, SPACE, 3, [ERROR, PARAMS], {3}, rank=rank, spell=arch_str, noun="cell")
    assert (detail["title"], detail["front"], detail["status"]) == ("Cell #3", True, "finished")
    assert detail["rank"] == {"value": "12", "of": "15,625", "what": "test accuracy, 200 epochs", "percentile": "99.9"}
    assert detail["facts"][0] == {"label": "Error", "value": f"{history.value(3, ERROR.name):.2f} %"}
    assert detail["text"] == arch_str(history.architecture(3))
    checked_svg(detail["diagrams"][0]["svg"])


def test_a_failed_trial_has_its_message_and_what_can_be_counted() -> None:
    history = searched(2, 1, failed=1)
    detail = trial_detail(history, SPACE, 2, [ERROR, metric("macs")], set())
    macs = cost(SPACE, history.architecture(2)).macs
    assert detail["message"].startswith("the loss became NaN")
    assert detail["facts"] == [{"label": "MACs", "value": f"{macs / 1e6:.2f} M"}]


def test_two_devices_are_told_apart() -> None:
    from nas_explorer.records import History
    from tests.toys import story

    names = ("latency_ms@raspi4", "latency_ms@fpga")
    history = History([metric(name) for name in names])
    for event in story([searched(1, 0).architecture(0)], [{names[0]: 52.14, names[1]: 7.0}]):
        history.apply(event)
    facts = trial_detail(history, SPACE, 0, history.objectives, set())["facts"]
    assert facts == [{"label": "Latency, raspi4", "value": "52.14 ms"}, {"label": "Latency, fpga", "value": "7 ms"}]
