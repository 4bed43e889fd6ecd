#!/usr/bin/python3
"""Makes peers far away: a TCP relay on 127.0.0.1 that holds every byte back for a while, on its way there and on its
way back. The handshake, which a relay answers at once, is paid for too: a connection begins one and a half round trips
late, as it does for the server at the other end of a long line.

usage: relay.py ROUND_TRIP_MS PORT=HOST:PORT…     prints "ready" once all ports are open; runs until it is killed

Not made: loss, jitter, limits of bandwidth and the slow start of TCP.
"""
import asyncio
import sys


class End(asyncio.Protocol):
    """One side of a connection: what comes in here goes out at the other side after the delay."""

    def __init__(self, relay, loop):
        self.relay, self.loop = relay, loop
        self.transport = self.other = None
        self.not_before = 0
        self.waiting = []

    def connection_made(self, transport):
        # asyncio sets TCP_NODELAY.
        self.transport = transport
        for action in self.waiting:
            action(transport)
        self.waiting.clear()

    def data_received(self, data):
        self.later(lambda transport: transport.write(data))

    def eof_received(self):
        self.later(lambda transport: transport.can_write_eof() and transport.write_eof())
        return True  # this side may still be written to

    def connection_lost(self, _):
        self.later(lambda transport: transport.close())

    def later(self, action):
        # In order: what is due at the same moment is run in any.
        self.not_before = max(self.loop.time() + self.relay.one_way, self.not_before + 1e-6)
        self.loop.call_at(self.not_before, self.other.do, action)

    def do(self, action):
        if self.transport is None:
            self.waiting.append(action)
        else:
            action(self.transport)


class Relay:
    def __init__(self, round_trip, host, port):
        self.one_way, self.host, self.port = round_trip / 2, host, port

    def accept(self):
        loop = asyncio.get_running_loop()
        client, server = End(self, loop), End(self, loop)
        client.other, server.other = server, client
        # SYN, SYN-ACK and ACK have passed; then the bytes that came with the ACK may.
        begin = loop.time() + 3 * self.one_way
        client.not_before = begin
        loop.call_at(begin, lambda: loop.create_task(self.connect(loop, client, server)))
        return client

    async def connect(self, loop, client, server):
        try:
            await loop.create_connection(lambda: server, self.host, self.port)
        except OSError:
            client.transport.abort()


async def main():
    loop = asyncio.get_running_loop()
    round_trip = float(sys.argv[1]) / 1000
    for item in sys.argv[2:]:
        port, target = item.split("=")
        host, target_port = target.rsplit(":", 1)
        await loop.create_server(Relay(round_trip, host, int(target_port)).accept, "127.0.0.1", int(port))
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
