#!/usr/bin/python3
"""The targets and the tables, from what measure.py printed; the settings stand between, in lines that begin with #.

usage: report.py RAW…
"""
import datetime
import os
import platform
import statistics
import subprocess
import sys

PAUSE = 0.1  # until nginx tells its old workers to stop: what it costs to see that a reload took effect
OPERATIONS = {"push": "one line changed", "same": "nothing changed", "compare": "comparison", "version": "--version"}
TOOLS = {
    "limit": "limit (ssh alone)",
    "by-hand": "rsync by hand",
    "by-ansible": "Ansible",
    "nginx-sync": "nginx-sync",
    "nginx-sync,all": "nginx-sync --serial all",
}
TRANSPORTS = {"auto": "", "ssh": ", TRANSPORT=ssh", "warm": ", SSH_PERSIST"}
# Per number of peers: a push with --serial all, the same with a cheap key exchange, a comparison; as shares of the limit.
SHARES = {1: (1.1, 0.95, 0.9), 3: (1.1, 0.95, 0.95), 16: (1.2, 1.1, 1.1), 48: (1.2, 1.1, 1.1)}


class Setting:
    def __init__(self, words):
        self.peers, self.files, self.delay = int(words[1]), int(words[2]), words[3]
        self.hash, self.load, self.kex, self.negotiated = float(words[4]), words[5], words[6], words[7]
        self.runs = {}

    def __str__(self):
        delay = "" if self.delay == "0" else f", +{self.delay} ms"
        return f"{self.peers} peer{'' if self.peers == 1 else 's'}, {self.files:,} files, {self.negotiated.split('@')[0]}{delay}"

    def median(self, name, column=0):
        return statistics.median(run[column] for run in self.runs[name]) if name in self.runs else None

    def mean(self, name, column):
        return statistics.mean(run[column] for run in self.runs[name]) if name in self.runs else None

    def limit(self, operation):
        seconds = self.median(f"{operation}:limit")
        return None if seconds is None else seconds + (PAUSE if operation == "push" else 0)

    @property
    def is_cheap(self):
        return not self.negotiated.startswith("sntrup761")


def read(files):
    settings = []
    for file in files:
        with open(file) as lines:
            for line in lines:
                words = line.rstrip("\n").split("\t")
                if words[0] == "#":
                    settings.append(Setting(words))
                elif words[0] != "between":
                    settings[-1].runs.setdefault(words[0], []).append([float(word) for word in words[1:]])
    return settings


def label(tool):
    name, _, way = tool.rpartition(",")
    transport, _, logins = way.partition("@")
    if transport not in TRANSPORTS:
        return TOOLS[tool]
    return f"{TOOLS[name]}{TRANSPORTS[transport]}{', LOGINS=' if logins else ''}{logins}"


