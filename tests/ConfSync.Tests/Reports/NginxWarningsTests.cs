using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Reports;

namespace ConfSync.Tests.Reports;

/// <summary>A warning that several nodes' nginx prints is said once, with the nodes.</summary>
public sealed class NginxWarningsTests
{
    private const string Passed = "nginx: configuration file /etc/nginx/nginx.conf test is successful";
    private const string Conflict = "conflicting server name \"a\" on 0.0.0.0:80, ignored";

    [Test]
    public void What_is_no_warning_stays_with_the_node() =>
        Assert.That(NginxWarnings.Without($"nginx: [warn] {Conflict}\n{Passed}"), Is.EqualTo(Passed));

    [Test]
    public void Each_is_said_once_with_the_nodes_whatever_the_time_and_the_process()
    {
        var reports = new NodeReport[]
        {
            new NodeReport.Updated(SampleNodes.Of("web1"), [], new NodeTest($"nginx: [warn] {Conflict}\n{Passed}", null), ReloadOutcome.Reloaded),
            new NodeReport.Unchanged(SampleNodes.Of("web2"), $"2026/11/28 07:37:54 [warn] 113#113: {Conflict}\nnginx: [warn] only here\n{Passed}", ReloadOutcome.Reloaded),
            new NodeReport.WouldUpdate(SampleNodes.Of("web3"), [], new NodeTest($"angie: [warn] {Conflict}\nangie: [warn] {Conflict}\n{Passed}", null)),
            new NodeReport.LeftAlone(SampleNodes.Of("web4")),
        };

        Assert.That(NginxWarnings.Lines(reports), Is.EqualTo((string[])
        [
            $"nginx warns on web1, web2 and web3: {Conflict}", "nginx warns on web2: only here",
        ]));
    }

    [Test]
    public void An_error_is_no_warning() => Assert.That(
        NginxWarnings.Without("nginx: [emerg] unknown directive \"[warn]\""), Is.EqualTo("nginx: [emerg] unknown directive \"[warn]\""));
}
