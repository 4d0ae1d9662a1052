"""The real Azure CLI, loaded once: performs commands in forks of itself.

    python3 warm.py <socket>

Prints "ready" when it listens on the socket (a file that only its user can reach). To load the CLI takes seconds of a
processor, to fork it hardly anything, and agents give hundreds of commands. Ends when its standard input ends.
"""

import array
import json
import os
import pathlib
import signal
import socket
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scenarios"))

from azVersions import use_versions_that_exist  # noqa: E402

HEADER_BYTES = 8
STREAMS = 3


def load():
    """Imports the CLI with all its commands; what a command imports later, its fork does."""
    use_versions_that_exist()
    from azure.cli.core import get_default_cli

    cli = get_default_cli()
    invocation = cli.invocation_cls(
        cli_ctx=cli, parser_cls=cli.parser_cls, commands_loader_cls=cli.commands_loader_cls, help_cls=cli.help_cls
    )
    cli.invocation = invocation
    invocation.commands_loader.load_command_table(None)


def receive(connection):
    """The three streams of the caller, and what it wants: {"args", "cwd", "env"}."""
    data, ancillary, _, _ = connection.recvmsg(HEADER_BYTES, socket.CMSG_SPACE(STREAMS * 4))
    streams = array.array("i")
    for _, _, raw in ancillary:
        streams.frombytes(raw[: len(raw) - len(raw) % streams.itemsize])
    length = int.from_bytes(data, "big")
    text = b""
    while len(text) < length:
        chunk = connection.recv(length - len(text))
        if not chunk:
            raise EOFError
        text += chunk
    return list(streams), json.loads(text)


def leave_with(connection):
    """A caller that is killed takes its command along."""
    connection.recv(1)
    os.kill(os.getpid(), signal.SIGKILL)


def perform(connection):
    streams, wanted = receive(connection)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(wanted["cwd"])
    os.environ.clear()
    os.environ.update(wanted["env"])
    threading.Thread(target=leave_with, args=(connection,), daemon=True).start()
    code = 1
    try:
        from azure.cli.core import get_default_cli

        code = get_default_cli().invoke(wanted["args"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:  # noqa: BLE001
        print(f"ERROR: The command failed with an unexpected error: {type(error).__name__}: {error}", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(bytes([(code or 0) & 255]))
    os._exit(0)


def watch_input():
    while os.read(0, 1024):
        pass
    os._exit(0)


def main(path):
    load()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    os.umask(0o077)
    listener.bind(path)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    threading.Thread(target=watch_input, daemon=True).start()
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                perform(connection)
            finally:
                os._exit(1)
        connection.close()


main(sys.argv[1])
