"""Trials on Dask's workers, from the cores of this machine to a cluster: the same evaluator, two sizes.

`workers=4` starts four processes here, each with one torch thread, which stay warm between trials; `workers="tcp://host:8786"`
uses the workers of a scheduler that runs already (`dask scheduler` and `dask worker`, SLURM through dask-jobqueue). A worker that
dies is started again by its nanny, and its trial is scored anew, up to three times.
"""

from __future__ import annotations

import queue
import uuid
from contextlib import suppress
from typing import Any

import psutil  # type: ignore[import-untyped]
from distributed import Client, Future, LocalCluster
from distributed.core import Status

from nas_explorer.errors import WorkersLost
from nas_explorer.estimators.protocol import Estimator
from nas_explorer.records import Measurement
from nas_explorer.search.dask_worker import Modest, forget, score
from nas_explorer.search.evaluator import Ended, Seen
from nas_explorer.spaces import Architecture

CONNECT_SECONDS = 15.0
LOOK_SECONDS = 1.0
CLOSE_SECONDS = 20.0                # a nanny kills its worker after four of its own
# Without a dashboard Dask still serves its health at a port that is always the same, so that a second search would be warned of the first.
NO_DASHBOARD = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
LOST = "the connection to the scheduler is lost; start it again, then resume the search"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class DaskWorkers:
    """Scores trials on the workers of a Dask cluster.

    Args:
        workers: a number, for that many processes on this machine, or the address of a scheduler.
        operations: a user's own that the space draws with, as `parcel.packed` gives them.

    Raises:
        WorkersLost: if the scheduler does not answer, or has no workers.
    """

    waiting = 0

    def __init__(self, estimator: Estimator, workers: int | str, operations: str = "") -> None:
        self._estimator, self._operations = estimator, operations
        self._cluster = _local(workers) if isinstance(workers, int) else None
        self._client = _client(str(workers)) if self._cluster is None else _client_of(self._cluster)
        self._topic = f"nas_explorer-{uuid.uuid4().hex}"
        self._news: queue.SimpleQueue[tuple[int, int, Measurement] | tuple[int, Future[Any]]] = queue.SimpleQueue()
        self._futures: dict[int, Future[Any]] = {}
        self._counts: dict[int, int] = {}  # measurements of a trial that were reported
        self._architectures: dict[int, Architecture] = {}
        self._held: dict[int, str] = {}  # trials that stand still, and the address of the worker where
        self._ever_held = False
        self._reports: list[Seen | Ended] = []
        self._client.subscribe_topic(self._topic, self._heard)
        if not self.slots:
            self.close()
            raise WorkersLost(f"the scheduler at {workers} has no workers; start some with `dask worker {workers}`")

    @property
    def slots(self) -> int:
        """One trial a thread of every worker there is now: more may join while the search runs."""
        return sum(self._client.nthreads().values()) if self._client.status == "running" else len(self._futures)

    def use(self, estimator: Estimator) -> None:
        self._estimator = estimator

    def submit(self, trial: int, architecture: Architecture, until: int | None = None) -> None:
        self._counts[trial], self._architectures[trial] = 0, architecture
        self.go_on(trial, until)

    def go_on(self, trial: int, until: int | None) -> None:
        """Where it stands still; if that worker is gone, another scores it anew from its beginning."""
        if self._client.status != "running":
            raise WorkersLost(LOST)
        place = (self._topic, trial)
        at = {"workers": [self._held[trial]], "allow_other_workers": True} if trial in self._held else {}
        self._held.pop(trial, None)
        future = self._client.submit(
            score,
            self._estimator,
            dict(self._architectures[trial]),
            self._operations,
            place,
            until,
            pure=False,
            key=f"trial-{trial}-{uuid.uuid4().hex}",
            **at,
        )
        self._futures[trial] = future
        future.add_done_callback(lambda done: self._news.put((trial, done)))

    def promote(self) -> bool:
        return False

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
        if future.status != "finished":
            self._look()                                    # futures are cancelled as well where their scheduler goes
            self._reports.append(_lost(trial, future))
            return
        # The result has every measurement of this leg; the news of the last ones may still be on their way.
        leg = future.result()
        self._reports += [Seen(trial, Measurement(*m)) for m in leg.measurements[max(0, self._counts[trial] - leg.begins) :]]
        self._counts[trial] = max(self._counts[trial], leg.begins + len(leg.measurements))
        if leg.stands_at:
            self._held[trial], self._ever_held = leg.stands_at, True
        else:
            self._reports.append(Ended(trial, *leg.error) if leg.error else Ended(trial))

    def _look(self) -> None:
        """Where the scheduler is gone no news will ever come. It is no fault of the trials under way: they are scored anew on resume."""
        if self._client.status != "running":
            raise WorkersLost(LOST)

    def _heard(self, event: tuple[float, dict[str, Any]]) -> None:
        """In the client's own thread."""
        message = event[1]
        self._news.put((message["trial"], message["at"], Measurement(message["step"], message["values"])))

    def drop(self, trial: int, finished: bool = False) -> None:
        future = self._futures.pop(trial, None)
        if future is not None:
            future.cancel()
        where = self._held.pop(trial, None)
        # A worker that is gone has forgotten everything, and would be waited for.
        if where is not None and self._client.status == "running" and where in self._client.nthreads():
            self._client.run(forget, (self._topic, trial), workers=[where], on_error="ignore")
        self._architectures.pop(trial, None)

    def close(self) -> None:
        for trial in list(self._futures):
            self.drop(trial)
        if self._cluster is None and self._ever_held and self._client.status == "running":
            self._client.run(forget, (self._topic, None), wait=False, on_error="ignore")
        with suppress(TimeoutError):                       # nobody answers; what is ours is ended below, what is not stays as it is
            self._client.close(timeout=CLOSE_SECONDS)
        if self._cluster is not None:
            _end(self._cluster)


