using System.Diagnostics;

namespace ConfSync.SystemTests;

/// <summary>Waiting for what comes in its own time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns as soon as a condition holds.</summary>
    /// <param name="what">The condition in words, for the failure's message.</param>
    /// <exception cref="TimeoutException">It did not hold in time (30 s unless told).</exception>
    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? timeout = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, timeout);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string, TimeSpan?)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? timeout = null)
    {
        var limit = timeout ?? TimeSpan.FromSeconds(30);
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > limit) throw new TimeoutException($"Not in {limit.TotalSeconds} s: {what}.");
            await Task.Delay(Interval);
        }
    }
}
