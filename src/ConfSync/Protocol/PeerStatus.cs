using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ConfSync.Changes;

namespace ConfSync.Protocol;

/// <summary>What a node says of itself besides its files.</summary>
/// <param name="Now">By its own clock.</param>
/// <param name="ClockDifference">How far its clock is ahead of this machine's.</param>
/// <param name="ClockPrecision">The difference may be larger or smaller by so much.</param>
/// <param name="RunsSince">When the running nginx master was started, by the node's own clock; null where none runs.</param>
/// <param name="NginxVersion">Of the process that runs, such as <c>1.26.0</c>; null where none runs, or it did not say.</param>
/// <param name="Generations">Lowest number first; none where the login may not look at them.</param>
/// <param name="Times">When files changed, where that was asked for.</param>
public sealed record PeerStatus(
    DateTimeOffset Now, TimeSpan ClockDifference, TimeSpan ClockPrecision, DateTimeOffset? RunsSince, string? NginxVersion,
    ImmutableArray<Generation> Generations, ChangeTimes? Times);

/// <summary>Puts together what the script's status_answer says (look/status.sh).</summary>
/// <param name="asked">When it was asked, by this machine's clock.</param>
internal sealed partial class StatusReader(DateTimeOffset asked)
{
    private const int LongestVersion = 40;

    // Of two ways to tell when a process was started, in seconds. A clock that was set since the boot is further off.
    private const int MostOff = 2;

    private readonly HistoryReader history = new();
    private DateTimeOffset? now;
    private TimeSpan difference;
    private TimeSpan precision;
    private DateTimeOffset? runsSince;
    private string? version;
    private ChangeTimes? times;

    /// <exception cref="ProtocolException">The answer has no time.</exception>
    public PeerStatus Status => new(
        now ?? throw new ProtocolException("no answer to status"), difference, precision, runsSince, version, history.Generations, times);

    /// <exception cref="ProtocolException">It is no such answer.</exception>
    /// <exception cref="FormatException">A number is none.</exception>
    public void Add(Answer answer)
    {
        switch (answer)
        {
            case { Kind: "status", Tokens: [var seconds, var started, var master, .. var boot] }:
                TakeTime(seconds);
                if (master != "-") runsSince = StartOf(Ticks(master), Ticks(started), boot is [var booted] ? Ticks(booted) : 0);
                break;
            case { Kind: "text", Tokens: ["version", ..] }:
                version = VersionIn(answer.Text);
                break;
            case { Kind: "looked" }:
                times = ChangeTimes.Parse(answer.Tokens);
                break;
            case { Kind: "ok", Tokens: ["history"] }:
                break;
            default:
                history.Add(answer);
                break;
        }
    }

    /// <summary>In the words of <c>nginx -v</c> and its kin: <c>nginx version: nginx/1.26.0 (Ubuntu)</c>.</summary>
    internal static string? VersionIn(string words)
    {
        var found = VersionLine().Matches(words).LastOrDefault()?.Groups["version"].Value;
        return found is { Length: <= LongestVersion } ? found : null;
    }

    // The node's clock was read at some time between the question and its answer.
    private void TakeTime(string seconds)
    {
        var (told, isExact) = ChangeTimes.ReadClock(seconds);
        if (told > DateTimeOffset.MaxValue.ToUnixTimeSeconds()) throw new FormatException("a time that no clock shows");
        now = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds((double)told);
        var half = (DateTimeOffset.UtcNow - asked) / 2;
        // A clock of whole seconds stands half a second behind, on average.
        var rounding = isExact ? TimeSpan.Zero : TimeSpan.FromSeconds(0.5);
        (difference, precision) = (now.Value + rounding - (asked + half), half + rounding);
    }

    // The time of the boot gives the same second each time. lxcfs shows a container its own boot beside its host's start times: where
    // the age of the process contradicts it, the age counts.
    private DateTimeOffset StartOf(long master, long started, long booted)
    {
        var byAge = now!.Value - TimeSpan.FromMilliseconds(10 * (double)(started - master));
        var byBoot = booted + (master / 100);
        return Math.Abs(byAge.ToUnixTimeSeconds() - (double)byBoot) <= MostOff ? DateTimeOffset.FromUnixTimeSeconds(byBoot) : byAge;
    }

    private static long Ticks(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\w+ version: (?:[\w-]+/)?(?<version>[\w.+~-]+)", RegexOptions.Multiline)]
    private static partial Regex VersionLine();
}