def table(setting):
    rounds = max(len(runs) for runs in setting.runs.values())
    print(f"\n### {setting}\n")
    print(f"{rounds} runs of each; load before: {setting.load}; `find -exec sha256sum` on a peer: {setting.hash:.3f} s\n")
    print("| what | by | s, median (least–most) | of the limit | CPU s, own + children | MiB | KiB on the wire | logins | failed |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, runs in setting.runs.items():
        operation, tool = name.split(":")
        seconds = [run[0] for run in runs]
        middle = statistics.median(seconds)
        limit = setting.limit(operation)
        # What does not wait for nginx is not charged for it either.
        comparable = middle + (PAUSE if operation == "push" and not tool.startswith("nginx-sync") else 0)
        share = "" if limit is None or tool == "limit" else f"{comparable / limit:.2f}"
        cpu = f"{setting.mean(name, 1):.3f} + {setting.mean(name, 2):.3f}"
        print(
            f"| {OPERATIONS[operation]} | {label(tool)} | {middle:.3f} ({min(seconds):.3f}–{max(seconds):.3f}) | {share} | {cpu} | "
            f"{setting.median(name, 3) / 1024:.0f} | {setting.median(name, 4) / 1024:.0f} | {setting.median(name, 5):.0f} | "
            f"{sum(run[6] != 0 for run in runs) or ''} |"
        )


def verdict(measured, allowed):
    return "met" if measured <= allowed else f"missed by {100 * (measured / allowed - 1):.0f} %"


def check(what, setting, measured, allowed, unit="s"):
    if measured is not None and allowed is not None:
        print(f"| {what} | {setting} | {measured:.3f} {unit} | {allowed:.3f} {unit} | {verdict(measured, allowed)} |")


def check_share(what, setting, measured, limit, share):
    if measured is not None and limit is not None:
        found = measured / limit
        print(f"| {what} | {setting} | {measured:.3f} s, {found:.2f} of the limit | {share} of the limit | {verdict(found, share)} |")


def targets_of(setting):
    all_at_once, first_alone = setting.median("push:nginx-sync,all,auto"), setting.median("push:nginx-sync,auto")
    if setting.peers in SHARES and setting.files <= 20:
        push, cheap, compare = SHARES[setting.peers]
        check_share("push, --serial all", setting, all_at_once, setting.limit("push"), cheap if setting.is_cheap else push)
        check_share("comparison", setting, setting.median("compare:nginx-sync,auto"), setting.limit("compare"), compare)
        if all_at_once is not None and setting.peers > 1:
            check("push by default, first node alone", setting, first_alone, all_at_once + 0.14)
        by_hand = setting.median("push:by-hand")
        if by_hand is not None:
            check("push, --serial all, against rsync by hand", setting, all_at_once, by_hand + PAUSE)
    if setting.files >= 10000 and setting.limit("push") is not None:
        check("push in a large tree", setting, all_at_once, setting.limit("push") + 1.5 * setting.hash)
    if setting.peers >= 48 and setting.files >= 1000:
        memory = max(run[3] for name, runs in setting.runs.items() if "nginx-sync" in name for run in runs)
        check("peak memory", setting, memory / 1024, 60, "MiB")


def targets(settings):
    print("\n## Targets\n\n| target | setting | measured | allowed | |\n| --- | --- | --- | --- | --- |")
    for setting in settings:
        targets_of(setting)
    small = [setting for setting in settings if setting.files <= 20 and setting.delay == "0" and setting.is_cheap]
    if len(small) > 1:
        least, most = min(small, key=lambda one: one.peers), max(small, key=lambda one: one.peers)
        for name in ("push:nginx-sync,all,auto", "same:nginx-sync,auto", "compare:nginx-sync,auto"):
            if name in least.runs and name in most.runs and most.peers > least.peers:
                growth = (most.mean(name, 1) - least.mean(name, 1)) / (most.peers - least.peers)
                check(f"own CPU for each further peer, {OPERATIONS[name.split(':')[0]]}", most, 1000 * growth, 4, "ms")
    versions = [run[0] for setting in settings for run in setting.runs.get("version:nginx-sync", [])]
    if versions:
        check("--version", "all settings", statistics.median(versions), 0.006)


def said(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True)
        return (done.stdout + done.stderr).strip().split("\n")[0]
    except OSError:
        return "?"


def machine():
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / 1024 / 1024
    with open("/proc/cpuinfo") as file:
        models = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    with open("/proc/sys/kernel/sched_autogroup_enabled") as file:
        groups = "on" if file.read().strip() == "1" else "off"
    return (
        f"{os.cpu_count()} processors ({models[0] if models else platform.machine()}), {memory:.0f} GiB, Linux {platform.release()}, "
        f"{said('ssh', '-V').split(',')[0]}, {said('nginx', '-v').partition(': ')[2]}; the scheduler's autogroups are {groups}"
    )


def main():
    settings = read(sys.argv[1:])
    print(f"# Results of {datetime.date.today()}\n")
    print("What `bench/run` printed. [docs/performance.md](../../docs/performance.md) explains the rows and columns.\n")
    print(f"The machine: {machine()}.")
    targets(settings)
    print("\n## Tables")
    for setting in settings:
        table(setting)


main()
