"""A network that has nothing but a loopback of its own, as a container would have."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# Raises the loopback (SIOCSIFFLAGS, IFF_UP: netdevice(7)) and holds the network until told.
HOLD = """
import fcntl, socket, struct, sys
with socket.socket() as control:
    fcntl.ioctl(control, 0x8914, struct.pack("16sh22x", b"lo", 1))
print("up", flush=True)
sys.stdin.read()
"""
ASK = """
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=10) as response:
    sys.stdout.write(response.read().decode())
"""
# Processes started so end with the first of them, whatever they are doing.
TOGETHER = ("unshare", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--")


@dataclass(frozen=True, slots=True)
class Network:
    """Where ports are free and nobody else listens."""

    holder: int

    def command(self, *command: str) -> list[str]:
        """Return the command that runs another one in this network."""
        return ["nsenter", f"--net=/proc/{self.holder}/ns/net", "--", *command]

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in this network to its end."""
        return subprocess.run(self.command(*command), check=False, capture_output=True, text=True)

    def ask(self, url: str) -> str | None:
        """Return what an address in this network answers with 200, else nothing."""
        done = self.run(sys.executable, "-c", ASK, url)
        return done.stdout if done.returncode == 0 else None


@contextmanager
def network() -> Iterator[Network]:
    """Hold a network while the block runs."""
    command = ["unshare", "--net", "--", sys.executable, "-c", HOLD]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "up\n"
        yield Network(holder.pid)  # leaving closes its input, which ends it
