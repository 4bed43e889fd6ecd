using ConfSync.Events;
using ConfSync.Reports;

namespace ConfSync.Tests.Reports;

/// <summary>What a terminal shows while nodes are at work.</summary>
public sealed class StatusTextTests
{
    private static readonly NodeStatus[] Nodes =
    [
        new(SampleNodes.Of("web1"), PushStep.Reload, TimeSpan.FromSeconds(3.9)), new(SampleNodes.Of("web22"), null, TimeSpan.Zero),
        new(SampleNodes.Of("web3"), PushStep.Wait, TimeSpan.FromSeconds(70)),
    ];

    [Test]
    public void A_line_for_each_node_where_all_fit_and_then_the_sum() => Assert.That(
        StatusText.Lines(Nodes, finished: 2, all: 4, TimeSpan.FromSeconds(75), height: 4), Is.EqualTo((string[])
        [
            "  web1   reloading             3 s",
            "  web22  finished              0 s",
            "  web3   waiting for its turn  70 s",
            "2/4 nodes, 75 s",
        ]));

    [Test]
    public void One_line_where_they_do_not_fit() => Assert.That(
        StatusText.Lines(Nodes, finished: 2, all: 4, TimeSpan.FromSeconds(75), height: 3),
        Is.EqualTo(["2/4 nodes, 75 s; waiting for its turn web3; reloading web1; finished web22"]));
}
