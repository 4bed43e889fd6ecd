#!/usr/bin/python3
"""The table and the targets, from what measure.py printed; the settings stand between, in lines that begin with #."""
import statistics
import sys

PAUSE = 0.1  # until nginx tells its old workers to stop: what it costs to see that a reload took effect
LABELS = {
    "push": "one line changed",
    "same": "nothing changed",
    "compare": "comparison",
    "version": "--version",
}
TOOLS = {
    "limit": "limit (ssh alone)",
    "by-hand": "rsync by hand",
    "by-ansible": "Ansible",
    "nginx-sync": "nginx-sync",
    "nginx-sync,warm": "nginx-sync, SSH_PERSIST",
    "nginx-sync,all": "nginx-sync --serial all",
    "nginx-sync,all,warm": "the same, SSH_PERSIST",
}


class Setting:
    def __init__(self, words):
        self.peers, self.files = int(words[1]), int(words[2])
        self.delay, self.hash, self.load = words[3], float(words[4]), words[5]
        self.runs = {}

    def __str__(self):
        return f"{self.peers} peer{'' if self.peers == 1 else 's'}, {self.files} files"

    def median(self, name, column=0):
        return statistics.median(run[column] for run in self.runs[name]) if name in self.runs else None

    def limit(self, operation):
        seconds = self.median(f"{operation}:limit")
        return None if seconds is None else seconds + (PAUSE if operation == "push" else 0)


def read():
    settings = []
    for line in sys.stdin:
        words = line.rstrip("\n").split("\t")
        if words[0] == "#":
            settings.append(Setting(words))
        else:
            settings[-1].runs.setdefault(words[0], []).append([float(word) for word in words[1:]])
    return settings


def table(setting):
    delay = "" if setting.delay == "0" else f", {setting.delay} ms of latency added to each round trip"
    print(f"\n### {setting}{delay}\n")
    print(f"load before: {setting.load}; `find -exec sha256sum` on a peer: {setting.hash:.3f} s\n")
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
        cpu = f"{setting.median(name, 1):.2f} + {setting.median(name, 2):.2f}"
        print(
            f"| {LABELS[operation]} | {TOOLS[tool]} | {middle:.3f} ({min(seconds):.3f}–{max(seconds):.3f}) | {share} | {cpu} | "
            f"{setting.median(name, 3) / 1024:.0f} | {setting.median(name, 4) / 1024:.0f} | {setting.median(name, 5):.0f} | "
            f"{sum(run[6] != 0 for run in runs) or ''} |"
        )


def targets(settings):
    print("\n### Targets\n\n| target | setting | measured | allowed | |\n| --- | --- | --- | --- | --- |")

    def check(what, setting, measured, allowed, unit="s"):
        if measured is None or allowed is None:
            return
        verdict = "met" if measured <= allowed else f"missed by {100 * (measured / allowed - 1):.0f} %"
        print(f"| {what} | {setting} | {measured:.3f} {unit} | {allowed:.3f} {unit} | {verdict} |")

    def times(factor, value, more=0.0):
        return None if value is None else factor * value + more

    for setting in settings:
        push, same = setting.limit("push"), setting.limit("same")
        compare = setting.limit("compare")
        if setting.files <= 20:
            check("push, --serial all", setting, setting.median("push:nginx-sync,all"), times(1.35, push))
            check("push, first node alone", setting, setting.median("push:nginx-sync"), times(1.35, push, 0.15))
            check("push that changes nothing", setting, setting.median("same:nginx-sync"), times(1.35, same))
            check("comparison", setting, setting.median("compare:nginx-sync"), times(1.35, compare))
            check("push that changes nothing, warm", setting, setting.median("same:nginx-sync,warm"), times(0.6, same))
            check("comparison, warm", setting, setting.median("compare:nginx-sync,warm"), times(0.6, compare))
            by_hand = times(1, setting.median("push:by-hand"), PAUSE)
            check("push, --serial all, against rsync by hand", setting, setting.median("push:nginx-sync,all"), by_hand)
            check("push, against rsync by hand", setting, setting.median("push:nginx-sync"), by_hand)
        if setting.files >= 10000:
            check("push in a large tree", setting, setting.median("push:nginx-sync,all"), times(1.5, setting.hash, push or 0))
        if setting.peers >= 48 and setting.files >= 1000:
            memory = max(run[3] for name, runs in setting.runs.items() if "nginx-sync" in name for run in runs)
            check("peak memory", setting, memory / 1024, 120, "MiB")
    by_peers = {setting.peers: setting for setting in settings if setting.files <= 20}
    if 3 in by_peers and max(by_peers) > 3:
        least, most = by_peers[3], by_peers[max(by_peers)]
        for name in ("push:nginx-sync,all", "same:nginx-sync", "compare:nginx-sync"):
            if name in least.runs and name in most.runs:
                growth = (most.median(name, 1) - least.median(name, 1)) / (most.peers - least.peers)
                operation = LABELS[name.split(":")[0]]
                check(f"own CPU for each further peer, {operation}", most, 1000 * growth, 5, "ms")
    if settings:
        check("--version", settings[0], settings[0].median("version:nginx-sync"), 0.06)


everything = read()
for one in everything:
    table(one)
targets(everything)
