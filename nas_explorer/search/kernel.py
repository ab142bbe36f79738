"""This side of the background kernel: launch it, find it again from its run folder, send it commands.

The kernel is a second Jupyter kernel with this process's own Python. It outlives whoever started it.
"""

from __future__ import annotations

import ast
import json
import os
import secrets
import socket
import sys
import threading
import time
import weakref
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.connect import write_connection_file
from jupyter_client.launcher import launch_kernel

from nas_explorer import errors
from nas_explorer.errors import KernelLost, NasExplorerError, RunNotWritable

CONNECTION = "kernel.json"
OWNER = "kernel.owner.json"
OUTPUT = "kernel.log"
HOST = "nas_explorer.search.host"  # the module that the kernel runs; its `command(...)` answers in JSON
LAUNCH_SECONDS = 60.0
ANSWER_SECONDS = 10.0


class BackgroundKernel:
    """A connection to the kernel of one run. Commands may come from any thread, one at a time."""

    def __init__(self, folder: Path, client: BlockingKernelClient, host: str = HOST) -> None:
        self.folder, self.host = folder, host
        self._client = client
        self._turn = threading.Lock()
        self.close = weakref.finalize(self, _hang_up, client)
        """Let go of the connection; the kernel goes on."""

    @classmethod
    def launch(cls, folder: Path, host: str = HOST) -> BackgroundKernel:
        """Start a kernel for this run; ready in about half a second.

        Raises:
            RunNotWritable: if the folder refuses the connection file.
            KernelLost: if it does not come up; its output is in kernel.log.
        """
        environment = dict(os.environ)
        environment.pop("JPY_PARENT_PID", None)  # with it the kernel would end with the notebook's kernel
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (os.getcwd(), environment.get("PYTHONPATH", ""))))
        connection = folder / CONNECTION
        try:
            connection.unlink(missing_ok=True)
            write_connection_file(str(connection), ip="127.0.0.1", key=secrets.token_hex(32).encode())
            # Not by the name of a kernel spec: the user's `python3` kernel may be another environment, ours must have nas_explorer.
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", str(connection)]
            with open(folder / OUTPUT, "ab") as output:
                process = launch_kernel(
                    command, independent=True, env=environment, stdout=output.fileno(), stderr=output.fileno(), cwd=os.getcwd()
                )
            (folder / OWNER).write_text(json.dumps({"pid": process.pid, "host": socket.gethostname()}), encoding="utf-8")
        except OSError as error:
            raise RunNotWritable(f"{folder} cannot be written: {error.strerror or error}") from error
        except RuntimeError as error:  # of jupyter_core, on a disk without permissions
            connection.unlink(missing_ok=True)
            raise RunNotWritable(
                f"{folder} lies on a disk where every user may read every file, and whoever reads {CONNECTION} can run code as you; "
                "choose a folder on another disk with run=..., which others may read"
            ) from error
        # A child that ended keeps its number until somebody collects it, and would look alive.
        threading.Thread(target=process.wait, name="nas_explorer-collector", daemon=True).start()
        client = _connected(connection)
        try:
            client.wait_for_ready(timeout=LAUNCH_SECONDS)
        except RuntimeError as error:
            _hang_up(client)
            raise KernelLost(f"the background kernel did not start: {error}. Its output is in {folder / OUTPUT}") from error
        return cls(folder, client, host)

    @classmethod
    def attach(cls, folder: Path, host: str = HOST) -> BackgroundKernel:
        """Find the kernel of a run again.

        Raises:
            KernelLost: if it is gone, or belongs to another user or machine.
        """
        connection = folder / CONNECTION
        _check_owner(folder, connection)
        client = _connected(connection)
        return cls(folder, client, host)

    def command(self, name: str, timeout: float = ANSWER_SECONDS, **arguments: str) -> dict[str, Any]:
        """Send a command and wait for its answer.

        Raises:
            KernelLost: if none comes.
            NasExplorerError: what the other side raised, by its own type.
        """
        call = ", ".join([repr(name), *(f"{key}={value!r}" for key, value in arguments.items())])
        with self._turn:
            message = self._client.execute(
                f"import {self.host} as _nas_host",
                silent=True,
                store_history=False,
                user_expressions={"answer": f"_nas_host.command({call})"},
            )
            reply = self._reply(message, timeout)
        answer = reply.get("user_expressions", {}).get("answer", {})
        if "data" not in answer:
            raise KernelLost(
                f"the background kernel of {self.folder} could not {name}: {answer.get('evalue') or reply.get('evalue')}. "
                f"Its output is in {self.folder / OUTPUT}"
            )
        result: dict[str, Any] = json.loads(ast.literal_eval(answer["data"]["text/plain"]))
        if "message" in result:
            raise _error(result["error"], result["message"])
        return result

    def _reply(self, message: str, timeout: float) -> dict[str, Any]:
        """The answer to one message; late answers to earlier ones are passed over."""
        end = time.monotonic() + timeout
        while (left := end - time.monotonic()) > 0:
            try:
                reply = self._client.get_shell_msg(timeout=min(left, 0.25))
            except Empty:
                if not is_running(self.folder):
                    break
                continue
            if reply["parent_header"].get("msg_id") == message:
                content: dict[str, Any] = reply["content"]
                return content
        raise KernelLost(f"the background kernel of {self.folder} does not answer")


def _connected(connection: Path) -> BlockingKernelClient:
    context: zmq.Context[Any] = zmq.Context()
    context.linger = 0  # on closing, do not wait for a kernel that is gone
    client = BlockingKernelClient(connection_file=str(connection), context=context)
    client.load_connection_file()
    client.start_channels(hb=False)
    return client


def _hang_up(client: BlockingKernelClient) -> None:
    client.stop_channels()
    client.context.destroy(linger=0)


def is_running(folder: Path) -> bool:
    """Whether the process of a run's kernel is there, on this machine."""
    try:
        owner = json.loads((folder / OWNER).read_text(encoding="utf-8"))
        pid, host = owner["pid"], owner["host"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if host != socket.gethostname() or type(pid) is not int:
        return False
    return _exists(pid)


def _exists(pid: int) -> bool:
    if os.name == "nt":
        return True  # os.kill would end it there; the answer's timeout decides
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # a child that ended but was not collected still has its number
            return file.read().rpartition(b")")[2].split()[0] != b"Z"
    except FileNotFoundError:
        if os.path.isdir("/proc/self"):
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _check_owner(folder: Path, connection: Path) -> None:
    """The connection file holds the key to a kernel that runs code: use it only if it is ours alone."""
    if not is_running(folder) or not connection.exists():
        raise KernelLost(
            f"the background kernel of {folder} is not running on this machine; the run can be followed, but not steered from here"
        )
    if os.name == "nt":
        return
    facts = connection.stat()
    if facts.st_uid != os.getuid() or facts.st_mode & 0o077:
        raise KernelLost(
            f"{connection} belongs to another user or may be read by others, so it is not used; the run can be followed, "
            "but not steered from here"
        )


def _error(kind: str, message: str) -> NasExplorerError:
    cls = getattr(errors, kind, NasExplorerError)
    if not (isinstance(cls, type) and issubclass(cls, NasExplorerError)) or cls is errors.UnknownName:
        cls = NasExplorerError
    return cls(message)
