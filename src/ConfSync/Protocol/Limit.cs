namespace ConfSync.Protocol;

/// <summary>How long one exchange with a session may take, whatever comes meanwhile, and how much may come in it. Neither a
/// node that dribbles nor one that floods holds up a run.</summary>
/// <param name="Phase">What the time is for, as in "the scan took longer than 135 s".</param>
/// <param name="Time">From the request to the whole answer.</param>
/// <param name="Setting">What raises it; empty where nothing does.</param>
internal sealed record Limit(string Phase, TimeSpan Time, string Setting)
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>A scan of the most entries that are taken, with the longest names, twice: find and sha256sum name them.</summary>
    public const long MostOfScan = 256 * Mebibyte;

    // The slowest line on which a push is of any use; ssh itself gives up one that is much slower.
    private const long LeastBytesPerSecond = 8 * 1024;

    // What ssh and the kernels on the way take of what is sent before the node has it: a channel's window of 2 MiB.
    private const long MostUnderWay = 2 * Mebibyte;

    /// <summary>How much may come.</summary>
    public long Bytes { get; init; } = 4 * Mebibyte;

    /// <summary>Who takes so long.</summary>
    public string Who { get; init; } = "the node";

    /// <summary>How long nothing may come or be taken; null where only the whole time counts.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>The same with the time and the room that so many bytes need on a slow line, in either direction. They may
    /// take long, so that silence counts as well.</summary>
    public Limit WithContents(long bytes) => this with
    {
        Time = Time + TimeToMove(bytes),
        Silence = Time + TimeToMove(Math.Min(bytes, MostUnderWay)),
        Bytes = Bytes + bytes + (bytes / 2),
    };

    /// <summary>What is said where the time is over.</summary>
    /// <param name="received">What had come by then.</param>
    public string Exceeded(long received)
    {
        var setting = Setting.Length > 0 ? $" ({Setting})" : "";
        return received == 0
            ? $"{Who} is there and said nothing for {Time.TotalSeconds:0} s, the limit for {Phase}{setting}; the session was ended"
            : $"{Phase} took longer than {Time.TotalSeconds:0} s{setting}, although {Who} went on sending ({received} bytes); the session was ended";
    }

    /// <summary>What is said where it was silent for too long.</summary>
    public string Fallen() =>
        $"{Who} is there, and for {Silence!.Value.TotalSeconds:0} s nothing moved in {Phase}{(Setting.Length > 0 ? $" ({Setting})" : "")}; the session was ended";

    private static TimeSpan TimeToMove(long bytes) => TimeSpan.FromSeconds((double)bytes / LeastBytesPerSecond);
}
