using ConfSync.Protocol;
using ConfSync.Runs;
using ConfSync.Transport;

namespace ConfSync.Tests.Runs;

/// <summary>How many logins are in flight at a time.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LoginsTests
{
    [TestCase(20, 32, 20)]
    [TestCase(40, 32, 32)]
    [TestCase(40, 5, 5)]
    public async Task To_nodes_of_their_own_address_there_are_as_many_as_LOGINS_says(int nodes, int logins, int expected) =>
        Assert.That(await MostAsync(logins, Enumerable.Range(0, nodes).Select(index => $"10.0.0.{index}:22"), expected), Is.EqualTo(expected));

    [TestCase(32, 8)]
    [TestCase(5, 5)]
    public async Task To_one_address_and_through_a_jump_host_there_are_eight_at_most(int logins, int expected)
    {
        Assert.That(await MostAsync(logins, Enumerable.Repeat("10.0.0.1:22", 20), expected), Is.EqualTo(expected));
        Assert.That(await MostAsync(logins, Enumerable.Repeat(default(string), 20), expected), Is.EqualTo(expected));
    }

    [Test]
    public async Task Nodes_that_wait_for_a_jump_host_keep_no_place_of_others()
    {
        var servers = Enumerable.Repeat(default(string), 20).Concat(Enumerable.Range(0, 4).Select(index => $"10.0.0.{index}:22"));
        Assert.That(await MostAsync(12, servers, 12), Is.EqualTo(12));
    }

    /// <summary>The pauses keep the nodes behind a machine that was started again from coming all at once, and again.</summary>
    [Test]
    public void A_node_in_doubt_is_tried_again_after_pauses_that_grow()
    {
        var pauses = Enumerable.Range(1, 50).Select(attempt => Retry.PauseAfter(attempt).TotalSeconds).ToList();

        Assert.That(pauses[0], Is.InRange(0.37, 0.63));
        Assert.That(pauses.Skip(10), Is.All.InRange(3, 5));
        Assert.That(pauses.Skip(10).Distinct().Count(), Is.GreaterThan(10), "they differ");
    }

    // All logins wait until so many are in flight, and then so long that others would come, too, if they were let.
    private static async Task<int> MostAsync(int logins, IEnumerable<string?> servers, int expected)
    {
        using var places = new Logins(logins);
        var (sync, inFlight, most) = (new Lock(), 0, 0);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAll(servers.Select(server => places.ConnectAsync(
            new Way(server), () => new Login(LogInAsync), TimeSpan.FromMinutes(1), CancellationToken.None)));
        return most;

        async Task LogInAsync()
        {
            lock (sync)
            {
                most = Math.Max(most, ++inFlight);
                if (inFlight >= expected) full.TrySetResult();
            }
            await full.Task.WaitAsync(TimeSpan.FromSeconds(20));
            await Task.Delay(50);
            lock (sync) inFlight--;
        }
    }

    private sealed class Way(string? server) : ITransport
    {
        public Task<LoginRoute> RouteAsync(CancellationToken cancellation) => Task.FromResult(new LoginRoute(server));

        public Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class Login(Func<Task> connect) : ILogin
    {
        public Task ConnectAsync(CancellationToken cancellation) => connect();

        public PeerException GivenUp(TimeSpan limit) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
