"""What runs `one_file` over many archives: a pool of processes on this machine, or Ray's tasks on many.

An engine yields each job with its counts, or with the sentence why it was set aside, in the order in which they end.
None of them costs anything a page; they differ in what a killed process costs.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from newscrawl.cluster.children import serve_quietly
from newscrawl.cluster.counts import Counts
from newscrawl.cluster.reextract import Job, one_file
from newscrawl.storage.errors import StorageError

Result = tuple[Job, Counts | str]
Engine = Callable[[list[Job], int], Iterator[Result]]
#: Attempts of Ray at one archive; machines come and go.
_RAY_RETRIES = 5


def attempt(job: Job) -> Counts | str:
    """The counts of a job, or in one sentence why the archive cannot be read or its articles not be written."""
    try:
        return one_file(job)
    except (StorageError, OSError) as error:
        return str(error)


def pool(jobs: list[Job], procs: int) -> Iterator[Result]:
    """Processes of this machine. When one is killed, a new pool goes on; what was under way then is tried once more,
    each alone, and the archive that kills its process again is set aside."""
    suspects: list[Job] = []
    yield from _run(jobs, procs, suspects)
    for job in suspects:
        culprits: list[Job] = []
        yield from _run([job], 1, culprits)
        if culprits:
            yield job, "set aside: reading it killed its process twice"


def _run(jobs: list[Job], procs: int, broken: list[Job]) -> Iterator[Result]:
    """Pool after pool until no job is left; those that were under way when one broke go to `broken`."""
    left = list(jobs)
    while left:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(procs, mp_context=context, initializer=serve_quietly) as executor:
            under_way: dict[Future[Counts | str], Job] = {}
            try:
                while left or under_way:
                    while left and len(under_way) < procs:
                        job = left.pop(0)
                        under_way[executor.submit(attempt, job)] = job
                    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                        result = future.result()
                        yield under_way.pop(future), result
            except BrokenProcessPool:
                broken += under_way.values()
            except (GeneratorExit, KeyboardInterrupt):
                # At once: what they were at is done again by the next call.
                for child in multiprocessing.active_children():
                    child.kill()
                raise


def ray(jobs: list[Job], procs: int) -> Iterator[Result]:
    """Ray's tasks: on the cluster that RAY_ADDRESS names, else on `procs` processors of this machine. StorageError when
    Ray does not start."""
    import ray as engine

    address = os.environ.get("RAY_ADDRESS")
    # Ray would report its use to its makers, unless it is told to.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        engine.init(
            address=address,
            num_cpus=None if address else procs,
            log_to_driver=False,
            logging_level=logging.ERROR,
            include_dashboard=False,
        )
    except (RuntimeError, OSError) as error:
        raise StorageError(f"Ray does not start: {str(error).strip().partition(chr(10))[0]}") from error
    try:
        task = engine.remote(max_retries=_RAY_RETRIES)(attempt)
        at_once = 2 * int(engine.cluster_resources().get("CPU", procs))
        left = list(jobs)
        under_way: dict[Any, Job] = {}
        while left or under_way:
            while left and len(under_way) < at_once:
                job = left.pop(0)
                under_way[task.remote(job)] = job
            (done, *_), _ = engine.wait(list(under_way))
            job = under_way.pop(done)
            try:
                yield job, engine.get(done)
            except engine.exceptions.RayError as error:
                yield job, f"set aside: {type(error).__name__} after {_RAY_RETRIES} attempts"
    finally:
        engine.shutdown()


ENGINES: dict[str, Engine] = {"pool": pool, "ray": ray}
