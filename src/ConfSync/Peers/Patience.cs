namespace ConfSync.Peers;

/// <summary>
/// Ends what has been silent for too long while something was expected of it. Silence counts, not duration: everything
/// that comes or is taken begins a new count. A link that is gone shows by ssh's own means (see
/// <see cref="Ssh.OpenSsh"/>); this is for a machine that is there and says nothing.
/// </summary>
/// <param name="end">Ends it: what waits for an answer then sees the end of the stream. Called from another thread.</param>
internal sealed class Patience(Action end) : IDisposable
{
    private readonly Lock sync = new();
    private Timer? timer;
    private TimeSpan limit = Timeout.InfiniteTimeSpan;

    /// <summary>The limit that was passed; null for none.</summary>
    public TimeSpan? Passed { get; private set; }

    /// <summary>From now on something is expected.</summary>
    /// <param name="silence">How long it may stay away; infinite for no limit.</param>
    public void Begin(TimeSpan silence)
    {
        lock (sync)
        {
            limit = silence;
            timer ??= new Timer(_ => Pass());
            timer.Change(limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Something came or was taken.</summary>
    public void Extend()
    {
        lock (sync) timer?.Change(limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Nothing is expected any more.</summary>
    public void Finish()
    {
        lock (sync)
        {
            limit = Timeout.InfiniteTimeSpan;
            timer?.Change(limit, Timeout.InfiniteTimeSpan);
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

    private void Pass()
    {
        lock (sync)
        {
            // It came just in time.
            if (limit == Timeout.InfiniteTimeSpan || timer is null) return;
            Passed = limit;
        }
        end();
    }
}
