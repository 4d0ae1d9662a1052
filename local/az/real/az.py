"""`az`: hands its command to the Azure CLI that warm.py has loaded, and ends as that does.

    python3 az.py <socket> <words of the command>
"""

import json
import os
import socket
import sys

connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
connection.connect(sys.argv[1])
text = json.dumps({"args": sys.argv[2:], "cwd": os.getcwd(), "env": dict(os.environ)}).encode()
socket.send_fds(connection, [len(text).to_bytes(8, "big")], [0, 1, 2])
connection.sendall(text)
answer = connection.recv(1)
sys.exit(answer[0] if answer else 1)
