namespace ConfSync.SystemTests.Faults;

/// <summary>What was done by all programs together, for people.</summary>
internal sealed class ProgramTally
{
    private readonly SortedDictionary<string, (int Count, TimeSpan Time)> counts = new(StringComparer.Ordinal);

    /// <param name="time">How long it took, if that is of interest.</param>
    public void Count(string what, TimeSpan time = default)
    {
        var (count, sum) = counts.GetValueOrDefault(what);
        counts[what] = (count + 1, sum + time);
    }

    public override string ToString() => string.Join('\n', counts.Select(
        pair => $"{pair.Value.Count,6} {pair.Key}{(pair.Value.Time > TimeSpan.Zero ? $", {pair.Value.Time.TotalSeconds:0.0} s" : "")}"));
}

/// <summary>Something was not as the model says.</summary>
public sealed class ProgramFailureException(string message) : Exception(message);
