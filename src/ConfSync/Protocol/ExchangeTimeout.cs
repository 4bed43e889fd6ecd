using System.Diagnostics;

namespace ConfSync.Protocol;

/// <summary>
/// Ends what is not complete within its <see cref="Limit"/>. Duration counts: what comes a byte at a time would otherwise be
/// waited for without end, and with it all other nodes. Where contents move, which may take long, silence counts as well. A
/// link that is gone shows by ssh's own means (see <see cref="Transport.OpenSsh"/>); this is for a machine that is there.
/// </summary>
/// <param name="end">Ends it: what waits for an answer then sees the end of the stream. Called from another thread.</param>
internal sealed class ExchangeTimeout(Action end) : IDisposable
{
    private readonly Lock sync = new();
    private readonly Stopwatch clock = new();
    private Timer? timer;
    private Limit? limit;
    private long received;

    /// <summary>The limit that was passed; null for none.</summary>
    public PassedLimit? Passed { get; private set; }

    /// <summary>From now on something is expected.</summary>
    /// <param name="expected">Until when; null for no limit.</param>
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

    /// <summary>Something was taken, or came.</summary>
    /// <param name="came">How many bytes.</param>
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
            // It came just in time.
            if (limit is null || timer is null) return;
            var isWhole = limit.Silence is null || clock.Elapsed >= limit.Time - TimeSpan.FromMilliseconds(50);
            Passed = new PassedLimit(isWhole ? limit.Exceeded(received) : limit.Fallen(), CanBeRaised: limit.Setting.Length > 0);
        }
        end();
    }
}

/// <summary>A limit that was passed.</summary>
/// <param name="Words">What to say of it.</param>
/// <param name="CanBeRaised">There is a setting for it, which the words name.</param>
internal sealed record PassedLimit(string Words, bool CanBeRaised);
