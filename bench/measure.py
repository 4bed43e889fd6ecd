#!/usr/bin/python3
"""Runs commands in turn (A B C, A B C, …) and says what each run cost. On the primary of the benchmark's lab.

usage: measure.py RUNS SECONDS DIVISOR   commands on standard input, one a line: NAME TAB PREPARATION TAB COMMAND
                                         (for sh; an empty preparation is none). RUNS rounds are measured, or fewer if
                                         SECONDS have passed, and three at least. DIVISOR: connections counted for each made

Prints for each run, with tabs between: NAME, seconds, CPU seconds of the process itself, CPU seconds of the processes
that it started and waited for, peak memory in KiB of the largest of them, bytes on the wire in both directions, TCP
connections opened, exit status. The first round is not measured.
"""
import os
import sys
import time

TICK = os.sysconf("SC_CLK_TCK")
NULL = os.open("/dev/null", os.O_RDWR)


def wire_bytes():
    with open("/proc/net/dev") as file:
        for line in file:
            name, _, rest = line.partition(":")
            if name.strip() == "eth0":
                fields = rest.split()
                return int(fields[0]) + int(fields[8])
    return 0


def connections():
    with open("/proc/net/snmp") as file:
        names, values = [line.split() for line in file if line.startswith("Tcp:")]
    return int(values[names.index("ActiveOpens")])


def run(command):
    before = wire_bytes(), connections()
    start = time.monotonic()
    redirect = [(os.POSIX_SPAWN_DUP2, NULL, fd) for fd in (0, 1, 2)]
    # exec: it is the command's own process that is looked at.
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exec " + command], os.environ, file_actions=redirect, setsid=True)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    seconds = time.monotonic() - start
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    own, children = (sum(map(int, fields[i : i + 2])) / TICK for i in (11, 13))
    _, status, usage = os.wait4(pid, 0)
    # What was said on the way out is still on the wire.
    time.sleep(0.05)
    wire, opened = wire_bytes() - before[0], connections() - before[1]
    return seconds, own, children, usage.ru_maxrss, wire, opened, os.waitstatus_to_exitcode(status)


def main():
    runs, within, divisor = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    commands = [line.rstrip("\n").split("\t") for line in sys.stdin if line.strip()]
    begun = time.monotonic()
    for round_ in range(runs + 1):
        if round_ > 3 and time.monotonic() - begun > within:
            break
        for name, preparation, command in commands:
            if preparation:
                run(preparation)
            seconds, own, children, memory, wire, opened, status = run(command)
            if round_ > 0:
                print(name, f"{seconds:.4f}", own, children, memory, wire, opened // divisor, status, sep="\t", flush=True)


main()
