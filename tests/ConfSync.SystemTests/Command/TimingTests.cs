using System.Globalization;
using System.Text.RegularExpressions;

namespace ConfSync.SystemTests;

/// <summary>--timing: what it says is complete, and adds up.</summary>
public sealed partial class TimingTests
{
    [Test]
    public async Task A_push_names_every_step_and_they_add_up_to_no_more_than_there_was()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure("HEALTHCHECK=true");
        lab.WriteSite("new");
        var outcome = await lab.NginxSyncAsync("--timing");
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Err, Is.Empty);
        var machines = Read(outcome.Out);
        Assert.That(machines.Keys, Is.EquivalentTo(lab.Peers.Select(peer => peer.Address).Append("primary").Append("all")));
        Assert.That(
            machines["primary"].Select(step => step.Name),
            Is.EquivalentTo(["start of the program", "command line, configuration", "nginx -t", "scan", "POSTSYNC", "save"]));
        var total = machines["all"].Single().For;
        foreach (var peer in lab.Peers)
        {
            var steps = machines[peer.Address];
            Assert.That(steps.Select(step => step.Name), Is.SupersetOf([
                "wait for a place", "login", "begin, scan", "wait for the other logins", "wait for the primary", "plan, stage", "test", "wait for the turn",
                "activate", "reload, watched", "health check", "confirm", "close",
            ]));
            Assert.That(steps.Select(step => step.Name), Is.Unique, "nginx is tested once, and not in place as well");
            Assert.That(steps.Sum(step => step.For), Is.LessThanOrEqualTo(total));
            // One after the other, without a gap that would hide something.
            foreach (var (step, next) in steps.Zip(steps.Skip(1))) Assert.That(next.From, Is.EqualTo(step.From + step.For).Within(2));
            Assert.That(steps.Single(step => step.Name == "reload, watched").For, Is.GreaterThan(50));
        }
        Assert.That(Carried().Matches(outcome.Out), Has.Count.EqualTo(2));
        // The script alone is larger.
        Assert.That(Carried().Matches(outcome.Out).Select(match => Number(match, 1)), Is.All.GreaterThan(20000));
        Assert.That(Carried().Matches(outcome.Out).Select(match => Number(match, 3)), Is.All.InRange(1, 8));
    }

    [Test]
    public async Task A_comparison_says_it_too_and_leaves_documents_alone()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        var watched = await lab.NginxSyncAsync("-C", "--timing");
        Assert.That(watched.Err, Is.Empty);
        Assert.That(Read(watched.Out)[lab.Nodes].Select(step => step.Name), Is.SupersetOf(["login", "begin, scan", "compare", "close"]));
        foreach (var options in new string[][] { ["-q"], ["--output", "json"] })
        {
            var outcome = await lab.NginxSyncAsync(["-C", "--timing", .. options]);
            Assert.That(Read(outcome.Err).Keys, Does.Contain(lab.Nodes));
            Assert.That(outcome.Out, Does.Not.Contain("start of the program"));
        }
        Assert.That((await lab.NginxSyncAsync("-C")).Out, Does.Not.Contain("start of the program"));
    }

    private sealed record Step(string Name, double From, double For);

    private static Dictionary<string, List<Step>> Read(string output)
    {
        var machines = new Dictionary<string, List<Step>>();
        var machine = "";
        foreach (var line in output[output.IndexOf("milliseconds ", StringComparison.Ordinal)..].Split('\n').Skip(1))
        {
            if (Row().Match(line) is { Success: true } row)
            {
                if (line.StartsWith("all", StringComparison.Ordinal)) machine = "all";
                if (!machines.TryGetValue(machine, out var steps)) machines[machine] = steps = [];
                steps.Add(new Step(row.Groups[1].Value, Number(row, 2), Number(row, 3)));
            }
            else if (line.Length > 0 && line[0] != ' ')
            {
                machine = line;
            }
        }
        return machines;
    }

    private static double Number(Match match, int group) =>
        double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ *(\S.*?) +([0-9.]+) +([0-9.]+)$")]
    private static partial Regex Row();

    [GeneratedRegex("  ([0-9]+) bytes sent, ([0-9]+) received, ([0-9]+) round trips")]
    private static partial Regex Carried();
}
