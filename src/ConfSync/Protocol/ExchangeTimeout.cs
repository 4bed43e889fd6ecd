using System.Diagnostics;

namespace ConfSync.Protocol;

/// <summary>
/// Ends a session if an answer is not complete within its <see cref="Limit"/>. The limit is on the duration, because an
/// answer that comes a byte at a time would otherwise hold up all nodes without end. Where contents are sent, which may
/// take long, there is also a limit on silence. ssh itself detects a dead link (see <see cref="Transport.OpenSsh"/>); this
/// class is for a machine that can be reached.
/// </summary>
/// <param name="end">Ends the session, so that the reader sees the end of the stream. Called from another thread.</param>
internal sealed class ExchangeTimeout(Action end) : IDisposable
{
    private readonly Lock sync = new();
    private readonly Stopwatch clock = new();
    private Timer? timer;
    private Limit? limit;
    private long received;

    /// <summary>The limit that was exceeded; null for none.</summary>
    public PassedLimit? Passed { get; private set; }

    /// <summary>Begins to wait for an answer.</summary>
    /// <param name="expected">The limit for it; null for none.</param>
    public void Begin(Limit? expected)
    {
        lock (sync)
        {
            (limit, received) = (expected, 0);
            clock.Restart();
            if (expected is not null) timer ??= new Timer(_ => Pass());
            SetTimer();
        }
    }

    /// <summary>Records that bytes were sent or received, which ends the silence.</summary>
    /// <param name="came">The number of bytes received.</param>
    public void Extend(int came = 0)
    {
        lock (sync)
        {
            received += came;
            if (limit is { Silence: not null }) SetTimer();
        }
    }

    public void Dispose()
    {
        lock (sync)
        {
            timer?.Dispose();
            timer = null;
        }
    }

    private void SetTimer()
    {
        if (limit is null)
        {
            timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }
        var left = limit.Time - clock.Elapsed;
        if (limit.Silence < left) left = limit.Silence.Value;
        timer?.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Pass()
    {
        lock (sync)
        {
            // The answer came just in time.
            if (limit is null || timer is null) return;
            var isWhole = limit.Silence is null || clock.Elapsed >= limit.Time - TimeSpan.FromMilliseconds(50);
            Passed = new PassedLimit(isWhole ? limit.Exceeded(received) : limit.Fallen(), CanBeRaised: limit.Setting.Length > 0);
        }
        end();
    }
}

/// <summary>A limit that was exceeded.</summary>
/// <param name="Words">The message about it.</param>
/// <param name="CanBeRaised">A setting can raise the limit. The words name it.</param>
internal sealed record PassedLimit(string Words, bool CanBeRaised);
