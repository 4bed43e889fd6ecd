using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Reports;

namespace ConfSync.Tests.Reports;

/// <summary>A signal is answered with what is waited for, for how long at most, and with what a second one cuts off.</summary>
public sealed class InterruptTextTests
{
    private static readonly SyncConfig Config = new("/etc/nginx-sync.conf")
    {
        ConfirmTimeout = TimeSpan.FromSeconds(30),
        ReloadTimeout = TimeSpan.FromSeconds(60),
        StepTimeout = TimeSpan.FromSeconds(5),
        TestTimeout = TimeSpan.FromSeconds(10),
        HealthCheckTimeout = TimeSpan.FromSeconds(10),
    };

    private static readonly LiveNode[] Live =
        [new(EveryRecord.Node, PushStep.Reload), new(EveryRecord.Node, PushStep.Confirm), new(EveryRecord.Node, PushStep.Resolve)];

    [Test]
    public void What_is_waited_for_is_said_with_its_limit() => Assert.That(new InterruptText(Config).Asked(Live), Is.EqualTo("""
        nginx-sync: interrupted: no other node gets its turn. Waiting until these are whole:
            web1: reloading, 11 min at most
            web1: confirming, 6 min at most
            web1: finding out what it holds, 90 s at most
          The next Ctrl-C ends nginx-sync at once, whatever they are at
        """));

    [Test]
    public void What_is_cut_off_is_said() => Assert.That(InterruptText.CutOff(Live[..2]), Is.EqualTo("""
        nginx-sync: ended at once. Cut off:
            web1: reloading; it undoes by itself what is not confirmed
            web1: confirming; whether it keeps the new configuration is not known: see nginx-sync -C
        """));

    [Test]
    public void Where_nothing_is_live_there_is_nothing_to_wait_for()
    {
        Assert.That(new InterruptText(Config).Asked([]), Does.EndWith("; ending"));
        Assert.That(InterruptText.CutOff([]), Does.Contain("no node had anything live"));
    }

    [Test]
    public void Every_step_has_words_of_its_own() => Assert.That(Enum.GetValues<PushStep>().Select(StepText.Of), Is.Unique);
}
