namespace ConfSync.Protocol;

/// <summary>How long one exchange with a session may take, and how many bytes may come in it. So a node that sends slowly,
/// or too much, does not hold up the run.</summary>
/// <param name="Phase">What the time is for, as in "the scan took longer than 135 s".</param>
/// <param name="Time">The time from the request to the complete answer.</param>
/// <param name="Setting">The setting that raises the limit; empty for none.</param>
internal sealed record Limit(string Phase, TimeSpan Time, string Setting)
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>The bytes of the largest scan that is accepted, with the longest names. Names count twice, because find and
    /// sha256sum both print them.</summary>
    public const long MostOfScan = 256 * Mebibyte;

    // The slowest line on which a push is of any use. ssh itself gives up a line that is much slower.
    private const long LeastBytesPerSecond = 8 * 1024;

    // What ssh and the kernels on the way buffer before the node has it: the window of a channel, 2 MiB.
    private const long MostUnderWay = 2 * Mebibyte;

    /// <summary>How many bytes may come.</summary>
    public long Bytes { get; init; } = 4 * Mebibyte;

    /// <summary>Who is waited for, as a message names it.</summary>
    public string Who { get; init; } = "the node";

    /// <summary>How long nothing may be sent or received; null where only the whole time is limited.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>The same limit, raised by the time and the bytes that contents of this size need on a slow line, in either
    /// direction. It also limits silence, because the time is long.</summary>
    public Limit WithContents(long bytes) => this with
    {
        Time = Time + TimeToMove(bytes),
        Silence = Time + TimeToMove(Math.Min(bytes, MostUnderWay)),
        Bytes = Bytes + bytes + (bytes / 2),
    };

    /// <summary>The message when the time is over.</summary>
    /// <param name="received">The number of bytes that had come.</param>
    public string Exceeded(long received)
    {
        var setting = Setting.Length > 0 ? $" ({Setting})" : "";
        return received == 0
            ? $"{Who} is there and said nothing for {Time.TotalSeconds:0} s, the limit for {Phase}{setting}; the session was ended"
            : $"{Phase} took longer than {Time.TotalSeconds:0} s{setting}, although {Who} went on sending ({received} bytes); the session was ended";
    }

    /// <summary>The message when the silence was too long.</summary>
    public string Fallen() =>
        $"{Who} is there, and for {Silence!.Value.TotalSeconds:0} s nothing moved in {Phase}{(Setting.Length > 0 ? $" ({Setting})" : "")}; the session was ended";

    private static TimeSpan TimeToMove(long bytes) => TimeSpan.FromSeconds((double)bytes / LeastBytesPerSecond);
}
