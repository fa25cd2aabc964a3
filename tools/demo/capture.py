#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes a packet capture of made-up traffic: capture.py FILE [CONVERSATIONS].

Ethernet with ARP, IPv4 and IPv6, ICMP, UDP, DNS and TCP, all checksums right,
the same bytes on every run. Nothing in it was ever on a network: addresses are
those set aside for documentation.
"""
import ipaddress
import random
import struct
import sys

TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
FIN, SYN, PSH, ACK = 1, 2, 8, 16
NAMES = ["www.example.com", "mail.example.org", "ntp.example.net", "a.very.long.name.example"]


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Host:
    def __init__(self, number, v6):
        self.mac = bytes([2, 0, 0x5E, 0, 0, number])
        address = "2001:db8::%x" % number if v6 else "192.0.2.%d" % number
        self.ip = ipaddress.ip_address(address)


class Capture:
    def __init__(self, out):
        self.out = out
        self.microseconds = 1_000_000_000 * 1_000_000
        self.random = random.Random(20)
        self.ident = 0
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))

    def frame(self, source, target, kind, payload):
        self.microseconds += self.random.randrange(10, 90_000)
        data = target + source + struct.pack("!H", kind) + payload
        data += b"\0" * max(0, 60 - len(data))
        stamp = divmod(self.microseconds, 1_000_000)
        self.out.write(struct.pack("<IIII", *stamp, len(data), len(data)) + data)

    def packet(self, a, b, protocol, payload, hole):
        """From host a to host b; the transport's checksum goes to offset `hole`."""
        pseudo = a.ip.packed + b.ip.packed
        if a.ip.version == 4:
            pseudo = b"" if protocol == ICMP else pseudo + struct.pack("!BBH", 0, protocol, len(payload))
        else:
            pseudo += struct.pack("!IHBB", len(payload), 0, 0, protocol)
        total = checksum(pseudo + payload)
        if protocol == UDP and total == 0:
            total = 0xFFFF
        payload = payload[:hole] + struct.pack("!H", total) + payload[hole + 2:]
        if a.ip.version == 4:
            self.ident = (self.ident + 1) & 0xFFFF
            head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), self.ident, 0x4000, 64, protocol, 0)
            head += a.ip.packed + b.ip.packed
            head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
            self.frame(a.mac, b.mac, 0x0800, head + payload)
        else:
            head = struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64)
            self.frame(a.mac, b.mac, 0x86DD, head + a.ip.packed + b.ip.packed + payload)

    def arp(self, a, b):
        head = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1)
        self.frame(a.mac, b"\xff" * 6, 0x0806, head + a.mac + a.ip.packed + b"\0" * 6 + b.ip.packed)
        head = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 2)
        self.frame(b.mac, a.mac, 0x0806, head + b.mac + b.ip.packed + a.mac + a.ip.packed)

    def ping(self, a, b, sequence):
        protocol, ask, answer = (ICMP, 8, 0) if a.ip.version == 4 else (ICMP6, 128, 129)
        data = bytes(range(48))
        for source, target, kind in ((a, b, ask), (b, a, answer)):
            echo = struct.pack("!BBHHH", kind, 0, 0, 77, sequence) + data
            self.packet(source, target, protocol, echo, 2)

    def udp(self, a, b, sport, dport, data):
        self.packet(a, b, UDP, struct.pack("!HHHH", sport, dport, 8 + len(data), 0) + data, 6)

    def dns(self, a, b, sport):
        name = self.random.choice(NAMES)
        ident = self.random.randrange(65536)
        kind, address = (1, bytes([192, 0, 2, 80])) if a.ip.version == 4 else (28, b"\x20\x01\x0d\xb8" + b"\0" * 11 + b"\x50")
        asked = b"".join(bytes([len(p)]) + p.encode() for p in name.split(".")) + b"\0"
        asked += struct.pack("!HH", kind, 1)
        self.udp(a, b, sport, 53, struct.pack("!HHHHHH", ident, 0x0100, 1, 0, 0, 0) + asked)
        found = struct.pack("!HHHIH", 0xC00C, kind, 1, 300, len(address)) + address
        self.udp(b, a, 53, sport, struct.pack("!HHHHHH", ident, 0x8180, 1, 1, 0, 0) + asked + found)

    def tcp(self, a, b, sport, dport, sizes):
        """A conversation from handshake to the last acknowledgement."""
        numbers = {a: self.random.randrange(1 << 32), b: self.random.randrange(1 << 32)}
        ports = {a: sport, b: dport}

        def send(source, target, flags, data=b""):
            head = struct.pack("!HHIIBBHHH", ports[source], ports[target], numbers[source],
                               numbers[target] if flags & ACK else 0, 5 << 4, flags, 64240, 0, 0)
            self.packet(source, target, TCP, head + data, 16)
            step = len(data) + (1 if flags & (SYN | FIN) else 0)
            numbers[source] = (numbers[source] + step) & 0xFFFFFFFF

        send(a, b, SYN)
        send(b, a, SYN | ACK)
        send(a, b, ACK)
        send(a, b, PSH | ACK, b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % self.random.choice(NAMES).encode())
        for size in sizes:
            send(b, a, PSH | ACK, self.random.randbytes(size))
            send(a, b, ACK)
        send(b, a, FIN | ACK)
        send(a, b, FIN | ACK)
        send(b, a, ACK)


def main():
    conversations = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    with open(sys.argv[1], "wb") as out:
        capture = Capture(out)
        pick = capture.random
        hosts = {v6: [Host(n, v6) for n in range(1, 9)] for v6 in (False, True)}
        for number in range(conversations):
            v6 = number % 3 == 2
            a, b = pick.sample(hosts[v6], 2)
            port = pick.randrange(32768, 60999)
            if not v6:
                capture.arp(a, b)
            capture.dns(a, b, port)
            capture.ping(a, b, number)
            capture.udp(a, b, port, 4000 + number % 7, pick.randbytes(pick.randrange(1, 900)))
            capture.tcp(a, b, port, pick.choice([80, 443, 8080]),
                        [pick.randrange(1, 1400) for _ in range(pick.randrange(1, 12))])


if __name__ == "__main__":
    main()
