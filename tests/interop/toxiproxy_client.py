"""toxiproxy-python drives the control of a gate: toxiproxy_client.py URL

Each thing that is asked for is seen by traffic through the proxy, too.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from urllib.parse import urlsplit

from toxiproxy import Toxiproxy
from toxiproxy.exceptions import InvalidToxic, NotFound


def echo() -> str:
    """Serves connections that send back what comes; the address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(stream: socket.socket) -> None:
        try:
            while octets := stream.recv(65536):
                stream.sendall(octets)
        except OSError:
            pass
        stream.close()

    def accept() -> None:
        while True:
            stream, _ = listener.accept()
            threading.Thread(target=serve, args=[stream], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return "127.0.0.1:%d" % listener.getsockname()[1]


def connect(address: str) -> socket.socket:
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=5)


def took(stream: socket.socket) -> float:
    """How many milliseconds an echo takes; a connection that ends is an OSError."""
    start = time.monotonic()
    stream.sendall(b"echo")
    octets = b""
    while len(octets) < 4:
        part = stream.recv(4)
        if not part:
            raise EOFError
        octets += part
    check(octets == b"echo", f"{octets} came back")
    return (time.monotonic() - start) * 1000


def check(holds: bool, words: str) -> None:
    if not holds:
        sys.exit(f"toxiproxy-python: {words}")


def raises(kind, action, *arguments, **named) -> None:
    try:
        outcome = action(*arguments, **named)
    except kind:
        return
    sys.exit(f"toxiproxy-python: {outcome} instead of {kind}")


def main() -> None:
    url = urlsplit(sys.argv[1])
    server, upstream = Toxiproxy(), echo()
    server.update_api_consumer(url.hostname, url.port)
    check(server.running() and server.proxies() == {}, "there are proxies already")
    check(json.loads(server.version())["version"].startswith("2."), "which version?")

    # made
    proxy = server.create(name="one", upstream=upstream)
    check(list(server.proxies()) == ["one"], "the proxy is not listed")
    check(server.get_proxy("one").listen == proxy.listen, "it listens elsewhere")
    stream = connect(proxy.listen)
    check(took(stream) < 90, "slow without any toxic")

    # a toxic added, listed, removed
    proxy.add_toxic(type="latency", attributes={"latency": 100, "jitter": 10})
    late = took(stream)
    check(90 <= late < 190, f"{late} ms instead of 100 ± 10")
    toxic = proxy.get_toxic("latency_downstream")
    check(toxic.attributes == {"latency": 100, "jitter": 10}, f"{toxic.attributes}")
    check(toxic.toxicity == 1 and toxic.stream == "downstream", "another toxicity or stream")
    raises(InvalidToxic, proxy.add_toxic, type="fog")
    raises(InvalidToxic, proxy.add_toxic, type="bandwidth", attributes={"rate": -1})
    check(list(proxy.toxics()) == ["latency_downstream"], "a refused toxic is there")
    proxy.destroy_toxic("latency_downstream")
    raises(NotFound, proxy.destroy_toxic, "latency_downstream")
    check(took(stream) < 90, "slow without the toxic")

    # a connection that is reset
    proxy.add_toxic(type="reset_peer", stream="upstream", attributes={"timeout": 0})
    raises(ConnectionResetError, took, stream)
    raises(ConnectionResetError, took, connect(proxy.listen))

    # down for a while: connections are refused, afterwards the port is the same
    with proxy.down():
        raises(ConnectionRefusedError, connect, proxy.listen)
    check(server.get_proxy("one").listen == proxy.listen, "it came back elsewhere")

    # a list, and a reset of all
    populated = server.populate([{"name": "two", "upstream": upstream, "listen": "localhost:0"}])
    two = populated[0]
    two.add_toxic(type="limit_data", attributes={"bytes": 2})
    raises(EOFError, took, connect(two.listen))
    proxy.disable()
    server.reset()
    check(proxy.toxics() == {} and two.toxics() == {}, "toxics are left after a reset")
    for each in (proxy, two):
        check(took(connect(each.listen)) < 90, "slow after a reset")

    # removed
    server.destroy_all()
    check(server.proxies() == {}, "proxies are left")
    raises(ConnectionRefusedError, connect, proxy.listen)
    print(f"toxiproxy-python: all as asked; 100 ± 10 ms of latency took {late:.1f} ms")


main()
