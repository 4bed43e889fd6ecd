using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>What a <see cref="Fault"/> does to a push that stands still at one of its steps, and how it ends.</summary>
internal static class Striking
{
    private const string Stopped = "/tmp/stopped";

    // The runner's mark is in the environment of all that it starts; its parent is the one of them without it. What it
    // waits with may end meanwhile; and what busybox's timeout counts with outlives it for a second, as a child of init.
    private const string FindBoth =
        """
        found=
        for process in $(grep -lzs ^NGINX_SYNC_RUNNER= /proc/[0-9]*/environ); do
          runner=${process#/proc/} runner=${runner%/environ}
          parent=$(sed 's/.*) . \([0-9]*\) .*/\1/' /proc/$runner/stat 2>/dev/null)
          [ "${parent:-1}" -gt 1 ] || continue
          grep -qz ^NGINX_SYNC_RUNNER= /proc/$parent/environ
          [ $? -ne 1 ] || { found=yes; break; }
        done
        [ -n "$found" ] || { echo 'no runner' >&2; exit 1; }
        """;

    /// <summary>It happens. The push is still held.</summary>
    /// <param name="push">nginx-sync on the primary.</param>
    /// <param name="peer">The one that is hurt, or whose connection.</param>
    public static async Task StrikeAsync(this Fault fault, Primary primary, Running push, Node peer)
    {
        switch (fault)
        {
            case Fault.KillPrimary:
                push.Kill();
                break;
            case Fault.StopPrimary:
                push.Signal(Running.SigStop);
                break;
            case Fault.KillSsh:
                await primary.SignalSshAsync(peer, "KILL");
                break;
            case Fault.StopSsh:
                await primary.SignalSshAsync(peer, "STOP");
                break;
            case Fault.PowerLoss:
                await peer.CrashAsync();
                await peer.BootAsync();
                break;
            case Fault.LinkDown:
                await peer.UnplugAsync();
                break;
            case Fault.KillRunner:
            case Fault.KillParent:
            case Fault.KillBoth:
                await peer.ShAsync($"{FindBoth}; kill -9 {ProcessesOf(fault)}");
                break;
            default:
                await peer.ShAsync($"{FindBoth}; echo {ProcessesOf(fault)} >{Stopped}; kill -STOP {ProcessesOf(fault)}");
                break;
        }
    }

    /// <summary>What was stopped goes on, if it is still there, and the link is back.</summary>
    /// <inheritdoc cref="StrikeAsync" path="/param"/>
    public static async Task PassAsync(this Fault fault, Primary primary, Running push, Node peer)
    {
        switch (fault)
        {
            case Fault.StopPrimary:
                push.Signal(Running.SigCont);
                break;
            case Fault.StopSsh:
                await primary.SignalSshAsync(peer, "CONT");
                break;
            case Fault.LinkDown:
                await peer.PlugInAsync();
                break;
            case Fault.StopRunner:
            case Fault.StopParent:
            case Fault.StopBoth:
                await peer.ShAsync($"kill -CONT $(cat {Stopped}) 2>/dev/null || true");
                break;
        }
    }

    /// <summary>Signals the primary's ssh to this peer. Where nginx-sync itself has logged in, there is none: then the signal goes to
    /// the peer's sshd of that session, which ends or silences the connection just so.</summary>
    public static Task SignalSshAsync(this Primary primary, Node peer, string signal) => Eventually.TrueAsync(
        async () => await TrySignalSshAsync(primary, peer, signal) || signal == "CONT", $"there is a session with {peer.Name}");

    private static async Task<bool> TrySignalSshAsync(Primary primary, Node peer, string signal)
    {
        var signalled = await primary.RunAsync("sh", "-c", $$"""
            for p in $(pgrep -x ssh); do
              if tr '\0' ' ' </proc/$p/cmdline | grep -qE ' -- ([^ ]+@)?{{peer.Address}} '; then kill -{{signal}} $p && echo $p; fi
            done
            """);
        return signalled.Out.Length > 0 ||
            (await peer.RunAsync("sh", "-c", $"kill -{signal} $(pgrep -f '^sshd: .*@notty')")).ExitCode == 0;
    }

    private static string ProcessesOf(Fault fault) => fault switch
    {
        Fault.KillRunner or Fault.StopRunner => "$runner",
        Fault.KillParent or Fault.StopParent => "$parent",
        _ => "$parent $runner",
    };
}