def _lost(trial: int, future: Future[Any]) -> Ended:
    """A trial whose worker died again and again, or that was cancelled."""
    error = future.exception(timeout=1) if future.status == "error" else None
    words = "the worker died while it scored this trial (killed, or out of memory), and so did the others that tried"
    return Ended(
        trial, words if future.status == "error" else f"this trial was {future.status} by the cluster", f"{error}" if error else ""
    )


def _local(workers: int) -> LocalCluster:
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        scheduler_kwargs=NO_DASHBOARD,
        env=ONE_THREAD,
        silence_logs=50,
    )


def _end(cluster: LocalCluster) -> None:
    """Close it; a worker that does not go in time, on a busy machine or because it hangs in foreign code, is killed."""
    workers = [psutil.Process(nanny.pid) for nanny in cluster.workers.values() if nanny.pid and psutil.pid_exists(nanny.pid)]
    try:
        cluster.close(timeout=CLOSE_SECONDS)
    except TimeoutError:
        for worker in workers:
            with suppress(psutil.NoSuchProcess):
                worker.kill()
        psutil.wait_procs(workers, timeout=CLOSE_SECONDS)
        cluster.status = Status.failed                     # it stands at closing for ever, and would be waited for when Python ends
        with suppress(TimeoutError):
            cluster.close(timeout=CLOSE_SECONDS)


def _client_of(cluster: LocalCluster) -> Client:
    """Of a cluster that is ours, with modest workers; where it cannot be had, none of its processes stays behind."""
    try:
        client = _client(cluster)
        client.register_plugin(Modest())
    except BaseException:
        _end(cluster)
        raise
    return client


def _client(where: LocalCluster | str) -> Client:
    try:
        return Client(where, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkersLost(
            f"no Dask scheduler answers at {where}: {error}; start one with `dask scheduler`, or give workers a number"
        ) from error
