using System.Diagnostics;
using System.Globalization;

namespace ConfSync.SystemTests;

/// <summary>Limits of time that hold on a busy machine too: how long something may take depends on what else is at work.</summary>
public static class Pace
{
    private const string ManyProcesses = "i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i+1)); done";

    // What that takes on an idle machine with two cores is 0.06 s; the tests' own labs make it 0.1 s.
    private const double UsualSeconds = 0.1;

    /// <summary>A limit for an idle machine, made longer by as much as this machine is slower now or was in the last minute.</summary>
    public static TimeSpan Limit(double seconds) => TimeSpan.FromSeconds(seconds * Math.Max(1, Math.Max(OfProcesses(), OfLoad())));

    private static double OfProcesses()
    {
        var clock = Stopwatch.StartNew();
        using var shell = Process.Start("/bin/sh", ["-c", ManyProcesses]);
        shell.WaitForExit();
        return clock.Elapsed.TotalSeconds / UsualSeconds;
    }

    // Labs that mostly wait make a load of two to four on two cores.
    private static double OfLoad() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) / (2 * Environment.ProcessorCount);
}
