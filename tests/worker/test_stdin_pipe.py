"""Stdin is read in a thread, and nothing beside it has to wait for that."""

import subprocess
import sys

import pytest

from addon.worker import stdin_pipe
from tests.patience import seconds

READING = """
import os, runpy, sys, threading
stdin = runpy.run_path(sys.argv[1])["opened"]()
def read():
    for line in stdin:
        print(line.decode().strip(), flush=True)
    os._exit(3)
threading.Thread(target=read, daemon=True).start()
print("reads", flush=True)
threading.Event().wait(0.3)
os.close(os.dup(0))
print("goes on", flush=True)
threading.Event().wait()
"""


@pytest.mark.fault(
    "Windows' C runtime makes all else wait for a read of stdin",
    "Nobody waits in such a read: background work goes on while its owner says nothing",
)
def test_who_waits_for_stdin_holds_nobody_up() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", READING, stdin_pipe.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            said = [process.stdout.readline().strip() for _ in range(2)]
            assert said == ["reads", "goes on"]
            process.stdin.write("one\ntwo\n")
            process.stdin.flush()
            assert [process.stdout.readline().strip() for _ in range(2)] == ["one", "two"]
            process.stdin.write("the end")
            process.stdin.close()
            assert process.stdout.read().strip() == "the end"
            assert process.wait(seconds(10)) == 3
        finally:
            process.kill()
