using System.Globalization;

namespace ConfSync.Protocol;

/// <summary>When a node's files last changed, and since when its nginx has run. This is all that is known where no push has
/// recorded what nginx serves.</summary>
/// <param name="NewestChange">The latest ctime of a file or link under CONFPATHS, in seconds since 1970; 0 for none. It is
/// not the modification time, because a push preserves that, as rsync -a does.</param>
/// <param name="Now">The node's clock when it was asked, in seconds since 1970.</param>
/// <param name="IsExact">The times have fractions. busybox prints whole seconds.</param>
/// <param name="Started">The start time of a process that was started at that moment, in 1/100 s since boot.</param>
/// <param name="OldestWorker">The start time of the oldest current worker, in 1/100 s since boot (proc(5), starttime); null
/// where there is no worker.</param>
public sealed record ChangeTimes(decimal NewestChange, decimal Now, bool IsExact, long Started, long? OldestWorker)
{
    // Clock ticks are 10 ms, and two clocks are read one after the other.
    private const decimal Slack = 0.05m;

    /// <summary>Whether a file has changed since the oldest current worker was started, so that this worker cannot know the
    /// change.</summary>
    public bool ChangedSinceStart
    {
        get
        {
            if (OldestWorker is not { } start) return true;
            var started = Now - (Started - start) / 100m;
            // A clock of whole seconds is up to one second late, and so is a ctime of whole seconds.
            return NewestChange > started + (IsExact ? Slack : 1 + Slack);
        }
    }

    /// <summary>Reads the tokens of the answer "looked": NEWEST NOW STARTED OLDEST.</summary>
    /// <exception cref="FormatException">The tokens are something else.</exception>
    internal static ChangeTimes Parse(IReadOnlyList<string> words)
    {
        if (words is not [var newest, var now, var started, var oldest]) throw new FormatException("an answer of other words");
        var (clock, hasFractions) = ReadClock(now);
        return new ChangeTimes(
            Number(newest), clock, hasFractions && newest.Contains('.', StringComparison.Ordinal), long.Parse(started, CultureInfo.InvariantCulture),
            oldest == "-" ? null : long.Parse(oldest, CultureInfo.InvariantCulture));
    }

    /// <summary>What <c>date +%s.%N</c> printed: seconds since 1970, and whether they have fractions. A date that knows no %N
    /// prints something else behind the dot.</summary>
    /// <exception cref="FormatException">It is no time.</exception>
    internal static (decimal Seconds, bool HasFractions) ReadClock(string text)
    {
        var hasFractions = text.Contains('.', StringComparison.Ordinal) && text.All(c => char.IsAsciiDigit(c) || c == '.');
        return (Number(hasFractions ? text : text.Split('.')[0]), hasFractions);
    }

    private static decimal Number(string text) =>
        decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
}
