using System.Diagnostics;
using System.Globalization;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Reports;

/// <summary>What <c>--timing</c> shows. Pure.</summary>
public static class TimingText
{
    private const int NameWidth = 30;

    /// <summary>A table in milliseconds: when each step began, counted from the start of the program, and how long it
    /// took.</summary>
    /// <param name="startUp">From the start of the program to the timeline's.</param>
    /// <param name="total">From the timeline's start to now.</param>
    /// <param name="nodes">In the order in which they are to be shown.</param>
    public static IEnumerable<string> Lines(
        TimeSpan startUp, TimeSpan total, IEnumerable<StepTime> steps, IEnumerable<Node> nodes,
        IReadOnlyDictionary<Node, Traffic> traffic, IReadOnlyDictionary<Node, TestedNginx>? tested = null,
        IReadOnlyDictionary<Node, LoginWay>? logins = null)
    {
        var byNode = steps.OrderBy(step => step.Began).ToLookup(step => step.Node);
        yield return Row("milliseconds", "from", "for");
        yield return "primary";
        yield return Row("  start of the program", Milliseconds(TimeSpan.Zero), Milliseconds(startUp));
        foreach (var step in byNode[null]) yield return RowOf(step, startUp);
        foreach (var node in nodes)
        {
            yield return node.ToString();
            foreach (var step in byNode[node]) yield return RowOf(step, startUp);
            if (logins?.GetValueOrDefault(node) is { } login) yield return $"  {Of(login)}";
            if (tested?.GetValueOrDefault(node) is { } nginx) yield return $"  nginx: {nginx}";
            if (traffic.GetValueOrDefault(node) is { } carried)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {carried.Sent} bytes sent, {carried.Received} received, {carried.RoundTrips} round trips");
            }
        }
        yield return Row("all", Milliseconds(TimeSpan.Zero), Milliseconds(startUp + total));
    }

    private static string RowOf(StepTime step, TimeSpan startUp) =>
        Row($"  {Of(step.Step)}", Milliseconds(startUp + step.Began), Milliseconds(step.Ended - step.Began));

    /// <summary>As the table names it.</summary>
    public static string Of(TimedStep step) => step switch
    {
        TimedStep.Configuration => "command line, configuration",
        TimedStep.PrimaryTest => "nginx -t",
        TimedStep.PrimaryScan => "scan",
        TimedStep.PostSync => "POSTSYNC",
        TimedStep.Save => "save",
        TimedStep.WaitForPlace => "wait for a place",
        TimedStep.Login => "login",
        TimedStep.Scan => "begin, scan",
        TimedStep.WaitForLogins => "wait for the other logins",
        TimedStep.WaitForPrimary => "wait for the primary",
        TimedStep.Stage => "plan, stage",
        TimedStep.Test => "test",
        TimedStep.WaitForTurn => "wait for the turn",
        TimedStep.Activate => "activate",
        TimedStep.Reload => "reload, watched",
        TimedStep.HealthCheck => "health check",
        TimedStep.FindOut => "find out",
        TimedStep.Confirm => "confirm",
        TimedStep.Close => "close",
        TimedStep.WaitForPlaceToLook => "wait for a place to look",
        TimedStep.Compare => "compare",
        TimedStep.LookAtNginx => "look at nginx",
        TimedStep.ReadContents => "contents",
        _ => throw new UnreachableException(),
    };

    /// <summary>As the table and <c>-r</c> say it.</summary>
    public static string Of(LoginWay login) => login.Reason is { } reason ? $"login by ssh: {reason}" : "login in the process";

    private static string Row(string name, string from, string length) => $"{name.PadRight(NameWidth)}{from,9}{length,9}";

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture);
}
