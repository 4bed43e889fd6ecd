using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>What every fault in a push to all or none is followed by: all nodes are looked at.</summary>
public abstract class AgreedFaultFixture : FaultFixture
{
    private const string AllAgreed = "ALL HAD AGREED, AND NOT ALL HOLD IT";

    /// <summary>For tests in which every node answers: a busy machine takes its time for a login.</summary>
    protected const string Unhurried = "CONNECT_TIMEOUT=20";

    /// <summary>The primary waits up to 130 s for a silent peer here, perhaps twice: with its first session, and with the one
    /// in which it looks again.</summary>
    protected static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(240);

    /// <summary>Who is held: "decided" is a mark of the primary, the others are the node's.</summary>
    protected static Node Holder(AgreedPush push, Node hurt, string mark) => mark == "decided" ? push.Primary : hurt;

    /// <summary>While the fault lasts: what is said of the others is there to be seen, and of this one if it could be
    /// seen.</summary>
    protected static async Task EnsureTrueAsync(AgreedPush push, Node hurt, Outcome outcome)
    {
        var isNew = IsNew(outcome);
        Assert.That(outcome.ExitCode, Is.Zero.Or.EqualTo(2), outcome.ToString());
        Assert.That(push.IsRecorded, Is.EqualTo(isNew && outcome.ExitCode == 2), $"until all hold it\n{outcome}");
        foreach (var other in push.Peers.Where(peer => peer != hurt)) await push.EnsureAsync(other, isNew);
        var tree = await hurt.TreeAsync("/etc/nginx");
        var held = tree.Where(line => !line.Contains("/.nginx-sync.", StringComparison.Ordinal)).ToList();
        var said = outcome.Err.Split('\n').Where(line => line.Contains($"{hurt.Address}: ", StringComparison.Ordinal)).ToList();
        bool Says(string words) => said.Any(line => line.Contains(words, StringComparison.Ordinal));
        if (outcome.ExitCode == 0) Assert.That(held, Is.EqualTo(push.New), outcome.ToString());
        if (Says("is back in place") || Says("nothing was changed"))
        {
            Assert.That(held, Is.EqualTo(push.Old), outcome.ToString());
        }
        if (Says("COULD NOT BE PUT BACK")) Assert.That(held, Is.Not.EqualTo(push.Old), outcome.ToString());
    }

    /// <summary>The fault is over. The next runs bring nothing else: a settling, and a push that the test rejects, which
    /// begins with a recovery.</summary>
    protected async Task EnsureNoMixtureAsync(AgreedPush push, bool isNew)
    {
        var settled = await push.SettleAsync();
        Assert.That(settled.ExitCode, Is.Zero, settled.ToString());
        push.Primary.Write("/etc/only-here.conf", "");
        push.Primary.Write("/etc/nginx/conf.d/rejected.conf", "include /etc/only-here.conf;\n");
        var rejected = await push.RunAsync();
        Assert.That(rejected.ExitCode, Is.EqualTo(2), rejected.ToString());
        push.Primary.Delete("/etc/nginx/conf.d/rejected.conf");

        await push.EnsureAllAsync(isNew);
        Assert.That(push.IsRecorded, Is.False);
        Ended(isNew);
    }

    /// <summary>Whether a run says that it was decided.</summary>
    protected static bool IsNew(Outcome outcome) =>
        outcome.ExitCode == 0 || outcome.Err.Contains(AllAgreed, StringComparison.Ordinal);
}
