using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ConfSync.Inventory;

namespace ConfSync.Configuration;

/// <summary>What the checks of a cluster's members look at.</summary>
/// <param name="Track">The services that the definition tracks instead of them.</param>
/// <param name="Kept">The names of the checks that the definition passes through, since they look at something else.</param>
internal sealed partial record KeepalivedChecks(ImmutableArray<TrackedService> Track, ImmutableHashSet<string> Kept, ImmutableArray<ConfigurationProblem> Problems)
{
    private const string Url = "http://127.0.0.1/";

    public static KeepalivedChecks Of(IReadOnlyCollection<KeepalivedMember> members)
    {
        var found = members.SelectMany(member => Tracked(member).Select(script => CheckWords.Of(member, script))).ToList();
        var track = found.Select(check => check.Service).OfType<TrackedService>().DistinctBy(service => service.Name);
        var kept = found.Where(check => check.IsKept).Select(check => check.Script.Value);
        return new KeepalivedChecks([.. track], [.. kept], [.. found.SelectMany(check => check.Problems())]);
    }

    private static IEnumerable<KeepalivedStatement> Tracked(KeepalivedMember member) =>
        member.Instances.SelectMany(instance => instance.Tracks).Distinct().Select(member.Scripts.GetValueOrDefault).OfType<KeepalivedStatement>();

    /// <summary>A check, with what it runs.</summary>
    /// <param name="Command">As keepalived runs it.</param>
    /// <param name="Text">The same, with the text of the program where that was read.</param>
    private sealed record CheckWords(KeepalivedStatement Script, string Command, string Text)
    {
        public static CheckWords Of(KeepalivedMember member, KeepalivedStatement script)
        {
            var words = script.Inner.LastOrDefault(one => one.Keyword == "script")?.Words ?? [];
            var command = string.Join(' ', words.Skip(1));
            // A program that is no script may hold anything.
            var text = member.Source.Files.GetValueOrDefault(command.Split(' ')[0]) is ['#', '!', ..] found ? found : "";
            return new CheckWords(script, command, $"{command}\n{text}");
        }

        private string? Requested => Request().Match(Text) is { Success: true } request ? request.Value : null;

        // The name of a program counts only where it is one for checking: it may also be one for something else.
        private bool LooksForProcess => Process().IsMatch(Text) || Named().IsMatch(Command);

        private string? Subject =>
            Command.StartsWith($"{KeepalivedFiles.CheckPath} ", StringComparison.Ordinal) ? KeepalivedFiles.TrackedBy(Script.Value)
            : (Text + Script.Value).Contains("haproxy", StringComparison.OrdinalIgnoreCase) ? "haproxy"
            : (Text + Script.Value).Contains("nginx", StringComparison.OrdinalIgnoreCase) ? "nginx" : null;

        /// <summary>Null where no service is certain.</summary>
        public TrackedService? Service =>
            Requested is { } url ? new TrackedService(Subject ?? Script.Value, url)
            : LooksForProcess && Subject == "nginx" ? new TrackedService("nginx", Url) : null;

        private bool IsOfHAProxy => Requested is null && LooksForProcess && Subject == "haproxy";

        public bool IsKept => Service is null && !IsOfHAProxy;

        public IEnumerable<ConfigurationProblem> Problems()
        {
            if (IsKept) yield break;
            if (Requested is null)
            {
                yield return Problem($"{Quoted.Of(Command)} looks for a process and requests nothing: it also succeeds where {Subject} takes no requests any more. " +
                    (IsOfHAProxy ? "The definition does not track HAProxy: add haproxy=http://127.0.0.1:PORT/ to TRACK"
                    : $"TRACK requests {Url} instead: nginx must answer there"));
            }
            if (Stops().IsMatch(Text)) yield return Problem($"{Quoted.Of(Command)} stops keepalived, which is not there any more when {Subject} is back");
            if (Script.Inner.LastOrDefault(one => one.Keyword == "weight") is { Value: not "0" } weight)
            {
                yield return new ConfigurationProblem(weight.File, weight.Line, $"with a weight, a failure moves the addresses seconds later than without one, and the definition has none", IsWarning: true);
            }
        }

        private ConfigurationProblem Problem(string message) => new(Script.File, Script.Line, message, IsWarning: true);
    }

    [GeneratedRegex(@"http://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/?&=%+-]*)?(?=[\s""']|$)", RegexOptions.Multiline)]
    private static partial Regex Request();

    [GeneratedRegex(@"\b(pidof|killall|pgrep|kill -0|is-active)\b|\.pid\b|\b(service|systemctl|rc-service)\b.*\bstatus\b|\bps -")]
    private static partial Regex Process();

    [GeneratedRegex(@"ch(ec)?k[^/]*$|check$")]
    private static partial Regex Named();

    [GeneratedRegex(@"\b(systemctl|service|rc-service|init\.d)\b.*\b(stop\s+keepalived|keepalived\s+stop)|\b(pkill|killall)\s+(-\S+\s+)*keepalived\b")]
    private static partial Regex Stops();
}
