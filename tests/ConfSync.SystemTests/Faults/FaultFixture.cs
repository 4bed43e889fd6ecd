using System.Globalization;

namespace ConfSync.SystemTests.Faults;

/// <summary>
/// What every fault is followed by: the peer is looked at. With NGINX_SYNC_FAULTS=FILE, a line is written there for each
/// test: fault, step, how it ended, requests sent, requests lost, result; separated by tabs. With NGINX_SYNC_SOAK=N, every
/// fault meets every step, N times; otherwise only those that stand for the others, since each takes seconds.
/// </summary>
public abstract class FaultFixture
{
    /// <summary>The marks of a push that succeeds, in their order (docs/protocol.md).</summary>
    protected internal static readonly string[] Steps =
        ["staging", "staged", "tested", "kept", "activating", "arrived", "active", "signalled", "verified", "confirmed", "finishing"];

    private static readonly Lock Writing = new();

    private string fault = "", step = "", ended = "";
    private int sent, lost;

    /// <summary>What is tested: a few cases, or under NGINX_SYNC_SOAK all of them, repeated.</summary>
    protected static IEnumerable<object[]> Cases(IEnumerable<object[]> few, IEnumerable<object[]> all)
    {
        if (Repetitions is not { } times) return few;
        return from each in all from number in Enumerable.Range(0, times) select each;
    }

    /// <summary>How often under NGINX_SYNC_SOAK; null without.</summary>
    protected static int? Repetitions { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("NGINX_SYNC_SOAK"), out var times) ? times : null;

    [TearDown]
    public void Record()
    {
        if (Environment.GetEnvironmentVariable("NGINX_SYNC_FAULTS") is not { Length: > 0 } file || fault.Length == 0) return;
        var result = TestContext.CurrentContext.Result.Outcome.Status;
        lock (Writing)
        {
            File.AppendAllText(file, string.Create(
                CultureInfo.InvariantCulture, $"{fault}\t{step}\t{ended}\t{sent}\t{lost}\t{result}\n"));
        }
    }

    protected Task<FaultedPush> HeldAtAsync(string atStep, object fault, FaultSetting? setting = null)
    {
        Meets(atStep, fault);
        return FaultedPush.HeldAtAsync(atStep, setting);
    }

    /// <summary>What this test's line is to say.</summary>
    protected void Meets(string atStep, object fault) => (this.fault, step) = ($"{fault}", atStep);

    /// <inheritdoc cref="Meets"/>
    protected void Ended(bool isNew) => ended = isNew ? "new" : "old";

    /// <returns>Whether the peer holds the new configuration.</returns>
    protected async Task<bool> EnsureWholeAsync(FaultedPush push)
    {
        var tree = await push.TreeAsync();
        var isNew = !tree.SequenceEqual(push.Old);
        if (isNew) Assert.That(tree, Is.EqualTo(await push.NewAsync()), "all of the new configuration, or all of the old");
        Assert.That((await push.Peer.RunAsync("nginx", "-t")).ExitCode, Is.Zero);
        Assert.That((await push.Peer.HttpGetAsync()).Body, Is.EqualTo(isNew ? "new\n" : "old\n"), "it serves what it holds");
        Ended(isNew);
        return isNew;
    }

    protected static async Task EnsureConvergesAsync(FaultedPush push)
    {
        var next = await push.RunAsync();
        Assert.That(next.ExitCode, Is.Zero, next.ToString());
        Assert.That(await push.TreeAsync(), Is.EqualTo(await push.NewAsync()));
        Assert.That((await push.Peer.HttpGetAsync()).Body, Is.EqualTo("new\n"));
        Assert.That(push.Peer.Exists("/var/lib/nginx-sync/transaction"), Is.False);
    }

    protected async Task EnsureNothingLostAsync(SteadyLoad load)
    {
        var report = await load.StopAsync();
        (sent, lost) = (report.Sent, report.Failed);
        Assert.That(report.Failures, Is.Empty, "no request was lost");
    }
}
