using System.Collections.Concurrent;
using System.Diagnostics;

namespace ConfSync.SystemTests;

/// <summary>What became of the requests of a <see cref="SteadyLoad"/>.</summary>
/// <param name="Bodies">How often each body came with status 200.</param>
/// <param name="Failures">What went wrong, and how often: another status, a refused, broken or silent
/// connection.</param>
public sealed record LoadReport(
    int Sent, IReadOnlyDictionary<string, int> Bodies, IReadOnlyDictionary<string, int> Failures)
{
    public int Failed => Failures.Values.Sum();
}

/// <summary>
/// Requests to one node at a steady rate, each over a new connection and independent of the others, so that a server
/// that hangs is not asked less often.
/// </summary>
public sealed class SteadyLoad : IAsyncDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    private readonly ConcurrentDictionary<string, int> bodies = new(), failures = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Uri target;
    private readonly Task sending;
    private int sent;

    private SteadyLoad(Uri target, int perSecond, TimeSpan? timeout = null)
    {
        this.target = target;
        if (timeout is { } limit) client.Timeout = limit;
        client.DefaultRequestHeaders.ConnectionClose = true;
        sending = Task.Run(() => SendAsync(perSecond));
    }

    /// <summary>Starts asking a node.</summary>
    public static SteadyLoad On(Node node, int perSecond, string path = "/", int port = 80) =>
        new(new Uri($"http://{node.Address}:{port}{path}"), perSecond);

    /// <summary>Starts asking an address that moves. A request fails before its client would try it once more, after a second.</summary>
    public static SteadyLoad OnAddress(string address, int perSecond) => new(new Uri($"http://{address}/"), perSecond, TimeSpan.FromSeconds(0.9));

    /// <summary>Returns when so many more requests have been answered with status 200.</summary>
    public Task AnswersAsync(int count)
    {
        var goal = bodies.Values.Sum() + count;
        return Eventually.TrueAsync(() => bodies.Values.Sum() >= goal, $"{count} more requests are answered");
    }

    /// <summary>Returns when a request has failed.</summary>
    public Task FailureAsync() => Eventually.TrueAsync(() => !failures.IsEmpty, "a request fails");

    /// <summary>Sends no more, and waits for the answers that are due.</summary>
    public async Task<LoadReport> StopAsync()
    {
        await stop.CancelAsync();
        await sending;
        return new LoadReport(sent, bodies, failures);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        client.Dispose();
        stop.Dispose();
    }

    private async Task SendAsync(int perSecond)
    {
        var clock = Stopwatch.StartNew();
        var pending = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            for (; sent < clock.Elapsed.TotalSeconds * perSecond; sent++) pending.Add(AskAsync());
            // The shortest there is: between two requests nothing is waited for but the time.
            await Task.Delay(1);
        }
        await Task.WhenAll(pending);
    }

    private async Task AskAsync()
    {
        try
        {
            using var response = await client.GetAsync(target);
            var body = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode) Count(bodies, body);
            else Count(failures, $"status {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            Count(failures, (e.InnerException ?? e).Message);
        }
    }

    private static void Count(ConcurrentDictionary<string, int> counts, string what) =>
        counts.AddOrUpdate(what, 1, (_, count) => count + 1);
}
