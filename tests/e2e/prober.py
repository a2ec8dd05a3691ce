"""Runs within one network namespace: listens where it is told, then connects where it is told, and says what came back.

Talks JSON lines on standard input and output. Only the standard library, since any Python runs it.
"""

import json
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

TIMEOUT = 0.6
STREAM, DATAGRAM = socket.SOCK_STREAM, socket.SOCK_DGRAM


def make(protocol, address):
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    found = socket.socket(family, STREAM if protocol == 'tcp' else DATAGRAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return found


def listen(protocol, address, port):
    server = make(protocol, address)
    server.bind((address, port))
    if protocol == 'tcp':
        server.listen(64)
    threading.Thread(target=serve, args=(protocol, server), daemon=True).start()


def serve(protocol, server):
    while True:
        if protocol == 'tcp':
            client, _ = server.accept()
            client.sendall(b'ok')
            client.close()
        else:
            _data, client = server.recvfrom(16)
            server.sendto(b'ok', client)


def probe(protocol, source, destination, port):
    with make(protocol, source) as client:
        client.settimeout(TIMEOUT)
        try:
            client.bind((source, 0))
            client.connect((destination, port))
            if protocol == 'udp':
                client.send(b'hi')
            return 'passed' if client.recv(2) == b'ok' else 'closed'
        except TimeoutError:
            return 'dropped'
        except OSError as e:
            return type(e).__name__


def main():
    for line in sys.stdin:
        said = json.loads(line)
        if 'listen' in said:
            for each in said['listen']:
                listen(*each)
            print('{}', flush=True)
        else:
            with ThreadPoolExecutor(64) as pool:
                print(json.dumps(list(pool.map(lambda each: probe(*each), said['probe']))), flush=True)


if __name__ == '__main__':
    main()
