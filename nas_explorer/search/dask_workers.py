"""Trials on Dask's workers, from the cores of this machine to a cluster: the same evaluator, two sizes.

`workers=4` starts four processes here, each with one torch thread, which stay warm between trials; `workers="tcp://host:8786"`
uses the workers of a scheduler that runs already (`dask scheduler` and `dask worker`, SLURM through dask-jobqueue). A worker that
dies is started again by its nanny, and its trial is scored anew, up to three times.
"""

from __future__ import annotations

import queue
import uuid
from typing import Any

from distributed import Client, Future, LocalCluster, get_worker

from nas_explorer.errors import WorkersLost
from nas_explorer.estimators.protocol import Estimator
from nas_explorer.records import Measurement
from nas_explorer.search.evaluator import Ended, Seen, failed
from nas_explorer.spaces import Architecture

CONNECT_SECONDS = 15.0
LOOK_SECONDS = 1.0
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class DaskWorkers:
    """Scores trials on the workers of a Dask cluster.

    Args:
        workers: a number, for that many processes on this machine, or the address of a scheduler.

    Raises:
        WorkersLost: if the scheduler does not answer, or has no workers.
    """

    def __init__(self, estimator: Estimator, workers: int | str) -> None:
        self._estimator = estimator
        self._cluster = _local(workers) if isinstance(workers, int) else None
        self._client = _client(self._cluster or str(workers))
        self._topic = f"nas_explorer-{uuid.uuid4().hex}"
        self._news: queue.SimpleQueue[tuple[int, int, Measurement] | tuple[int, Future[Any]]] = queue.SimpleQueue()
        self._futures: dict[int, Future[Any]] = {}
        self._counts: dict[int, int] = {}  # measurements of a trial that were reported
        self._reports: list[Seen | Ended] = []
        self._client.subscribe_topic(self._topic, self._heard)
        if not self.slots:
            self.close()
            raise WorkersLost(f"the scheduler at {workers} has no workers; start some with `dask worker {workers}`")

    @property
    def slots(self) -> int:
        """One trial a thread of every worker there is now: more may join while the search runs."""
        return sum(self._client.nthreads().values()) if self._client.status == "running" else len(self._futures)

    def submit(self, trial: int, architecture: Architecture) -> None:
        if self._client.status != "running":
            raise WorkersLost("the connection to the scheduler is lost; start it again, then resume the search")
        self._counts[trial] = 0
        future = self._client.submit(
            score, self._estimator, dict(architecture), self._topic, trial, pure=False, key=f"trial-{trial}-{uuid.uuid4().hex}"
        )
        self._futures[trial] = future
        future.add_done_callback(lambda done: self._news.put((trial, done)))

    def report(self) -> Seen | Ended:
        while not self._reports:
            try:
                self._take(self._news.get(timeout=LOOK_SECONDS))
            except queue.Empty:
                self._look()
        return self._reports.pop(0)

    def _take(self, news: tuple[int, int, Measurement] | tuple[int, Future[Any]]) -> None:
        if news[0] not in self._futures:
            return  # dropped meanwhile
        if len(news) == 3:
            trial, at, measurement = news
            if at == self._counts[trial]:  # a trial that is scored anew after its worker's death begins again
                self._counts[trial] += 1
                self._reports.append(Seen(trial, measurement))
            return
        trial, future = news
        del self._futures[trial]
        if future.status == "finished":
            # The result has every measurement; the news of the last ones may still be on their way.
            measurements, error = future.result()
            self._reports += [Seen(trial, Measurement(*m)) for m in measurements[self._counts[trial] :]]
            self._reports.append(Ended(trial, *error) if error else Ended(trial))
        else:
            self._reports.append(_lost(trial, future))
        del self._counts[trial]

    def _look(self) -> None:
        """Where the scheduler is gone no news will ever come: then every trial under way has failed."""
        if self._client.status != "running":
            self._reports += [Ended(trial, "the scheduler was lost while this trial was scored") for trial in self._futures]
            self._futures.clear()

    def _heard(self, event: tuple[float, dict[str, Any]]) -> None:
        """In the client's own thread."""
        message = event[1]
        self._news.put((message["trial"], message["at"], Measurement(message["step"], message["values"])))

    def drop(self, trial: int) -> None:
        future = self._futures.pop(trial, None)
        if future is not None:
            future.cancel()

    def close(self) -> None:
        for trial in list(self._futures):
            self.drop(trial)
        self._client.close(timeout=5)
        if self._cluster is not None:
            self._cluster.close(timeout=5)


def score(
    estimator: Estimator, choices: dict[str, Any], topic: str, trial: int
) -> tuple[list[tuple[int, dict[str, float]]], tuple[str, str] | None]:
    """In a worker: score one architecture, telling each measurement at once; all of them come back, with the error if there was one."""
    worker = get_worker()
    measurements: list[tuple[int, dict[str, float]]] = []
    try:
        for measurement in estimator.evaluate(Architecture(choices)):
            values = dict(measurement.values)
            worker.log_event(topic, {"trial": trial, "at": len(measurements), "step": measurement.step, "values": values})
            measurements.append((measurement.step, values))
    except Exception as error:
        ended = failed(trial, error)
        return measurements, (ended.message, ended.details)
    return measurements, None


def _lost(trial: int, future: Future[Any]) -> Ended:
    """A trial whose worker died again and again, or that was cancelled."""
    error = future.exception(timeout=1) if future.status == "error" else None
    words = "the worker died while it scored this trial (killed, or out of memory), and so did the others that tried"
    return Ended(
        trial, words if future.status == "error" else f"this trial was {future.status} by the cluster", f"{error}" if error else ""
    )


def _local(workers: int) -> LocalCluster:
    return LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, env=ONE_THREAD, silence_logs=50)


def _client(where: LocalCluster | str) -> Client:
    try:
        return Client(where, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkersLost(
            f"no Dask scheduler answers at {where}: {error}; start one with `dask scheduler`, or give workers a number"
        ) from error
